import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { ServiceError } from "../../../core/errors.ts";
import { pauseBefore } from "../backoff.ts";
import type { EngineClient } from "../client.ts";
import type { Document } from "./document.ts";

export interface Place {
  readonly index: string;
  readonly id: string;
}

/** What stands at a place; an index that is gone is told from a document that is not there. */
export type Reading = Document | "absent" | "no-index";

const MOST_READS = 1000;

const doc = z.union([
  z.object({ error: z.object({ type: z.string() }) }),
  z.object({ found: z.literal(false) }),
  z.object({
    found: z.literal(true),
    _id: z.string(),
    _seq_no: z.number(),
    _primary_term: z.number(),
    _source: z.record(z.string(), z.unknown()),
  }),
]);
const answerShape = z.object({ docs: z.array(doc) });

/** How long documents are asked for again whose shard is not running: an index that was just made takes a moment. */
const DEADLINE_MS = 30_000;
const BACKOFF = { firstMs: 100, longestMs: 2000, random: () => Math.random() };

/** Reads documents by id, in the order asked. Such a read is realtime: it shows every write that was acknowledged. */
export async function readDocuments(
  client: EngineClient,
  places: readonly Place[],
  onPrimary: boolean,
): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for (let from = 0; from < places.length; from += MOST_READS) {
    const part = places.slice(from, from + MOST_READS);
    readings.push(...(await readPart(client, part, onPrimary)));
  }
  return readings;
}

async function readPart(
  client: EngineClient,
  part: readonly Place[],
  onPrimary: boolean,
): Promise<readonly Reading[]> {
  const end = Date.now() + DEADLINE_MS;
  for (let retry = 1; ; retry++) {
    const answer = await client.call({
      method: "POST",
      path: "/_mget",
      // A replica that is copied by segment lags behind.
      query: { realtime: true, ...(onPrimary && { preference: "_primary" }) },
      body: { docs: part.map(({ index, id }) => ({ _index: index, _id: id })) },
    });
    const { docs } = answerShape.parse(answer);
    if (docs.length !== part.length) {
      throw new ServiceError("store/partial-answer", "an answer lacks documents");
    }
    const wait = pauseBefore(retry, BACKOFF);
    if (!docs.some(isPassing) || Date.now() + wait >= end) {
      return docs.map((one, at) => toReading(one, part[at]));
    }
    await pause(wait);
  }
}

const LASTING: ReadonlySet<string> = new Set([
  "index_not_found_exception",
  "index_closed_exception",
]);

function isPassing(one: z.infer<typeof doc>): boolean {
  return "error" in one && !LASTING.has(one.error.type);
}

function toReading(one: z.infer<typeof doc>, place: Place | undefined): Reading {
  if ("error" in one) {
    if (one.error.type === "index_not_found_exception") {
      return "no-index";
    }
    const index = place?.index ?? "";
    throw new ServiceError("store/partial-answer", `${index} can't be read: ${one.error.type}`, {
      retryable: true,
      facts: { index, type: one.error.type },
    });
  }
  if (!one.found) {
    return "absent";
  }
  const { _id: id, _seq_no: seqNo, _primary_term: primaryTerm, _source: source } = one;
  return { id, seqNo, primaryTerm, source };
}
