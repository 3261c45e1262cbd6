import { StixError } from "../errors.ts";
import type { Comparison, Literal } from "../pattern/ast.ts";
import { containment, contains, isSingle, parseAddress, withoutZone } from "../value/address.ts";
import { bytesOfBase64, bytesOfHex, isByteText } from "../value/bytes.ts";
import { foldCase, plainDots } from "../value/fold.ts";
import {
  canonicalText,
  likeSpellings,
  matchSpellings,
  textKindOf,
  type TextKind,
} from "../value/spellings.ts";
import { compareInstants, parseTimestamp } from "../value/timestamp.ts";
import { likePrefilter, likeToTest } from "./like.ts";
import type { MatchOptions } from "./observation.ts";

/** Object types whose texts differ by case in observable mode too. */
const CASE_MATTERS: ReadonlySet<string> = new Set(["url", "artifact", "email-message"]);

type ValueTest = (value: unknown) => boolean;

/** Makes the test of one comparison on one value, negation not applied. EXISTS is not a test of a value. */
export function valueTest(comparison: Comparison, options: MatchOptions): ValueTest {
  const test = textTest(comparison, options);
  const decode = decoderOf(comparison);
  return decode === undefined
    ? test
    : (value) => test(typeof value === "string" ? decode(value) : value);
}

/** How a property that holds binary data is written: `…_bin` in base64, `…_hex` in hexadecimal (STIX 2.1 §2.1, §2.8). */
export function decoderOf({ path }: Comparison): ((text: string) => string) | undefined {
  const last = path.steps.findLast((step) => step.kind === "key")?.name ?? "";
  if (last.endsWith("_bin")) return (text) => bytesOfBase64(text) ?? text;
  if (last.endsWith("_hex")) return (text) => bytesOfHex(text) ?? text;
  return undefined;
}

function textTest(comparison: Comparison, options: MatchOptions): ValueTest {
  const [literal] = comparison.literals;
  switch (comparison.operator) {
    case "=":
    case "IN":
      return equalsAny(comparison, options);
    case "!=": {
      const equal = equalsAny(comparison, options);
      return (value) => !equal(value);
    }
    case "<":
      return ordered(literal, (order) => order < 0);
    case "<=":
      return ordered(literal, (order) => order <= 0);
    case ">":
      return ordered(literal, (order) => order > 0);
    case ">=":
      return ordered(literal, (order) => order >= 0);
    case "LIKE":
      return like(comparison, options);
    case "MATCHES":
      return matches(comparison, options);
    case "ISSUBSET":
      return subset(textOf(literal), foldsCase(comparison, options) ? hostText : asWritten);
    case "ISSUPERSET":
      return superset(textOf(literal), foldsCase(comparison, options) ? hostText : asWritten);
    case "EXISTS":
      return (value) => value !== undefined;
  }
}

function textOf(literal: Literal | undefined): string {
  return literal?.kind === "string" ? literal.value : "";
}

/** Whether texts of this object type are compared as Windows does. */
export function foldsCase(comparison: Comparison, options: MatchOptions): boolean {
  return options.mode === "observable" && !CASE_MATTERS.has(comparison.path.objectType);
}

function equalsAny(comparison: Comparison, options: MatchOptions): ValueTest {
  // Of many texts, one form of the value is looked up: it is not made anew for each.
  const isPlain = (literal: Literal): boolean =>
    literal.kind === "string" && !meansMany(comparison, literal.value, options);
  const texts = comparison.literals.filter(isPlain);
  const others =
    texts.length < 2 ? comparison.literals : comparison.literals.filter((one) => !isPlain(one));
  const tests = others.map((literal) => equals(comparison, literal, options));
  if (texts.length > 1) tests.push(isAmong(comparison, texts.map(textOf), options));
  const [only] = tests;
  return tests.length === 1 && only !== undefined
    ? only
    : (value) => tests.some((test) => test(value));
}

/** Whether a text stands for more than its own spellings: a range, or a domain and those below it. */
function meansMany(comparison: Comparison, text: string, options: MatchOptions): boolean {
  return (
    foldsCase(comparison, options) &&
    (rangeOf(text) !== undefined || meansSubdomains(comparison, options))
  );
}

function isAmong(
  comparison: Comparison,
  texts: readonly string[],
  options: MatchOptions,
): ValueTest {
  if (!foldsCase(comparison, options)) {
    const wanted = new Set(texts);
    return (value) => typeof value === "string" && wanted.has(value);
  }
  const kind = textKindOf(comparison.path);
  const wanted = new Set(texts.map((text) => canonicalText(text, kind)));
  return (value) => typeof value === "string" && wanted.has(canonicalText(value, kind));
}

function equals(comparison: Comparison, literal: Literal, options: MatchOptions): ValueTest {
  switch (literal.kind) {
    case "integer":
    case "float": {
      // A number of JSON is rounded beyond 2^53, so the literal is rounded alike; a BigInt is compared exactly.
      const exact = literal.value;
      const wanted = Number(exact);
      return (value) =>
        value === wanted ||
        // oxlint-disable-next-line eqeqeq -- a BigInt may be the same number as one that is none
        (typeof value === "bigint" && value == exact);
    }
    case "boolean":
      return (value) => value === literal.value;
    case "timestamp": {
      const wanted = parseTimestamp(literal.value);
      return (value) => {
        const instant = typeof value === "string" ? parseTimestamp(value) : undefined;
        return (
          instant !== undefined && wanted !== undefined && compareInstants(instant, wanted) === 0
        );
      };
    }
    case "hex":
    case "binary": {
      const wanted = bytesOf(literal);
      return (value) => value === wanted;
    }
    case "string":
      return foldsCase(comparison, options)
        ? observableEquals(comparison, literal.value, options)
        : literalEquals(literal.value);
  }
}

function literalEquals(literal: string): ValueTest {
  return (value) => value === literal;
}

function observableEquals(
  comparison: Comparison,
  literal: string,
  options: MatchOptions,
): ValueTest {
  const range = rangeOf(literal);
  if (range !== undefined) {
    const isInside = containment(range, hostText);
    return (value) => typeof value === "string" && isInside(value);
  }
  const kind = textKindOf(comparison.path);
  const wanted = canonicalText(literal, kind);
  if (meansSubdomains(comparison, options)) {
    const suffix = `.${wanted}`;
    return (value) => {
      const key = typeof value === "string" ? canonicalText(value, kind) : undefined;
      return key !== undefined && (key === wanted || key.endsWith(suffix));
    };
  }
  return (value) => typeof value === "string" && canonicalText(value, kind) === wanted;
}

/** The range that a literal such as `10.0.0.0/8` stands for; undefined for a single address or other text. */
export function rangeOf(literal: string): ReturnType<typeof parseAddress> {
  const range = literal.includes("/") ? parseAddress(withoutZone(literal)) : undefined;
  return range === undefined || isSingle(range) ? undefined : range;
}

/** Whether a domain also stands for the names below it. */
export function meansSubdomains(comparison: Comparison, options: MatchOptions): boolean {
  return options.subdomains === true && comparison.path.objectType === "domain-name";
}

function ordered(literal: Literal | undefined, accepts: (order: number) => boolean): ValueTest {
  if (literal?.kind === "integer" || literal?.kind === "float") {
    const exact = literal.value;
    const wanted = Number(exact);
    return (value) =>
      typeof value === "number"
        ? accepts(value - wanted)
        : typeof value === "bigint" && accepts(value < exact ? -1 : value > exact ? 1 : 0);
  }
  if (literal?.kind === "timestamp") {
    const wanted = parseTimestamp(literal.value);
    return (value) => {
      const instant = typeof value === "string" ? parseTimestamp(value) : undefined;
      return (
        instant !== undefined && wanted !== undefined && accepts(compareInstants(instant, wanted))
      );
    };
  }
  if (literal?.kind === "string") {
    return (value) => typeof value === "string" && accepts(compareText(value, literal.value));
  }
  if (literal?.kind === "hex" || literal?.kind === "binary") {
    const wanted = bytesOf(literal);
    return (value) =>
      typeof value === "string" && isByteText(value) && accepts(compareText(value, wanted));
  }
  return () => false;
}

function bytesOf(literal: Literal & { readonly kind: "hex" | "binary" }): string {
  return (literal.kind === "hex" ? bytesOfHex : bytesOfBase64)(literal.value) ?? literal.value;
}

/** Orders texts by code point; JavaScript orders by UTF-16 unit, which puts U+1F600 before U+FF5E. */
function compareText(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) {
    i += 1;
  }
  const isInside = i > 0 && /[\ud800-\udbff]/.test(a[i - 1] as string);
  const at = isInside ? i - 1 : i; // never between the halves of one letter
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

function like(comparison: Comparison, options: MatchOptions): ValueTest {
  const pattern = textOf(comparison.literals[0]);
  if (!foldsCase(comparison, options)) {
    const wanted = pattern.normalize("NFC");
    const test = likeToTest(wanted);
    const piece = likePrefilter(wanted) ?? "";
    return (value) =>
      typeof value === "string" && value.includes(piece) && test(value.normalize("NFC"));
  }
  const kind = textKindOf(comparison.path);
  const test = likeToTest(foldLike(pattern, kind));
  return (value) => typeof value === "string" && likeSpellings(value, kind).some(test);
}

/** A LIKE pattern as it is compared in observable mode. */
export function foldLike(pattern: string, kind: TextKind): string {
  const folded = foldCase(pattern);
  switch (kind) {
    case "path":
      return folded.replaceAll("/", "\\").replace(/\\\\+/g, "\\");
    case "host":
      return plainDots(folded).replace(/(?<=[^.])\.+$/, "");
    case "text":
      return folded;
  }
}

function matches(comparison: Comparison, options: MatchOptions): ValueTest {
  const { regex } = options;
  const source = textOf(comparison.literals[0]);
  if (regex === undefined) {
    throw new StixError("stix/regex-engine-missing", "a pattern with MATCHES needs options.regex");
  }
  let compiled: { test(text: string): boolean };
  try {
    compiled = regex(source.normalize("NFC"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StixError("stix/regex-unsupported", `MATCHES '${source.slice(0, 200)}': ${reason}`, {
      cause: error,
    });
  }
  if (!foldsCase(comparison, options)) {
    return (value) => typeof value === "string" && compiled.test(value.normalize("NFC"));
  }
  const kind = textKindOf(comparison.path);
  return (value) =>
    typeof value === "string" && matchSpellings(value, kind).some((text) => compiled.test(text));
}

type Reading = (text: string) => string;

const asWritten: Reading = (text) => text;

/** An address as observable mode reads it: without a zone, ideographic full stops as dots. */
const hostText: Reading = (text) => withoutZone(plainDots(text));

function subset(literal: string, read: Reading): ValueTest {
  const range = parseAddress(read(literal));
  if (range === undefined) return () => false;
  const isInside = containment(range, read);
  return (value) => typeof value === "string" && isInside(value);
}

function superset(literal: string, read: Reading): ValueTest {
  const wanted = parseAddress(read(literal));
  return (value) => {
    const range = typeof value === "string" ? parseAddress(read(value)) : undefined;
    return wanted !== undefined && range !== undefined && contains(range, wanted);
  };
}
