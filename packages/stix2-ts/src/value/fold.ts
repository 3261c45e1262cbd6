import { isSingle, parseAddress } from "./address.ts";
import { isAscii, toAsciiDomain } from "./punycode.ts";

const HIVES: readonly (readonly [long: string, short: string])[] = [
  ["hkey_local_machine\\", "hklm\\"],
  ["hkey_current_user\\", "hkcu\\"],
  ["hkey_users\\", "hku\\"],
  ["hkey_classes_root\\", "hkcr\\"],
  ["\\registry\\machine\\", "hklm\\"],
  ["\\registry\\user\\", "hku\\"],
];

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

const LIKE_ADDRESS = /^[0-9a-fA-F]*[:.][0-9a-fA-F:.]*$/;

/** `foldCase`, and registry hives by their short names. */
function foldText(text: string): string {
  const folded = foldCase(text);
  if (folded.startsWith("hkey_") || folded.startsWith("\\registry\\")) {
    for (const [long, short] of HIVES) {
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
  return typeof value === "string" ? pathSpelling(textKey(value)) : `#${value}`;
}

/** The form that texts have in common which observable mode calls equal, wherever they stand. */
export function textKey(value: string): string {
  const plain = foldPlain(value);
  if (plain !== undefined) {
    return plain;
  }
  const address = addressKey(value);
  if (address !== undefined) {
    return address;
  }
  let folded = foldText(value);
  if (folded.startsWith("{") && folded.endsWith("}")) {
    folded = folded.slice(1, -1);
  }
  if (folded.endsWith(".")) {
    folded = folded.replace(/\.+$/, "");
  }
  return isAscii(folded) || /[\s\\/]/.test(folded) ? folded : toAsciiDomain(folded);
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

function addressKey(text: string): string | undefined {
  if (text.length > 49 || text.length < 2 || !ADDRESS.test(text)) {
    return undefined;
  }
  const address = parseAddress(text);
  return address !== undefined && isSingle(address)
    ? `ip${address.family}:${address.base.toString(16)}`
    : undefined;
}

const ADDRESS = /^[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*(?:\/\d{1,3})?$/;
