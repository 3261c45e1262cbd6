/** Takes one feed: reads what is new, stores it, and keeps where it stands. */
import { messageOf, ServiceError } from "../errors.ts";
import type { Clock, State } from "../ports.ts";
import type { FeedFile } from "../ingest/import-feed.ts";
import type { ImportRecord } from "../records.ts";
import type { FeedReader } from "./feed-reader.ts";
import { NO_COUNTS, type FeedState, type PullCounts } from "./feed-record.ts";
import { sourceKey, type FeedSource } from "./feed-source.ts";

/** A feed file that was just read. */
export type PulledFile = Omit<FeedFile, "content">;

export interface PullDeps {
  readonly state: Pick<State, "records">;
  readonly reader: FeedReader;
  /** Imports a document, to the end: when it returns, its indicators are stored. */
  readonly importFile: (file: PulledFile, signal: AbortSignal) => Promise<ImportRecord>;
  readonly now: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The next time of a schedule. */
  readonly nextRun: (schedule: string, timezone?: string) => number;
  /** A signal that comes so many milliseconds from now. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Comes when the service ends: the feed is taken up again where it stands, and nothing has failed. */
  readonly stop: AbortSignal;
}

/** Pauses after failures: they double from the first to the longest. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;
const LONGEST_MESSAGE = 1000;

/**
 * Takes a feed; returns what became of it, or nothing where it is not to be taken, or another takes it. That, well or not, stands in the feed's state; a crash loses at most the document that
 * was being stored, which is read again. Throws only where the state itself can't be read or written.
 */
export async function pullFeed(deps: PullDeps, feed: string): Promise<FeedState | undefined> {
  const { state, now } = deps;
  const source = (await state.records.get("feed", feed))?.record.source;
  if (source?.enabled !== true) {
    return undefined;
  }
  const key = sourceKey(source);
  const taking = now();
  const before = await state.records.get("feed-state", feed);
  const begun: FeedState = {
    ...(before?.record ?? neverTaken(key)),
    ...(before?.record.sourceKey !== key && { cursor: undefined, sourceKey: key }),
    running: { since: taking, counts: NO_COUNTS },
  };
  const kept = new Keeper(deps, feed, before?.version ?? 0);
  if (!(await kept.set(begun))) {
    return undefined;
  }
  let current = begun;
  let counts = NO_COUNTS;
  const ended = (): FeedState => ({ ...current, running: undefined, endedAt: now(), counts });
  const deadline = deps.deadline(source.timeoutSeconds * 1000);
  try {
    const signal = AbortSignal.any([deadline, deps.stop]);
    for await (const step of deps.reader.read(source, begun.cursor, signal)) {
      const { document, cursor, problem } = step;
      if (document !== undefined) {
        const { policy, format: layout } = source;
        const file = { ...document, feed, policy, taking, ...(layout !== undefined && { layout }) };
        counts = plus(counts, document.bytes.length, await deps.importFile(file, signal));
      }
      if (problem !== undefined) {
        counts = { ...counts, unusable: counts.unusable + 1, problem: problem.slice(0, LONGEST_MESSAGE) }; // prettier-ignore
      }
      const isSame = cursor === current.cursor;
      current = { ...current, cursor, running: { since: taking, counts } };
      // A reader that keeps its place for several documents is not written for each.
      if (!isSame && !(await kept.set(current))) {
        return undefined;
      }
    }
    const nextAt = onTime(deps, source);
    return await kept.end({
      ...ended(),
      succeededAt: now(),
      error: undefined,
      failures: 0,
      nextAt,
    });
  } catch (error) {
    if (deps.stop.aborted) {
      return kept.end({ ...current, running: undefined, nextAt: now() });
    }
    const failures = current.failures + 1;
    const { code, message } = deadline.aborted ? tooSlow(source) : told(error);
    const nextAt = now() + pauseAfter(failures, error);
    return kept.end({ ...ended(), error: { code, message, at: now() }, failures, nextAt });
  }
}

function told(error: unknown): { readonly code: string; readonly message: string } {
  const code = error instanceof ServiceError ? error.code : "feed/not-taken";
  return { code, message: messageOf(error).slice(0, LONGEST_MESSAGE) };
}

function tooSlow({ timeoutSeconds }: FeedSource): {
  readonly code: string;
  readonly message: string;
} {
  // prettier-ignore
  return {
    code: "feed/too-slow",
    message: `not taken whole within ${timeoutSeconds} s; the rest is taken next time`,
  };
}

/** What is known of a feed that was never taken: it is due. */
export function neverTaken(key: string): FeedState {
  return {
    cursor: undefined,
    sourceKey: key,
    running: undefined,
    endedAt: undefined,
    counts: NO_COUNTS,
    succeededAt: undefined,
    error: undefined,
    failures: 0,
    nextAt: 0,
  };
}

/** Writes a feed's state as long as nobody else does. */
class Keeper {
  readonly #deps: PullDeps;
  readonly #feed: string;
  #version: number;

  constructor(deps: PullDeps, feed: string, version: number) {
    this.#deps = deps;
    this.#feed = feed;
    this.#version = version;
  }

  async end(record: FeedState): Promise<FeedState | undefined> {
    return (await this.set(record)) ? record : undefined;
  }

  async set(record: FeedState): Promise<boolean> {
    const one = { id: this.#feed, version: this.#version, record };
    const isOurs = await this.#deps.state.records.compareAndSet("feed-state", one);
    this.#version += 1;
    return isOurs;
  }
}

function plus(
  counts: PullCounts,
  bytes: number,
  { state, counts: made }: ImportRecord,
): PullCounts {
  const entries = { ...counts.entries };
  for (const [name, n] of Object.entries(made)) {
    entries[name] = (entries[name] ?? 0) + n;
  }
  return {
    ...counts,
    documents: counts.documents + 1,
    unusable: counts.unusable + (state === "failed" ? 1 : 0),
    bytes: counts.bytes + bytes,
    entries,
  };
}

function onTime({ nextRun, random }: PullDeps, source: FeedSource): number {
  const jitterMs = Math.floor(random() * source.jitterSeconds * 1000);
  return nextRun(source.schedule, source.timezone) + jitterMs;
}

function pauseAfter(failures: number, error: unknown): number {
  const said = error instanceof ServiceError ? Number(error.facts["retryAfterMs"] ?? 0) : 0;
  const pause = FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20);
  return Math.max(Math.min(pause, LONGEST_PAUSE_MS), said);
}
