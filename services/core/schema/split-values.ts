import { isIpv4, isIpv6, unmapped } from "./addresses.ts";
import { isObject, own, textOf } from "./read-document.ts";

/** Algorithms by length of the hexadecimal text, for a hash without its name. */
const byLength: Readonly<Record<number, string>> = { 32: "MD5", 40: "SHA1", 64: "SHA256" };

/** Splits `SHA1=…,MD5=…` and gives each named hash; one of zeros only (IMPHASH of a file without imports) is none. */
export function splitHashes(text: string, give: (algorithm: string, hash: string) => void): void {
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf(",", start);
    if (end < 0) end = text.length;
    const sign = text.indexOf("=", start);
    const named = sign >= 0 && sign < end;
    const hash = text.slice(named ? sign + 1 : start, end).trim();
    const algorithm = named ? text.slice(start, sign).trim().toUpperCase() : byLength[hash.length];
    if (algorithm !== undefined && hash !== "" && !isZeros(hash)) give(algorithm, hash);
    start = end + 1;
  }
}

/** Tells whether text consists of zeros only. */
export function isZeros(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== 48) return false;
  return true;
}

/** DNS record types whose data is the name of a host or domain: NS, CNAME, PTR, MX, SRV, DNAME. */
const nameTypes = new Set(["2", "5", "12", "15", "33", "39"]);
const nameTypeWords = new Set(["NS", "CNAME", "PTR", "MX", "SRV", "DNAME"]);

/** Sysmon cuts long results; one that is shorter and lacks its last `;` was not cut by it. */
const SURELY_WHOLE = 200;

/**
 * Splits QueryResults (`type:  5 alias.example;::ffff:192.0.2.1;`) into addresses, IPv4-mapped ones as IPv4, and
 * names. A last piece that no `;` ends may have been cut off, and is left out of a long text.
 */
export function splitAnswers(text: string): string[] {
  const pieces = text.split(";");
  const tail = pieces.pop() ?? "";
  if (pieces.length === 0 || text.length < SURELY_WHOLE) pieces.push(tail);
  const answers: string[] = [];
  for (const piece of pieces) {
    const answer = piece.includes("type:") ? aliasOf(piece) : addressOf(piece.trim());
    if (answer !== undefined) answers.push(answer);
  }
  return answers;
}

function aliasOf(piece: string): string | undefined {
  const [, type, ...data] = piece.trim().split(/\s+/, 8);
  const name = data.at(-1);
  const isOneName = data.length === 1 || type === "15" || type === "33"; // these have numbers before the name
  return type !== undefined && isOneName && nameTypes.has(type) ? name : undefined;
}

function addressOf(text: string): string | undefined {
  const address = unmapped(text);
  return isIpv4(address) || isIpv6(address) ? address : undefined;
}

/** Reads ECS `dns.answers`: a list of `{ type, data }`, or the two lists that Elasticsearch makes of it. */
export function answersOf(value: unknown): string[] {
  const entries = isObject(value) ? zip(value["type"], value["data"]) : value;
  const answers: string[] = [];
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (!isObject(entry)) continue;
    const data = textOf(own(entry, "data"));
    if (data === undefined) continue;
    const type = textOf(own(entry, "type"));
    const answer = type !== undefined && nameTypeWords.has(type) ? data : addressOf(data);
    if (answer !== undefined) answers.push(answer);
  }
  return answers;
}

function zip(types: unknown, data: unknown): unknown[] {
  const typeList: unknown[] = Array.isArray(types) ? types : [types];
  const dataList: unknown[] = Array.isArray(data) ? data : [data];
  return dataList.map((entry, i) => ({ type: typeList[i], data: entry }));
}

/** Writes ECS `registry.data.strings` as Sysmon's Details: numbers become `DWORD (0x…)` again. */
export function detailsOf(text: string, type: string | undefined): string {
  if (type === undefined || !/^\d{1,20}$/.test(text)) return text;
  const hex = BigInt(text).toString(16);
  if (type.endsWith("QWORD")) {
    const digits = hex.padStart(16, "0");
    return `QWORD (0x${digits.slice(0, 8)}-0x${digits.slice(8)})`;
  }
  return type.endsWith("DWORD") ? `DWORD (0x${hex.padStart(8, "0")})` : text;
}
