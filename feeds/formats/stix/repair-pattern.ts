/** A repaired pattern, and what was done to it, in words. */
export interface PatternRepair {
  readonly pattern: string;
  readonly repairs: readonly string[];
}

interface Step {
  readonly what: string;
  /** Changes the whole text. */
  readonly apply: (text: string) => string;
}

const STEPS: readonly Step[] = [
  { what: "smart quotes made straight", apply: straightenQuotes },
  {
    what: "full-width and invisible characters outside of literals made plain",
    apply: (text) => outside(text, narrow),
  },
  { what: "escaped quotes freed of their backslash", apply: freeQuotes },
  { what: "double quotes around literals made single", apply: singleQuotes },
  { what: "STIX 2.0 START and STOP literals made timestamps", apply: timestampLiterals },
  { what: "hash names with a hyphen quoted", apply: (text) => outside(text, quoteHyphens) },
  { what: "backslashes in literals escaped", apply: (text) => inside(text, escapeBackslashes) },
];

/** Longest pattern that is repaired: each step walks through all of it. */
export const MAX_REPAIRED_LENGTH = 100_000;

/**
 * Repairs the usual damage of a pattern that does not parse; `parses` decides. Tries each step on what the steps before it
 * left and stops as soon as the text parses. Gives undefined where nothing helps. Only call it for a pattern that fails: in a
 * good one a smart quote is content.
 */
export function repairPattern(
  text: string,
  parses: (text: string) => boolean,
): PatternRepair | undefined {
  if (text.length > MAX_REPAIRED_LENGTH) return undefined;
  let pattern = text;
  const repairs: string[] = [];
  for (const step of STEPS) {
    const next = step.apply(pattern);
    if (next === pattern) continue;
    pattern = next;
    repairs.push(step.what);
    if (parses(pattern)) return { pattern, repairs };
  }
  return undefined;
}

/** A literal: quote, then anything but a quote, where a backslash takes its neighbour with it; the same in one that is broken. */
const LITERAL = /'(?:[^'\\]|\\[\s\S])*'/g;

function inside(text: string, change: (literal: string) => string): string {
  return text.replace(LITERAL, (literal) => `'${change(literal.slice(1, -1))}'`);
}

function outside(text: string, change: (code: string) => string): string {
  let out = "";
  let end = 0;
  for (const literal of text.matchAll(LITERAL)) {
    out += change(text.slice(end, literal.index)) + literal[0];
    end = literal.index + literal[0].length;
  }
  return out + change(text.slice(end));
}

function straightenQuotes(text: string): string {
  return text.replace(
    /[\u2018\u2019\u201A\u201B\u2032\uFF07\u201C\u201D\u201E\u201F\u2033\uFF02\u00B4`]/g,
    "'",
  );
}

function narrow(code: string): string {
  return code
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u00A0\u2000-\u200A\u3000]/g, " ")
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, "");
}

function freeQuotes(text: string): string {
  // Over-escaped by one layer of JSON: the opening quote of a literal carries a backslash, which no good pattern has.
  return /(?:=|\(|,|\s|LIKE|MATCHES|ISSUBSET|ISSUPERSET)\\'/.test(text)
    ? text.replaceAll("\\'", "'")
    : text;
}

function singleQuotes(text: string): string {
  return outside(text, (code) =>
    code.replace(/\\?"((?:[^"'\\]|\\[^"])*)\\?"/g, (_, content: string) => `'${content}'`),
  );
}

function timestampLiterals(text: string): string {
  return text.replace(/\b(START|STOP)(\s+)'(\d{4}-\d\d-\d\dT[\d:.]+Z)'/g, "$1$2t'$3'");
}

function quoteHyphens(code: string): string {
  return code.replace(/\.(\w+(?:-\w+)+)/g, ".'$1'");
}

function escapeBackslashes(content: string): string {
  return content.replace(/\\(\\|')|\\/g, (whole, kept: string | undefined) =>
    kept === undefined ? "\\\\" : whole,
  );
}
