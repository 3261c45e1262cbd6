import path from "node:path";
import { ServiceError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/ports.ts";
import { keyHash } from "./key-hash.ts";

/** A line, read. */
export interface Entry {
  readonly n: number;
  readonly l: string;
  readonly s: string;
  readonly i: number;
  /** The rules that the keys were made by. */
  readonly v: number;
  readonly d: unknown;
}

/** An escaped surrogate pair, half of one, or any other escape: in this order, so that halves are those left over. */
const ESCAPES =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g;
const HALF_LENGTH = String.raw`\ud800`.length;

/** The journal's line of an event, its keys made by the rules `v`. */
export function lineOf(
  { locator, source, line, keys, text }: NewEvent,
  n: number,
  v: number,
): string {
  const [l, s] = [JSON.stringify(locator), JSON.stringify(source)];
  const k = keys.map(keyHash).join(",");
  return `${whole(`{"n":${n},"l":${l},"s":${s},"i":${line},"v":${v},"k":[${k}],"d":${text}}`)}\n`;
}

/**
 * Replaces escaped halves of surrogate pairs. JSON allows them, DuckDB's reader does not: one would keep its
 * segment from ever being sealed. Done on the way in, so that sealing changes nothing.
 */
function whole(json: string): string {
  return /\\u[dD]/.test(json)
    ? json.replace(ESCAPES, (escape) =>
        escape.length === HALF_LENGTH && /^..[dD][89a-fA-F]/.test(escape)
          ? String.raw`\ufffd`
          : escape,
      )
    : json;
}

/** Remembers the highest line of a source. */
export function noteLine(lines: Map<string, number>, source: string, line: number): void {
  if (source === "") {
    return; // what comes once is not remembered
  }
  lines.set(source, Math.max(lines.get(source) ?? 0, line));
}

export function noteLines(lines: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [source, line] of more) {
    noteLine(lines, source, line);
  }
}

/** Undefined for what is not JSON. */
export function parseEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

export function damagedJournal(file: string, reason: string): ServiceError {
  return new ServiceError("events/segment-damaged", `${file}: ${reason}`, {
    facts: { segment: path.basename(file, ".ndjson") },
  });
}
