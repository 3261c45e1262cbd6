import { isSingle, parseAddress, withoutZone } from "./address.ts";
import { isAscii, toAsciiDomain } from "./punycode.ts";

/** The spellings of each registry hive, as Windows and its tools write them; the first is the form that is compared. */
const HIVES: readonly (readonly string[])[] = [
  ["HKLM\\", "HKEY_LOCAL_MACHINE\\", "\\REGISTRY\\MACHINE\\"],
  ["HKCU\\", "HKEY_CURRENT_USER\\"],
  ["HKU\\", "HKEY_USERS\\", "\\REGISTRY\\USER\\"],
  ["HKCR\\", "HKEY_CLASSES_ROOT\\"],
];
const LONG_HIVES: readonly (readonly [long: string, short: string])[] = HIVES.flatMap(
  ([short = "", ...others]) =>
    others.map((long) => [long.toLowerCase(), short.toLowerCase()] as const),
);

/** A registry key under each name of its hive; none where the text does not begin with a hive. */
export function hiveSpellings(text: string): readonly string[] {
  const start = text.slice(0, LONGEST_HIVE).toLowerCase();
  for (const names of HIVES) {
    const found = names.find((name) => start.startsWith(name.toLowerCase()));
    if (found !== undefined) return names.map((name) => name + text.slice(found.length));
  }
  return [];
}

const LONGEST_HIVE = 24;

/** Folds a text to what Windows tells apart: NFC, lower case, single backslashes. */
export function foldCase(text: string): string {
  const folded = isAscii(text) ? text.toLowerCase() : foldUnicode(text);
  return folded.includes("\\\\") ? folded.replace(/\\\\+/g, "\\") : folded;
}

/**
 * Folds a text that has no spellings but those of case: ASCII, no address, no registry hive by its long name, no
 * domain name in Punycode, no slash or doubled backslash, and nothing at either end that could be left out.
 * undefined: the text must be looked at more closely.
 */
export function foldPlain(text: string): string | undefined {
  const [first, last] = [text[0], text[text.length - 1]];
  if (first === "\\" || first === "{" || last === "\\" || last === ".") return undefined;
  if (text.includes("/") || text.includes("\\\\") || !isAscii(text)) return undefined;
  if (LIKE_ADDRESS.test(text)) return undefined;
  const folded = text.toLowerCase();
  return folded.startsWith("hkey_") || folded.includes("xn--") ? undefined : folded;
}

/** Whether a text that `foldPlain` gave has other spellings all the same: one key serves them, a search does not. */
export function hasReadings(plain: string): boolean {
  return (plain.startsWith("hk") && HIVE.test(plain)) || (plain.length === 36 && GUID.test(plain));
}

const HIVE = /^hk(?:lm|cu|u|cr)\\/;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const LIKE_ADDRESS = /^[0-9a-fA-F]*[:.][0-9a-fA-F:.]*(?:%[^%]*)?$/;

/** `foldCase`, and registry hives by their short names. */
function foldText(text: string): string {
  const folded = foldCase(text);
  if (folded.startsWith("hkey_") || folded.startsWith("\\registry\\")) {
    for (const [long, short] of LONG_HIVES) {
      if (folded.startsWith(long)) {
        return short + folded.slice(long.length);
      }
    }
  }
  return folded;
}

/**
 * Lower case and NFC, letter by letter: where a text holds another in NFC, its lower form holds the other's.
 * (`foldCase` does more, so of it that is not always true.)
 */
export function lowerText(text: string): string {
  return isAscii(text)
    ? text.toLowerCase()
    : text.normalize("NFC").toLowerCase().replaceAll("ς", "σ");
}

/** Lower case, then the final sigma as the plain one, so that the fold does not depend on the neighbours. */
function foldUnicode(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll("ς", "σ").normalize("NFC");
}

/**
 * The coarse canonical form under which values and literals are indexed. It is at least as coarse as any
 * equality of either mode: values that can be equal have the same key.
 */
export function indexKey(value: string | number | bigint): string {
  return typeof value === "string" ? pathSpelling(textKey(value)) : `#${Number(value)}`;
}

/** The form that texts have in common which observable mode calls equal, wherever they stand. */
export function textKey(value: string): string {
  const plain = foldPlain(value);
  if (plain !== undefined) {
    return plain;
  }
  const dotted = plainDots(value);
  const address = addressKey(dotted);
  if (address !== undefined) {
    return address;
  }
  let folded = foldText(dotted);
  if (folded.startsWith("{") && folded.endsWith("}")) {
    folded = folded.slice(1, -1);
  }
  if (folded.endsWith(".")) {
    folded = folded.replace(/\.+$/, "");
  }
  return isAscii(folded) || /[\s\\/]/.test(folded) ? folded : toAsciiDomain(folded);
}

/** A domain name with the full stops that IDNA takes for one (U+3002, U+FF0E, U+FF61; RFC 3490 §3.1) as plain dots. */
export function plainDots(text: string): string {
  return /[\u3002\uff0e\uff61]/.test(text) && !/[\s\\/]/.test(text)
    ? text.replace(/[\u3002\uff0e\uff61]/g, ".")
    : text;
}

/** A path as Windows resolves it: backslashes, one at a time, without `\\?\` before and `\` after (but `C:\`). */
export function pathSpelling(text: string): string {
  let path = text.includes("/") ? text.replaceAll("/", "\\") : text;
  if (path.includes("\\\\")) {
    path = path.replace(/\\\\+/g, "\\");
  }
  if (path.startsWith("\\?")) {
    path = path.replace(/^\\\?\??\\(?:unc(?=\\))?/i, "");
  }
  return path.length > 1 && path.endsWith("\\") && !/^.:\\$/.test(path) ? path.slice(0, -1) : path;
}

function addressKey(value: string): string | undefined {
  const text = withoutZone(value);
  if (text.length > 49 || text.length < 2 || !ADDRESS.test(text)) {
    return undefined;
  }
  const address = parseAddress(text);
  return address !== undefined && isSingle(address)
    ? `ip${address.family}:${address.base.toString(16)}`
    : undefined;
}

const ADDRESS = /^[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*(?:\/\d{1,3})?$/;
