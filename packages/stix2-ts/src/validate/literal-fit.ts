import { HASHES } from "../check/check-text.ts";
import type { Kind } from "../model/kind.ts";
import type { Comparison, Literal } from "../pattern/ast.ts";
import { parseAddress } from "../value/address.ts";
import { described } from "./path-kinds.ts";

/** Says why a comparison with a literal never holds of any of the kinds that can stand at its path; undefined if it can. */
export function misfit(comparison: Comparison, kinds: readonly Kind[]): string | undefined {
  if (comparison.operator === "EXISTS") return undefined;
  const whole = kinds.map((kind) => wholeMisfit(kind));
  if (whole.every((reason) => reason !== undefined)) return whole[0];
  switch (comparison.operator) {
    case "LIKE":
    case "MATCHES":
      return kinds.every((kind) => !isTextual(kind))
        ? `${comparison.operator} asks for text, and here stands ${list(kinds)}.`
        : undefined;
    case "ISSUBSET":
    case "ISSUPERSET":
      return addressMisfit(comparison, kinds);
    default: {
      const reasons = comparison.literals.map((literal) => literalMisfit(comparison, literal, kinds)); // prettier-ignore
      return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
    }
  }
}

function wholeMisfit(kind: Kind): string | undefined {
  switch (kind.kind) {
    case "list":
      return "A list equals no literal: by the letter [*] or [n] must follow it.";
    case "record":
    case "dictionary":
    case "hashes":
    case "extensions":
    case "observables":
      return "An object equals no literal: the path must lead to a property of it.";
    default:
      return undefined;
  }
}

function list(kinds: readonly Kind[]): string {
  return [...new Set(kinds.map(described))].join(" or ");
}

function isTextual(kind: Kind): boolean {
  return kind.kind !== "integer" && kind.kind !== "float" && kind.kind !== "boolean";
}

function addressMisfit(
  { literals: [literal], operator }: Comparison,
  kinds: readonly Kind[],
): string | undefined {
  const text = literal?.kind === "string" ? literal.value : "";
  const range = parseAddress(text);
  if (range === undefined) return `'${text}' is no address and no range of addresses.`;
  if (kinds.every((kind) => !isTextual(kind))) {
    return `${operator} asks for an address, and here stands ${list(kinds)}.`;
  }
  const other = range.family === 4 ? "ipv6" : "ipv4";
  return kinds.every((kind) => kind.kind === "string" && kind.format === other)
    ? `'${text}' is an address of the other version of IP.`
    : undefined;
}

function literalMisfit(
  comparison: Comparison,
  literal: Literal,
  kinds: readonly Kind[],
): string | undefined {
  const reasons = kinds.map((kind) =>
    fitsType(kind, literal)
      ? valueMisfit(comparison, literal, kind)
      : `Here stands ${described(kind)}, which never equals ${article(literal)}.`,
  );
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

function article({ kind }: Literal): string {
  if (kind === "string") return "a text";
  return kind === "integer" ? "an integer" : `a ${kind} literal`;
}

/** Which literals a kind can be compared with at all (STIX 2.1 §9.6.1 and §9.6.3). */
function fitsType(kind: Kind, literal: Literal): boolean {
  switch (kind.kind) {
    case "any":
      return true;
    case "integer":
    case "float":
      return literal.kind === "integer" || literal.kind === "float";
    case "boolean":
      return literal.kind === "boolean";
    case "timestamp": // its JSON is text
      return literal.kind === "timestamp" || literal.kind === "string";
    default:
      return literal.kind === "string" || literal.kind === "hex" || literal.kind === "binary";
  }
}

/** Says why no valid value of a kind equals a literal of the right type. */
function valueMisfit(
  { operator, path: { steps } }: Comparison,
  literal: Literal,
  kind: Kind,
): string | undefined {
  if (operator !== "=" && operator !== "!=" && operator !== "IN") return undefined;
  const { value } = literal;
  if (kind.kind === "integer" && typeof value === "number") {
    const isOut = value < (kind.min ?? -Infinity) || value > (kind.max ?? Infinity);
    return isOut || !Number.isInteger(value) ? `${value} never stands here.` : undefined;
  }
  if (literal.kind !== "string" || typeof value !== "string") return undefined;
  if (kind.kind === "enumeration") {
    return kind.values.includes(value) ? undefined : `'${value}' is not in ${kind.name}.`;
  }
  if (kind.kind !== "string") return undefined;
  const [before, last] = steps.slice(-2);
  if (before?.kind === "key" && before.name === "hashes" && last?.kind === "key") {
    return HASHES.get(last.name)?.test(value) === false ? `'${value}' is no ${last.name}.` : undefined; // prettier-ignore
  }
  return kind.format === undefined ? undefined : formatMisfit(kind.format, value);
}

function formatMisfit(format: string, value: string): string | undefined {
  const family = parseAddress(value)?.family;
  if (format === "ipv4" && family !== 4) return `'${value}' is no IPv4 address.`;
  if (format === "ipv6" && family !== 6) return `'${value}' is no IPv6 address.`;
  const isMac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(value);
  return format === "mac" && !isMac ? `'${value}' is no MAC address in lower case with colons.` : undefined; // prettier-ignore
}
