/** Feeds that people make through the API. */
import { ServiceError } from "../errors.ts";
import type { Clock, RecordStore, Versioned } from "../ports.ts";
import type { FeedRecord } from "./feed-record.ts";
import { hastenFeed } from "./plan-feeds.ts";
import type { FeedSource } from "./feed-source.ts";

/** Feeds of one installation. */
const MOST_FEEDS = 2000;
/** What comes by itself and has no source. */
const BUILT_IN: readonly string[] = ["inbox", "upload", "sample"];

/** Makes a feed, or replaces one that was made so; throws `feed/declared-in-file`, `feed/built-in`, `feed/too-many`. */
export async function declareFeed(
  deps: { readonly records: RecordStore; readonly now: Clock },
  id: string,
  source: FeedSource,
  by: string,
): Promise<Versioned<FeedRecord>> {
  const { records, now } = deps;
  if (BUILT_IN.includes(id)) {
    throw new ServiceError("feed/built-in", `${id} is the name of a feed without a source`);
  }
  for (;;) {
    const before = await records.get("feed", id);
    requireOwn(id, before);
    if (before === undefined && (await records.list("feed")).length >= MOST_FEEDS) {
      throw new ServiceError("feed/too-many", `there are ${MOST_FEEDS} feeds`);
    }
    const record: FeedRecord = { source, origin: "api", problem: undefined, by, at: now() };
    const version = before?.version ?? 0;
    if (await records.compareAndSet("feed", { id, version, record })) {
      await hastenFeed(records, id, now);
      return { id, version: version + 1, record };
    }
  }
}

/** Takes a feed away; its indicators stay. False where there is none; throws `feed/declared-in-file`. */
export async function removeFeed(records: RecordStore, id: string): Promise<boolean> {
  for (;;) {
    const before = await records.get("feed", id);
    if (before === undefined) {
      return false;
    }
    requireOwn(id, before);
    if (await records.remove("feed", id, before.version)) {
      return true;
    }
  }
}

function requireOwn(id: string, before: Versioned<FeedRecord> | undefined): void {
  if (before?.record.origin === "file") {
    throw new ServiceError(
      "feed/declared-in-file",
      `the feed ${id} is declared in a file; change the file`,
    );
  }
}
