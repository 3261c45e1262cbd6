import type { ObjectPath } from "../pattern/ast.ts";
import { addressSpellings, isSingle, parseAddress, withoutZone } from "./address.ts";
import {
  foldCase,
  foldPlain,
  hasReadings,
  hiveSpellings,
  lowerText,
  pathSpelling,
  plainDots,
  textKey,
} from "./fold.ts";
import { isAscii, toAsciiDomain, toUnicodeDomain } from "./punycode.ts";

/** What kind of text stands at an object path; it decides which spellings are one in observable mode. */
export type TextKind =
  /** A path of the file system or a registry key: `\\`, `/`, `\\?\` and an ending backslash make no difference. */
  | "path"
  /** A domain name or address: IDN, ending dot, forms of IPv6. */
  | "host"
  | "text";

const PATH_NAMES: ReadonlySet<string> = new Set(["path", "cwd", "x_path", "x_misp_fullpath"]);

/** Tells the kind by the path's last key and the object's type. */
export function textKindOf({ objectType, steps }: ObjectPath): TextKind {
  const last = steps.findLast((step) => step.kind === "key")?.name ?? "";
  if (PATH_NAMES.has(last) || (last === "key" && objectType === "windows-registry-key")) {
    return "path";
  }
  return last === "value" ? "host" : "text";
}

/** The form that all spellings of one value have in common. */
export function canonicalText(text: string, kind: TextKind): string {
  return kind === "path" ? pathSpelling(textKey(text)) : textKey(text);
}

/** The spellings of a value that LIKE is tried on: folded. */
export function likeSpellings(text: string, kind: TextKind): readonly string[] {
  const plain = foldPlain(text);
  return plain === undefined || hasReadings(plain)
    ? distinct([text, ...spellings(text, kind)].map(foldCase))
    : [plain];
}

/** The spellings of a value that MATCHES is tried on: their case is kept, but for host names, which have none. */
export function matchSpellings(text: string, kind: TextKind): readonly string[] {
  if (kind !== "host") {
    const plain = foldPlain(text);
    if (plain !== undefined && !hasReadings(plain)) return [text];
  }
  return distinct([text, ...spellings(text, kind)].map((one) => one.normalize("NFC")));
}

/** Every text that LIKE or MATCHES of any kind may look at for a value, in lower case: what an index must search. */
export function searchTexts(text: string): readonly string[] {
  const plain = foldPlain(text);
  if (plain !== undefined && !hasReadings(plain)) return [plain];
  const all = [text, ...spellings(text, "path"), ...hostSpellings(text)]; // "path" gives those of "text" too
  return distinct(all.flatMap((one) => [lowerText(one), foldCase(one)]));
}

/** Other spellings of a value: as `canonicalText` makes them one, a text under each name of its hive and without braces. */
function spellings(text: string, kind: TextKind): readonly string[] {
  if (kind === "host") return hostSpellings(text);
  const single = text.includes("\\\\") ? text.replace(/\\\\+/g, "\\") : text;
  const all = kind === "path" ? [single, pathSpelling(single)] : [single];
  return [...all, ...all.flatMap(hiveSpellings), ...braceSpellings(text)];
}

/** A GUID is written in braces or without; whatever stands in braces is also taken out of them. */
function braceSpellings(text: string): readonly string[] {
  if (text.startsWith("{") && text.endsWith("}")) return [text.slice(1, -1)];
  return text.length === 36 && hasReadings(text.toLowerCase()) ? [`{${text}}`] : [];
}

/** A host name without its ending dot, in Unicode and as `xn--…`; an address in its usual forms. */
function hostSpellings(text: string): readonly string[] {
  const dotted = plainDots(text);
  const isOdd = dotted.includes(":") || dotted.includes("/"); // plain IPv4 has one form
  const address = isOdd ? parseAddress(withoutZone(dotted)) : undefined;
  if (address !== undefined) {
    return isSingle(address) ? addressSpellings(address) : [];
  }
  if (text.length > 253 || /[\s\\/]/.test(text)) {
    return braceSpellings(text);
  }
  const name = lowerText(dotted).replace(/\.+$/, "");
  const other = isAscii(name)
    ? name.includes("xn--")
      ? toUnicodeDomain(name)
      : name
    : toAsciiDomain(name);
  return [name, other, ...braceSpellings(text)];
}

function distinct(texts: readonly string[]): readonly string[] {
  return texts.every((text) => text === texts[0]) ? texts.slice(0, 1) : [...new Set(texts)];
}
