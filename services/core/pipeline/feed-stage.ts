/** Feed files on their way through queues: fetched and read by one worker, stored in parts by many. */
import { ServiceError } from "../errors.ts";
import type { FeedPolicy } from "../feeds/feed-source.ts";
import { partsOf, type FeedPart } from "../ingest/feed-part.ts";
import {
  finished,
  importId,
  readContent,
  storePart,
  type FeedFile,
  type ImportDeps,
} from "../ingest/import-feed.ts";
import type { JobQueue } from "../job-queue.ts";
import type { ImportRecord } from "../records.ts";

/** A feed file that is to be read; its bytes stay where they are. */
export type FetchJob = Omit<FeedFile, "bytes">;

/** A part of a feed that is to be stored. */
export interface PartJob {
  readonly importId: string;
  readonly feed: string;
  readonly policy?: FeedPolicy;
  readonly part: number;
  readonly parts: number;
  readonly body: FeedPart;
}

export interface FeedStageDeps extends ImportDeps {
  readonly fetchQueue: JobQueue<FetchJob>;
  readonly partQueue: JobQueue<PartJob>;
  /** The bytes of a feed file; throws where it can't be read. */
  readonly fetch: (name: string) => Promise<Uint8Array>;
  readonly contentHash: (bytes: Uint8Array) => string;
}

const PRIORITY = 1;

/** Queues a feed file, unless it has been imported. Called again at every look until it has: queues may be lost. */
export async function queueFeed(
  deps: FeedStageDeps,
  file: FetchJob,
): Promise<"queued" | "waiting" | "ended"> {
  const id = importId(file, deps.hash);
  const before = await deps.state.imports.get(id);
  if (before?.state === "done" || before?.state === "failed") {
    return "ended";
  }
  if (before?.state === "running" && (await deps.partQueue.depth()) > 0) {
    return "waiting"; // for its parts
  }
  const added = await deps.fetchQueue.add([{ key: id, data: file, priority: PRIORITY }]);
  return added > 0 ? "queued" : "waiting";
}

/** Reads a feed file and queues its parts. */
export async function fetchFeed(deps: FeedStageDeps, job: FetchJob): Promise<void> {
  const { imports } = deps.state;
  const bytes = await deps.fetch(job.name);
  if (deps.contentHash(bytes) !== job.content) {
    return; // it was replaced meanwhile: the next look queues what it is now
  }
  const id = importId(job, deps.hash);
  if ((await imports.get(id))?.state !== "done") {
    await queueParts(deps, { ...job, bytes }, id);
  }
}

/** Pauses between two looks at an import whose parts others store. */
const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 2000;

/**
 * Reads a feed file here, has its parts stored by whichever workers take them, and returns when all are. Parts that were lost with
 * their queue are queued again. Throws what the signal says when it comes first.
 */
export async function importThroughQueue(
  deps: FeedStageDeps & { readonly pause: (ms: number, signal: AbortSignal) => Promise<void> },
  file: FeedFile,
  signal: AbortSignal,
): Promise<ImportRecord> {
  const id = importId(file, deps.hash);
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS)) {
    // Looked at first: while the last part is being stored, the queue is not empty.
    const isIdle = (await deps.partQueue.depth()) === 0;
    const record = await deps.state.imports.get(id);
    if (record?.state === "done" || record?.state === "failed") {
      return record;
    }
    if (record === undefined || isIdle) {
      await queueParts(deps, file, id);
    }
    await deps.pause(lookMs, signal);
  }
}

async function queueParts(deps: FeedStageDeps, file: FeedFile, id: string): Promise<void> {
  const { imports } = deps.state;
  const read = readContent(deps, file, id);
  if ("failed" in read) {
    await imports.put(read.failed);
    return;
  }
  const parts = [...partsOf(read.content)];
  await imports.put({ ...read.begun, parts: parts.length });
  if (parts.length === 0) {
    await imports.put(finished(read.begun, [], deps.now()));
    return;
  }
  const { feed, policy } = file;
  await deps.partQueue.add(
    parts.map((body, part) => ({
      key: `${id} ${part}`,
      data: {
        importId: id,
        feed,
        ...(policy !== undefined && { policy }),
        part,
        parts: parts.length,
        body,
      },
      priority: PRIORITY,
    })),
  );
}

/** Stores a part; whoever stores the last one that was missing ends the import. */
export async function storeFeedPart(deps: FeedStageDeps, job: PartJob): Promise<void> {
  const { imports } = deps.state;
  const record = await imports.get(job.importId);
  if (record === undefined) {
    throw new ServiceError("feed/import-unknown", `there is no import ${job.importId}`, {
      retryable: true,
    });
  }
  if (record.state !== "running") {
    return;
  }
  await imports.putPart(job.importId, job.part, await storePart(deps, job, job.body));
  const parts = await imports.parts(job.importId);
  if (parts.size >= job.parts) {
    const entries = [...parts].toSorted(([a], [b]) => a - b).flatMap(([, list]) => list);
    await imports.put(finished(record, entries, deps.now()));
    await imports.dropParts(job.importId);
  }
}
