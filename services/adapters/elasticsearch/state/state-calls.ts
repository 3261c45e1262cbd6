import type { EngineClient } from "../client.ts";
import { writeAll, type Write, type Written } from "./bulk-writes.ts";
import { gathered } from "./gathered.ts";
import { readDocuments, type Place, type Reading } from "./read-documents.ts";
import { refreshWhole, searchAll, type Found, type SearchTarget } from "./search-whole.ts";
import type { Query } from "../search-shard.ts";

/** Single reads, writes and searches of a state, gathered: a fold over hundreds of groups asks as often as one over one. */
export interface StateCalls {
  readonly read: (place: Place) => Promise<Reading>;
  readonly write: (write: Write) => Promise<Written>;
  readonly search: (asked: {
    readonly target: SearchTarget;
    readonly body: Query;
  }) => Promise<Found>;
  /** By path. What was written before it was asked for is seen. */
  readonly refresh: (path: string) => Promise<void>;
}

/** Documents that are read or written by one call, and searches of one call: each of these may be long. */
const MOST = 1000;
const MOST_SEARCHES = 200;

export function stateCalls(client: EngineClient, onPrimary: boolean): StateCalls {
  const refresh = gathered<string, true>(async (paths) => {
    for (const path of new Set(paths)) await refreshWhole(client, path);
    return paths.map(() => true);
  }, MOST);
  return {
    read: gathered(async (places) => readDocuments(client, places, onPrimary), MOST),
    write: gathered(async (writes) => writeAll(client, writes), MOST),
    search: gathered(async (asked) => searchAll(client, asked), MOST_SEARCHES),
    refresh: async (path) => void (await refresh(path)),
  };
}
