/** What an import would do, before it does: the report of each entry, what is live already, and what history it would hit. */
import type { CompiledPattern } from "stix2-ts";
import { judge, lookAtHolds, type HoldDeps } from "../alert/judge.ts";
import {
  importId,
  prepareIndicators,
  readContent,
  reportEntries,
  finished,
  toRecord,
  type FeedFile,
  type ImportDeps,
  type Prepared,
} from "../ingest/import-feed.ts";
import type { State } from "../ports.ts";
import type { ImportEntry, IndicatorRecord } from "../records.ts";
import { findHits, type FindDeps, type FindLimits, type SearchReport } from "./find-hits.ts";
import { Tally, type Hits, type HostHits } from "./tally.ts";

export interface PreviewDeps
  extends FindDeps, HoldDeps, Omit<ImportDeps, "state" | "warningLists"> {
  readonly state: Pick<State, "patterns" | "indicators" | "ledger" | "records">;
}

export interface PreviewOptions extends FindLimits {
  /** Events before this time are not counted. */
  readonly since: number;
}

export interface PreviewEntry extends ImportEntry {
  /** Feeds that have a live indicator of the same meaning; empty: none. */
  readonly duplicateOf: readonly string[];
  readonly hits: Hits | undefined;
}

export interface Preview {
  readonly name: string;
  readonly format: string | undefined;
  /** Why the file can't be used at all. */
  readonly error: string | undefined;
  /** As of an import; `duplicates` are live already, `repeated` mean what one before them in the file does. */
  readonly counts: Readonly<Record<string, number>>;
  readonly entries: readonly PreviewEntry[];
  readonly since: number;
  readonly search: SearchReport | undefined;
  readonly hits: Hits | undefined;
  /** How many distinct patterns hit something. */
  readonly patternsHit: number;
  /** The hosts that were hit most. */
  readonly hosts: readonly HostHits[];
}

const MOST_HOSTS = 100;

/** Tells what importing a feed file would do; writes nothing. */
export async function previewFeed(
  deps: PreviewDeps,
  file: FeedFile,
  options: PreviewOptions,
): Promise<Preview> {
  const { since } = options;
  const read = readContent(deps, file, importId(file, deps.hash));
  const nothing = { name: file.name, entries: [], since, search: undefined, hits: undefined, patternsHit: 0, hosts: [] }; // prettier-ignore
  if ("failed" in read) {
    return { ...nothing, format: undefined, error: read.failed.error, counts: {} };
  }
  const holds = await lookAtHolds(deps);
  const prepared = prepareIndicators(read.content, deps, holds.lists);
  const speaking = await speakersOf(deps, file.feed, prepared);
  const tally = new Tally();
  const now = deps.now();
  const costs = new Map((await deps.state.ledger.rows()).map((row) => [row.partition, row.costs] as const)); // prettier-ignore
  const search = await findHits(deps, compileNew(deps, prepared), costs, options, (match) => {
    if (match.time >= since) {
      const indicators = speaking.all.get(match.patternKey) ?? [];
      const logged = { ...match, number: 0, heldBack: undefined };
      tally.add(match, judge(logged, indicators, holds, now) !== undefined);
    }
  });
  const keys = new Map(prepared.map(({ indicator, key }) => [indicator.id, key] as const));
  const reported = reportEntries(read.content, prepared);
  const entries = reported.map((entry): PreviewEntry => {
    const key = entry.id !== undefined && entry.status !== "rejected" ? (keys.get(entry.id) ?? "") : ""; // prettier-ignore
    return {
      ...entry,
      duplicateOf: speaking.live.get(key) ?? [],
      hits: tally.ofPattern(key),
    };
  });
  const usable = prepared.filter(({ key }) => key !== undefined);
  const { format, counts } = finished(read.begun, reported, now);
  return {
    ...nothing,
    format,
    error: undefined,
    counts: {
      ...counts,
      duplicates: entries.filter(({ duplicateOf }) => duplicateOf.length > 0).length,
      repeated: usable.length - new Set(usable.map(({ key }) => key)).size,
      warningListed: entries.filter(({ warningLists = [] }) => warningLists.length > 0).length,
    },
    entries,
    search,
    hits: tally.all,
    patternsHit: tally.patterns,
    hosts: tally.hosts(MOST_HOSTS),
  };
}

interface Speakers {
  /** Pattern → its indicators, as they would be. */
  readonly all: ReadonlyMap<string, readonly IndicatorRecord[]>;
  /** Live pattern → feeds that have it now, in order. */
  readonly live: ReadonlyMap<string, readonly string[]>;
}

async function speakersOf(
  { state }: PreviewDeps,
  feed: string,
  prepared: readonly Prepared[],
): Promise<Speakers> {
  const own = prepared.flatMap(({ indicator, key, limitation }) =>
    key === undefined ? [] : [toRecord(feed, indicator, key, limitation)],
  );
  const keys = [...new Set(own.map(({ patternKey }) => patternKey))];
  const ids = new Set(own.map(({ id }) => id));
  const there = await state.indicators.byPattern(keys);
  const liveKeys = new Set((await state.patterns.find(keys)).flatMap((one) => (one.live ? [one.key] : []))); // prettier-ignore
  const standing = there.filter((one) => !one.revoked && liveKeys.has(one.patternKey));
  return {
    // An indicator that the feed has already is replaced by its own.
    all: Map.groupBy([...own, ...there.filter((one) => one.feed !== feed || !ids.has(one.id))], (one) => one.patternKey), // prettier-ignore
    live: new Map(
      [...Map.groupBy(standing, (one) => one.patternKey)].map(([key, list]) => [
        key,
        [...new Set(list.map((one) => one.feed))].toSorted(),
      ]),
    ),
  };
}

/** The patterns that would be live, each once. */
function compileNew(
  { compile, options }: PreviewDeps,
  prepared: readonly Prepared[],
): ReadonlyMap<string, CompiledPattern> {
  const compiled = new Map<string, CompiledPattern>();
  for (const { indicator, key } of prepared) {
    if (key !== undefined && !indicator.revoked && !compiled.has(key)) {
      compiled.set(key, compile(indicator.pattern, options));
    }
  }
  return compiled;
}
