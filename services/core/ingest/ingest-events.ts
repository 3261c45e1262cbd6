/** Lines of a log become events of the embedded store. */
import { observationKeys } from "stix2-ts";
import type { EventSink, NewEvent } from "../ports.ts";
import { observe, readEvent } from "../schema/index.ts";
import { documentId, documentOf } from "./document.ts";

/** A line of a source; the first has number 1. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
  /** Why the line could not be read; its text is then empty. */
  readonly problem?: string;
}

export interface IngestReport {
  readonly stored: number;
  readonly notSysmon: number;
  readonly broken: readonly { readonly line: number; readonly reason: string }[];
  readonly brokenCount: number;
}

/** Broken lines are all counted; this many are told one by one. */
const TOLD = 100;
const BATCH = 2000;

/** Reads a line as JSON; a reason where it is none, undefined for an empty line. */
export function parseLine({
  text,
  problem,
}: SourceLine): { readonly value: unknown } | { readonly reason: string } | undefined {
  if (problem !== undefined) {
    return { reason: problem };
  }
  if (text.trim() === "") {
    return undefined;
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (/^\s*[[{]\s*$/.test(text)) {
      return {
        reason:
          "JSON that goes over several lines; one document a line is read (jq -c makes it so)",
      };
    }
    return { reason: error instanceof Error ? error.message.slice(0, 200) : "not JSON" };
  }
}

/**
 * Stores the Sysmon events of a source, after what is already stored of it. `name` is how the source is told
 * to people; `source` its identity, equal for equal content; undefined for what is not given twice.
 */
export async function ingestEvents(
  sink: EventSink,
  source: string | undefined,
  name: string,
  lines: AsyncIterable<readonly SourceLine[]> | Iterable<readonly SourceLine[]>,
): Promise<IngestReport> {
  const done = source === undefined ? 0 : await sink.loadedThrough(source);
  const broken: { line: number; reason: string }[] = [];
  let [stored, notSysmon, brokenCount] = [0, 0, 0];
  let batch: NewEvent[] = [];
  for await (const chunk of lines) {
    for (const one of chunk) {
      const { line, text } = one;
      const parsed = line <= done ? undefined : parseLine(one);
      if (parsed === undefined) {
        continue;
      }
      if ("reason" in parsed) {
        brokenCount += 1;
        if (broken.length < TOLD) {
          broken.push({ line, reason: parsed.reason });
        }
        continue;
      }
      const event = readEvent(documentOf(parsed.value));
      if (event === undefined) {
        notSysmon += 1;
        continue;
      }
      const keys = [...observationKeys(observe(event).observation)];
      const locator = documentId(parsed.value) ?? `${name}:${line}`;
      batch.push({ locator, text: text.trim(), keys, source: source ?? "", line });
      if (batch.length >= BATCH) {
        await sink.append(batch);
        stored += batch.length;
        batch = [];
      }
    }
  }
  if (batch.length > 0) {
    await sink.append(batch);
    stored += batch.length;
  }
  return { stored, notSysmon, broken, brokenCount };
}
