/** Which feeds are there, and which are due. */
import type { JobQueue } from "../job-queue.ts";
import type { Clock, RecordStore, State } from "../ports.ts";
import type { FeedRecord } from "./feed-record.ts";
import type { FeedSource } from "./feed-source.ts";

/** A feed that is to be taken. */
export interface PullJob {
  readonly feed: string;
}

/** A feed's file as it is now: its source, or why it can't be used. */
export type FeedFileContent = { readonly source: FeedSource } | { readonly problem: string };

const PRIORITY = 1;

/** Queues the feeds whose time has come; returns how many were. */
export async function queueDueFeeds(deps: {
  readonly state: Pick<State, "records">;
  readonly queue: JobQueue<PullJob>;
  readonly now: Clock;
}): Promise<number> {
  const { records } = deps.state;
  const [feeds, states] = await Promise.all([records.list("feed"), records.list("feed-state")]);
  const nextAt = new Map(states.map(({ id, record }) => [id, record.nextAt] as const));
  const due = feeds.filter(
    ({ id, record }) => record.source?.enabled === true && (nextAt.get(id) ?? 0) <= deps.now(),
  );
  return due.length === 0
    ? 0
    : deps.queue.add(due.map(({ id }) => ({ key: id, data: { feed: id }, priority: PRIORITY })));
}

/**
 * Brings the feeds that files declare into the state: a file wins over a feed of the API of the same name; a file that can't
 * be used leaves the feed as it was, with the problem told; a feed whose file is gone goes, its indicators stay.
 */
export async function declareFeeds(
  records: RecordStore,
  files: ReadonlyMap<string, FeedFileContent>,
  now: Clock,
): Promise<void> {
  const known = new Map((await records.list("feed")).map((one) => [one.id, one] as const));
  for (const [id, file] of files) {
    const before = known.get(id);
    if ("problem" in file && before?.record.origin === "api") {
      continue; // the feed of that name is another's, until the file can be used
    }
    const own = before?.record.origin === "file" ? before.record : undefined;
    const record: FeedRecord = {
      source: "source" in file ? file.source : own?.source,
      origin: "file",
      problem: "problem" in file ? file.problem : undefined,
      by: "file",
      at: now(),
    };
    if (own === undefined || !isSame(own, record)) {
      await records.compareAndSet("feed", { id, version: before?.version ?? 0, record });
      await hastenFeed(records, id, now);
    }
  }
  for (const [id, { version, record }] of known) {
    if (record.origin === "file" && !files.has(id)) {
      await records.remove("feed", id, version);
    }
  }
}

/** Makes a feed due now; false where there is none, or none that is taken. */
export async function hastenFeed(records: RecordStore, feed: string, now: Clock): Promise<boolean> {
  for (;;) {
    const found = (await records.get("feed", feed))?.record.source;
    if (found?.enabled !== true) {
      return false;
    }
    const before = await records.get("feed-state", feed);
    if (before === undefined || before.record.running !== undefined) {
      return true; // it is due, or being taken
    }
    const record = { ...before.record, nextAt: now() };
    if (await records.compareAndSet("feed-state", { ...before, record })) {
      return true;
    }
  }
}

function isSame(a: FeedRecord, b: FeedRecord): boolean {
  return JSON.stringify([a.source, a.problem]) === JSON.stringify([b.source, b.problem]);
}
