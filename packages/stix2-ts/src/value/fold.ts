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

/**
 * Folds a text to what Windows tells apart: NFC, lower case, single backslashes, short registry hives.
 * Two texts that observable mode calls equal fold to the same text.
 */
export function foldText(text: string): string {
  let folded = isAscii(text) ? text.toLowerCase() : foldUnicode(text);
  if (folded.includes("\\\\")) {
    folded = folded.replace(/\\\\+/g, "\\");
  }
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
 * (`foldText` does more, so of it that is not always true.)
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
  if (typeof value !== "string") {
    return `#${value}`;
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

function addressKey(text: string): string | undefined {
  if (text.length > 45 || text.length < 2 || !/^[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*$/.test(text)) {
    return undefined;
  }
  const address = parseAddress(text);
  return address !== undefined && isSingle(address)
    ? `ip${address.family}:${address.base.toString(16)}`
    : undefined;
}
