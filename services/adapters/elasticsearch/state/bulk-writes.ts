import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { ServiceError } from "../../../core/errors.ts";
import { pauseBefore } from "../backoff.ts";
import type { EngineClient } from "../client.ts";
import type { Source, Version } from "./document.ts";

/** One write among many. `create` conflicts with a document that is there, `onlyAt` with one that has changed since. */
export interface Write {
  readonly index: string;
  readonly id: string;
  readonly action: "create" | "index" | "delete";
  readonly source?: Source;
  readonly onlyAt?: Version | undefined;
}

/** `seqNo` and `primaryTerm` are those of the write; -1 where nothing was written. */
export interface Written extends Version {
  readonly outcome: "written" | "conflict" | "absent";
}

/** Documents of one request. */
const MOST_WRITES = 1000;
/** Text of one request; a document that is longer goes alone. */
const MOST_BYTES = 5_000_000;
/** How long items that the engine is too busy for are sent again. */
const DEADLINE_MS = 120_000;
const BACKOFF = { firstMs: 200, longestMs: 10_000, random: () => Math.random() };
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const item = z.object({
  status: z.number(),
  _seq_no: z.number().optional(),
  _primary_term: z.number().optional(),
  error: z.object({ type: z.string(), reason: z.string().nullish() }).optional(),
});
const answerShape = z.object({ items: z.array(z.record(z.string(), item)) });
type Item = z.infer<typeof item>;

/**
 * Sends writes, in order, as few requests; gives what became of each. When it returns they are durable, and reads by
 * id show them; searches show them after a refresh. An item that is refused fails all of it; those before it stay.
 */
export async function writeAll(
  client: EngineClient,
  writes: readonly Write[],
): Promise<readonly Written[]> {
  const done: Written[] = [];
  const lines = writes.map(toLines);
  let from = 0;
  while (from < writes.length) {
    let bytes = 0;
    let to = from;
    while (to < writes.length && to - from < MOST_WRITES) {
      bytes += Buffer.byteLength(lines[to] ?? "");
      if (bytes > MOST_BYTES && to > from) {
        break;
      }
      to += 1;
    }
    done.push(...(await sendChunk(client, writes.slice(from, to), lines.slice(from, to))));
    from = to;
  }
  return done;
}

async function sendChunk(
  client: EngineClient,
  writes: readonly Write[],
  lines: readonly string[],
): Promise<readonly Written[]> {
  const done = new Map<number, Written>();
  const end = Date.now() + DEADLINE_MS;
  let left = writes.map((_, at) => at);
  for (let retry = 1; ; retry++) {
    const body = left.map((at) => lines[at]).join("");
    const answer = answerShape.parse(await client.call({ method: "POST", path: "/_bulk", body }));
    const items = answer.items.map((one) => Object.values(one)[0]);
    const busy: number[] = [];
    for (const [i, at] of left.entries()) {
      const [write, one] = [writes[at], items[i]];
      if (write === undefined || one === undefined) {
        throw new ServiceError("store/partial-answer", "a bulk answer lacks items");
      }
      if (BUSY.has(one.status)) {
        busy.push(at);
      } else {
        done.set(at, toWritten(write, one));
      }
    }
    if (busy.length === 0) {
      return writes.flatMap((_, at) => done.get(at) ?? []);
    }
    const wait = pauseBefore(retry, BACKOFF);
    if (Date.now() + wait >= end) {
      throw new ServiceError("store/overloaded", `${busy.length} writes found no room`, {
        retryable: true,
      });
    }
    await pause(wait);
    left = busy;
  }
}

function toLines({ index, id, action, source, onlyAt }: Write): string {
  const at = onlyAt && { if_seq_no: onlyAt.seqNo, if_primary_term: onlyAt.primaryTerm };
  const head = JSON.stringify({ [action]: { _index: index, _id: id, ...at } });
  return action === "delete" ? `${head}\n` : `${head}\n${JSON.stringify(source)}\n`;
}

function toWritten(write: Write, { status, error, _seq_no, _primary_term }: Item): Written {
  const place = { seqNo: _seq_no ?? -1, primaryTerm: _primary_term ?? -1 };
  if (status === 409) {
    return { outcome: "conflict", seqNo: -1, primaryTerm: -1 };
  }
  if (status === 404 && error === undefined) {
    return { outcome: "absent", ...place };
  }
  if (status >= 300) {
    const { type = "unknown", reason = "" } = error ?? {};
    throw new ServiceError(
      "store/rejected",
      `${write.action} ${write.index}/${write.id}: ${type} ${reason ?? ""}`.slice(0, 500),
      { facts: { index: write.index, status, type } },
    );
  }
  return { outcome: "written", ...place };
}
