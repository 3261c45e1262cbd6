import { isIpv4, isIpv6, unmapped } from "./addresses.ts";
import { readTime } from "./time.ts";

type Value = string | number;

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/"));
}

function baseName(path: string): string | undefined {
  return path.slice(lastSeparator(path) + 1) || undefined;
}

/** `C:\a.exe` stands in `C:\`, so that a drive's root keeps its backslash. */
function directory(path: string): string | undefined {
  const end = lastSeparator(path);
  if (end <= 0) return undefined;
  return path[end - 1] === ":" ? path.slice(0, end + 1) : path.slice(0, end);
}

function integer(text: string): Value | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  return /^0x[0-9a-fA-F]{1,12}$/.test(text) ? Number(text) : undefined;
}

function ipv4(text: string): string | undefined {
  const address = unmapped(text);
  return isIpv4(address) ? address : undefined;
}

function ipv6(text: string): string | undefined {
  return text.includes(":") && unmapped(text) === text && isIpv6(text) ? text : undefined;
}

function ipVersion(text: string): string | undefined {
  if (ipv4(text) !== undefined) return "ipv4";
  return ipv6(text) === undefined ? undefined : "ipv6";
}

const hives: Readonly<Record<string, string>> = {
  HKLM: "HKEY_LOCAL_MACHINE",
  HKU: "HKEY_USERS",
  HKCU: "HKEY_CURRENT_USER",
  HKCR: "HKEY_CLASSES_ROOT",
  HKCC: "HKEY_CURRENT_CONFIG",
};

/** STIX 2.1 §6.17: the hive "MUST be fully expanded". */
function fullKey(key: string): string {
  const end = key.indexOf("\\");
  const hive = end < 0 ? key : key.slice(0, end);
  const full = hives[hive.toUpperCase()];
  return full === undefined ? key : full + key.slice(hive.length);
}

function loggedKey(key: string): string | undefined {
  return fullKey(key) === key ? undefined : key;
}

/** `HKU\<SID of a person>\…` as that person's `HKEY_CURRENT_USER\…`, and `…_Classes` as its `Software\Classes`. */
function userKey(key: string): string | undefined {
  const parts = /^(?:HKU|HKEY_USERS)\\S-1-(?:5-21|12-1)-[\d-]+(_Classes)?(\\.*)?$/i.exec(key);
  if (parts === null) return undefined;
  const classes = parts[1] === undefined ? "" : "\\Software\\Classes";
  return `HKEY_CURRENT_USER${classes}${parts[2] ?? ""}`;
}

function parentKey(key: string): string | undefined {
  const end = key.lastIndexOf("\\");
  return end <= 0 ? undefined : key.slice(0, end);
}

function parentOf(as: (key: string) => string | undefined): (key: string) => string | undefined {
  return (key) => {
    const whole = as(key);
    return whole === undefined ? undefined : parentKey(whole);
  };
}

/** Sysmon writes `(Default)` for the value without a name, which STIX writes as an empty one. */
function valueName(key: string): string | undefined {
  const end = key.lastIndexOf("\\");
  if (end < 0) return undefined;
  const name = key.slice(end + 1);
  return name === "(Default)" ? "" : name;
}

const number = /^(D|Q)WORD \((0x[0-9a-fA-F]{1,16})(?:-0x([0-9a-fA-F]{8}))?\)$/;

/** A number as STIX writes it (decimal), as hexadecimal, and as logged; any other text as it is. */
function registryData(details: string): readonly string[] {
  const parts = details.includes("WORD (") ? number.exec(details) : null;
  if (parts === null) return [details];
  const hex = `${parts[2]}${parts[3] ?? ""}`;
  return [BigInt(hex).toString(), hex, details];
}

/** `Binary Data` may be REG_BINARY or REG_MULTI_SZ, and a text with `%` both kinds of text: all that it can be. */
function registryType(details: string): readonly string[] {
  const parts = details.includes("WORD (") ? number.exec(details) : null;
  if (parts !== null) return [`REG_${parts[1]}WORD`];
  if (details === "Binary Data") return ["REG_BINARY", "REG_MULTI_SZ"];
  return details.includes("%") ? ["REG_SZ", "REG_EXPAND_SZ"] : ["REG_SZ"];
}

/** `HostUrl=` and `ReferrerUrl=` of a Zone.Identifier stream. */
function zoneUrls(contents: string): readonly string[] {
  if (!contents.includes("Url=")) return [];
  const found = contents.matchAll(/(?:HostUrl|ReferrerUrl)=([a-z][a-z0-9+.-]*:[^\s"]+)/gi);
  return [...new Set([...found].map(([, url]) => url ?? ""))];
}

/** A stream's name stands after the second colon of `C:\file.exe:Zone.Identifier`. */
function streamName(path: string): string | undefined {
  const at = path.indexOf(":", lastSeparator(path) + 1);
  return at < 0 ? undefined : path.slice(at + 1).replace(/:\$DATA$/i, "") || undefined;
}

function withoutStream(path: string): string {
  const at = path.indexOf(":", lastSeparator(path) + 1);
  return at < 0 ? path : path.slice(0, at);
}

/** WMI events put quotation marks (and a space before) around names and texts. */
function unquoted(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"')
    ? trimmed.slice(1, -1)
    : trimmed;
}

function timestamp(text: string): string | undefined {
  const time = readTime(text);
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** Conversions from a canonical field's text to a property's value; undefined or an empty list where it gives none. */
export const transforms = {
  text: (text: string) => text,
  lower: (text: string) => text.toLowerCase(),
  integer,
  timestamp,
  guid: (text: string) => text.replace(/[{}]/g, "").toLowerCase(),
  "base-name": baseName,
  directory,
  "without-stream": withoutStream,
  "stream-base-name": (path: string) => baseName(withoutStream(path)),
  "stream-name": streamName,
  account: baseName,
  domain: (user: string) => (user.includes("\\") ? user.slice(0, user.indexOf("\\")) : undefined),
  ipv4,
  ipv6,
  "ip-version": ipVersion,
  "host-name": (text: string) => (ipVersion(text) === undefined ? text : undefined),
  "full-key": fullKey,
  "logged-key": loggedKey,
  "user-key": userKey,
  "full-key-parent": parentOf(fullKey),
  "logged-key-parent": parentOf(loggedKey),
  "user-key-parent": parentOf(userKey),
  "value-name": valueName,
  "registry-data": registryData,
  "registry-type": registryType,
  "zone-urls": zoneUrls,
  unquoted,
  "pipe-name": (pipe: string) => pipe.replace(/^\\+/, "") || undefined,
} as const satisfies Readonly<
  Record<string, (text: string) => Value | readonly Value[] | undefined>
>;

export type Transform = keyof typeof transforms;
