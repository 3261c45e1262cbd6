import { printPath } from "stix2-ts";
import type { Random } from "../../services/sample/random.ts";
import { valuesOf, type PlacedValue } from "./event-anchors.ts";

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (c) => (c < "a" ? c.toLowerCase() : c.toUpperCase()));
}

/** A comparison that a value may meet, or nearly. */
function comparison({ value, path }: PlacedValue, random: Random): string {
  const at = printPath(path);
  if (typeof value === "number") {
    const operator = random.pick(["=", "=", "!=", ">=", "<"]);
    return random.next() < 0.2 ? `${at} IN (${value}, 1)` : `${at} ${operator} ${value}`;
  }
  const from = random.between(0, Math.max(0, value.length - 5));
  const piece = value.slice(from, from + random.between(3, 12));
  const forms: readonly (() => string)[] = [
    () => `${at} = ${quoted(value)}`,
    () => `${at} = ${quoted(swapCase(value))}`,
    () => `${at} = ${quoted(`${value}.`)}`,
    () => `${at} IN ('none', ${quoted(value)})`,
    () => `${at} LIKE ${quoted(`%${piece.replace(/[%_]/g, "_")}%`)}`,
    () => `${at} LIKE ${quoted(`${value.slice(0, 6).replace(/[%_]/g, "_")}%`)}`,
    () => `${at} MATCHES ${quoted(piece.replace(/[^\w]/g, "."))}`,
    () => `NOT ${at} = ${quoted("none")}`,
    () => `${at} != ${quoted("none")}`,
    () => `${at} > ''`,
    () => `EXISTS ${at}`,
    () => `NOT EXISTS ${at}`,
  ];
  if (/^\d+\.\d+\.\d+\.\d+$/.test(value)) {
    const range = `${value.split(".").slice(0, 2).join(".")}.0.0/16`;
    return random.pick([
      `${at} ISSUBSET '${range}'`,
      `${at} = '${range}'`,
      `${at} = '::ffff:${value}'`,
      `${at} = '${value}'`,
    ]);
  }
  return random.pick(forms)();
}

/** Patterns that an event meets, or nearly, drawn from its own values. */
export function eventPatterns(document: unknown, count: number, random: Random): readonly string[] {
  const values = valuesOf(document);
  if (values.length === 0) return [];
  const one = (): string => comparison(random.pick(values), random);
  return Array.from({ length: count }, () =>
    random.pick([
      () => `[${one()}]`,
      () => `[${one()}]`,
      () => `[${one()}]`,
      () => `[${one()} AND ${one()}]`,
      () => `[${one()} OR ${one()}]`,
      () => `[${one()}] OR [${one()}]`,
      () => `[${one()}] FOLLOWEDBY [file:name = 'other.exe']`,
      () => `([process:pid = 1] AND [${one()}]) WITHIN 5 SECONDS`,
      () => `[${one()}] REPEATS 3 TIMES`,
    ])(),
  );
}
