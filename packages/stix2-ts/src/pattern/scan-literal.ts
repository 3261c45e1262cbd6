import { parseTimestamp } from "../value/timestamp.ts";
import type { Literal } from "./ast.ts";
import type { Scanner } from "./scanner.ts";

const QUOTE = 39;
const BACKSLASH = 92;
const EXPECTED = ["a literal"];
const STRICT_TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Reads one literal (STIX 2.1 §9.2, "Constants"). */
export function scanLiteral(scanner: Scanner): Literal {
  const { code, pos, text } = scanner;
  if (code === QUOTE) return { kind: "string", value: scanString(scanner) };
  if ((code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46)
    return scanNumber(scanner);
  if (text.charCodeAt(pos + 1) === QUOTE) {
    if (code === 116) return { kind: "timestamp", value: scanTimestamp(scanner) };
    if (code === 104) return { kind: "hex", value: scanHex(scanner) };
    if (code === 98) return { kind: "binary", value: scanBinary(scanner) };
  }
  if (scanner.takeWord("TRUE")) return { kind: "boolean", value: true };
  if (scanner.takeWord("FALSE")) return { kind: "boolean", value: false };
  throw scanner.error(EXPECTED);
}

/** Reads `'…'`, in which `\'` and `\\` are the only escapes. */
export function scanString(scanner: Scanner): string {
  if (scanner.code !== QUOTE) throw scanner.error(["a quoted string"]);
  const { text } = scanner;
  const start = scanner.pos + 1;
  const close = text.indexOf("'", start);
  if (close >= 0 && !scanner.hasBackslash(start, close)) {
    scanner.finish(close + 1);
    return text.slice(start, close);
  }
  return scanEscaped(scanner, start);
}

function scanEscaped(scanner: Scanner, start: number): string {
  const { text } = scanner;
  let from = start;
  let value = "";
  for (let pos = start; ; pos++) {
    const code = text.charCodeAt(pos);
    if (code === QUOTE) {
      scanner.finish(pos + 1);
      return value + text.slice(from, pos);
    }
    if (code === BACKSLASH) {
      const next = text.charCodeAt(pos + 1);
      if (next !== QUOTE && next !== BACKSLASH)
        throw scanner.errorAt(pos, ["\\\\", "\\'"], JSON.stringify(text.slice(pos, pos + 2)));
      value += text.slice(from, pos);
      from = pos + 1;
      pos++;
    } else if (pos >= text.length) {
      throw scanner.errorAt(scanner.pos, ["a closing quote"], "an unterminated string");
    }
  }
}

/** Reads a timestamp, with `t` before the quote or, as in STIX 2.0 qualifiers, without. */
export function scanTimestamp(scanner: Scanner): string {
  const start = scanner.pos;
  if (scanner.code === 116) scanner.pos++;
  const value = scanString(scanner);
  if (!STRICT_TIMESTAMP.test(value) || parseTimestamp(value) === undefined)
    throw scanner.errorAt(start, ["a timestamp like t'2016-01-20T12:31:12.123Z'"], short(value));
  return value;
}

/** Reads a whole number; beyond 2^53 it becomes a bigint, so that no digit is lost. */
export function scanInteger(scanner: Scanner): number | bigint {
  const start = scanner.pos;
  const literal = scanNumber(scanner);
  if (literal.kind !== "integer") throw scanner.errorAt(start, ["a whole number"]);
  return literal.value;
}

export function scanNumber(scanner: Scanner): Literal & { kind: "integer" | "float" } {
  const { text, pos: start } = scanner;
  let pos = start;
  if (scanner.code === 43 || scanner.code === 45) pos++;
  const digits = pos;
  while (isDigit(text.charCodeAt(pos))) pos++;
  if (text.charCodeAt(pos) === 46) {
    const fraction = ++pos;
    while (isDigit(text.charCodeAt(pos))) pos++;
    if (pos === fraction) throw scanner.errorAt(pos, ["a digit"]);
    return { kind: "float", value: checkedNumber(scanner, start, pos) };
  }
  if (pos === digits) throw scanner.errorAt(start, EXPECTED);
  if (pos > digits + 1 && text.charCodeAt(digits) === 48)
    throw scanner.errorAt(digits, ["a number without leading zeros"]);
  if (pos - digits > 400) throw scanner.errorAt(start, ["a number of at most 400 digits"]);
  const value = Number(text.slice(start, pos));
  if (Number.isSafeInteger(value)) {
    scanner.finish(pos);
    return { kind: "integer", value: value === 0 ? 0 : value };
  }
  const magnitude = BigInt(text.slice(digits, pos));
  const negative = text.charCodeAt(start) === 45;
  scanner.finish(pos);
  return { kind: "integer", value: negative ? -magnitude : magnitude };
}

function checkedNumber(scanner: Scanner, start: number, end: number): number {
  const value = Number(scanner.text.slice(start, end));
  if (!Number.isFinite(value)) throw scanner.errorAt(start, ["a number below 1.8e308"]);
  scanner.finish(end);
  return value;
}

function scanHex(scanner: Scanner): string {
  const start = scanner.pos++;
  const value = scanString(scanner);
  if (value.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(value))
    throw scanner.errorAt(start, ["an even number of hexadecimal digits"], short(value));
  return value.toLowerCase();
}

function scanBinary(scanner: Scanner): string {
  const start = scanner.pos++;
  const value = scanString(scanner);
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
    throw scanner.errorAt(start, ["base64 text"], short(value));
  return value;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function short(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
