import { refang } from "./refang.ts";

/** A value as it was meant, and what was done to it, in words. */
export interface ValueRepair {
  readonly value: string;
  readonly repairs: readonly string[];
}

interface Step {
  readonly what: string;
  readonly apply: (value: string) => string;
}

const ANYWHERE: readonly Step[] = [
  { what: "quotes around it taken off", apply: unquote },
  { what: "doubled backslashes made single", apply: singleBackslashes },
];

const IN_NETWORKS: readonly Step[] = [
  { what: "invisible characters taken out", apply: (value) => value.replace(INVISIBLE, "") },
  { what: "quotes around it taken off", apply: unquote },
  { what: "full-width characters made plain", apply: narrow },
  { what: "what made it harmless taken off", apply: refang },
];

/** Zero-width spaces and joiners, marks of direction, the byte-order mark, and the soft hyphen. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;
/** A path or key, or a name that turns its direction around to hide its ending: what stands in it is meant. */
const OF_A_HOST = /[\\\u202A-\u202E\u2066-\u2069]/;

/**
 * Repairs the usual damage of a value that was copied from a page or a mail. In names of files, commands and keys any sign may be
 * meant, so these keep all but what surely is none of theirs: `isText` says that a value is one, else it is told by backslashes.
 */
export function repairValue(given: string, isText = OF_A_HOST.test(given)): ValueRepair {
  let value = given;
  const repairs: string[] = [];
  for (const { what, apply } of isText ? ANYWHERE : IN_NETWORKS) {
    const next = apply(value);
    if (next === value || next === "") continue;
    value = next;
    repairs.push(what);
  }
  return { value, repairs };
}

const ENDING =
  /\.(?:exe|dll|sys|scr|bat|ps1|vbs|js|hta|lnk|msi|jar|docx?|xlsx?|pptx?|pdf|zip|rar|txt)$/i;

/** Full-width forms of ASCII, the ideographic full stops and space, as a keyboard for Japanese gives them; not in names of files. */
function narrow(value: string): string {
  const plain = value
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u3002\uFF61]/g, ".")
    .replace(/[\u3000\u00A0]/g, " ")
    .trim();
  return /^[\x21-\x7E]+$/.test(plain) && !ENDING.test(plain) ? plain : value;
}

/** Straight and typographic quotes that stand at both ends. */
function unquote(value: string): string {
  return (
    /^["'`\u2018\u201C\u00AB]([^"'`\u2018-\u201F]+)["'`\u2019\u201D\u00BB]$/
      .exec(value)?.[1]
      ?.trim() ?? value
  );
}

/** `C:\\Users\\a.exe`, as JSON or a programming language writes it: only where each backslash of a path or key is doubled. */
function singleBackslashes(value: string): string {
  const isPlace = /^(?:[a-z]:|%\w+%|HK[A-Z_]+)\\\\/i.test(value);
  return isPlace && !/(?<!\\)(?:\\\\)*\\(?!\\)/.test(value)
    ? value.replaceAll("\\\\", "\\")
    : value;
}
