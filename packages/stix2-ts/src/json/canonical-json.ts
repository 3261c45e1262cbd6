import { StixError } from "../errors.ts";

/**
 * Serialises a value as canonical JSON (RFC 8785): keys ordered by UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. Properties whose value is undefined are left out. Throws StixError `stix/not-canonical` for what
 * has no canonical form: NaN, infinities, bigints, functions, lone surrogates, circles.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, around: readonly object[]): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return writeString(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw notCanonical(`${value} is no JSON number`);
    return JSON.stringify(value); // writes -0 as 0, as RFC 8785 §3.2.2.3 asks
  }
  if (typeof value !== "object") throw notCanonical(`a ${typeof value} is no JSON value`);
  if (around.includes(value)) throw notCanonical("a value that contains itself is no JSON");
  if (around.length >= 1000) throw notCanonical("it is nested deeper than 1000 levels");
  const inside = [...around, value];
  if (Array.isArray(value)) return `[${value.map((entry) => write(entry, inside)).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${writeString(key)}:${write(member, inside)}`);
  return `{${members.join(",")}}`;
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw notCanonical("a lone surrogate has no UTF-8");
  return JSON.stringify(text);
}

function notCanonical(why: string): StixError {
  return new StixError("stix/not-canonical", `The value has no canonical JSON: ${why}.`);
}
