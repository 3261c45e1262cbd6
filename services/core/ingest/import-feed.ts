/** A feed file becomes indicators, pattern records and a report of what became of each entry. */
import { instantToMs, parseTimestamp, StixError } from "stix2-ts";
import { ServiceError } from "../errors.ts";
import { patternKey } from "../identity.ts";
import type { CompileText } from "../match/compile.ts";
import type { Clock, Hash, State } from "../ports.ts";
import type {
  ImportEntry,
  ImportRecord,
  IndicatorRecord,
  PatternInput,
  PatternOptions,
} from "../records.ts";
import type { EntryReport, FeedContent, FeedIndicator } from "./feed-content.ts";
import type { CsvLayout } from "../feeds/csv-layout.ts";
import type { FeedPolicy } from "../feeds/feed-source.ts";
import { partsOf, type FeedPart } from "./feed-part.ts";
import { optionsUnder, typesRefused, underPolicy } from "./under-policy.ts";
import { limitationOf, type Limitation } from "../schema/limitation.ts";
import { literalsOf } from "../suppress/observed-value.ts";
import type { WarningLists } from "../suppress/warning-lists.ts";

export interface ImportDeps {
  readonly state: Pick<State, "patterns" | "indicators" | "imports" | "bookmarks">;
  readonly compile: CompileText;
  readonly read: (name: string, bytes: Uint8Array, layout?: CsvLayout) => FeedContent;
  readonly hash: Hash;
  readonly now: Clock;
  readonly options: PatternOptions;
  /** Named in reports where they know a value; absent: none. */
  readonly warningLists?: () => Promise<WarningLists>;
}

export interface FeedFile {
  readonly feed: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Digest of the bytes. */
  readonly content: string;
  /** Absent: none. */
  readonly policy?: FeedPolicy;
  /** Of the feed's CSV files; absent: it has none. */
  readonly layout?: CsvLayout;
  /** Tells takings of a feed apart: what goes back to an earlier content is imported again. Absent: the same content is one import. */
  readonly taking?: number;
}

/** An indicator that was compiled, or why it was not. */
export interface Prepared {
  readonly indicator: FeedIndicator;
  readonly key: string | undefined;
  readonly limitation: Limitation | undefined;
  readonly rejected: { readonly code: string; readonly reason: string } | undefined;
  /** Warning lists that name one of its values, by id. */
  readonly warningLists: readonly string[];
}

/** Compiles a feed's indicators; one that can't be compiled is a value, not an error. */
export function prepareIndicators(
  content: Pick<FeedPart, "indicators">,
  deps: Pick<ImportDeps, "compile" | "hash" | "options">,
  lists?: WarningLists,
  policy: FeedPolicy = {},
): readonly Prepared[] {
  const nothing = { key: undefined, limitation: undefined, warningLists: [] };
  return content.indicators.map((indicator) => {
    try {
      const { pattern } = deps.compile(indicator.pattern, deps.options);
      const refused = typesRefused(pattern, policy);
      if (refused.length > 0) {
        const reason = `the feed's policy does not allow patterns over ${refused.join(", ")}`;
        return { ...nothing, indicator, rejected: { code: "feed/type-not-allowed", reason } };
      }
      return {
        indicator,
        key: patternKey(pattern, deps.options, deps.hash),
        limitation: limitationOf(pattern),
        rejected: undefined,
        warningLists: lists === undefined ? [] : lists.naming(literalsOf(pattern)),
      };
    } catch (error) {
      if (!(error instanceof StixError)) {
        throw error;
      }
      const rejected = { code: error.code, reason: error.message };
      return { ...nothing, indicator, rejected };
    }
  });
}

/** A feed file's name in the state: the same content under the same name, policy and layout is one import, in one taking. */
export function importId(
  { feed, name, content, policy, layout, taking }: Omit<FeedFile, "bytes">,
  hash: Hash,
): string {
  const how = [policy, layout, taking].filter((one) => one !== undefined);
  return hash(JSON.stringify([feed, name, content, ...how]));
}

/**
 * Imports a feed file. The same content under the same name is imported once; a crash in between is mended
 * by importing again. A file that is unusable as a whole is recorded as failed.
 */
export async function importFeed(deps: ImportDeps, file: FeedFile): Promise<ImportRecord> {
  const id = importId(file, deps.hash);
  const before = await deps.state.imports.get(id);
  if (before?.state === "done") {
    return before;
  }
  const read = readContent(deps, file, id);
  if ("failed" in read) {
    await deps.state.imports.put(read.failed);
    return read.failed;
  }
  const entries: ImportEntry[] = [];
  for (const part of partsOf(read.content)) {
    entries.push(...(await storePart(deps, file, part)));
  }
  // Written last: until then the import counts as not done and is made again.
  const done = finished(read.begun, entries, deps.now());
  await deps.state.imports.put(done);
  return done;
}

/** Reads a feed file: its content and the record of an import that has begun, or the record of one that failed. */
export function readContent(
  deps: Pick<ImportDeps, "read" | "now">,
  file: FeedFile,
  id: string,
):
  | { readonly content: FeedContent; readonly begun: ImportRecord }
  | { readonly failed: ImportRecord } {
  const begun: ImportRecord = {
    id,
    feed: file.feed,
    name: file.name,
    content: file.content,
    state: "running",
    error: undefined,
    startedAt: deps.now(),
    finishedAt: deps.now(),
    format: undefined,
    counts: {},
    entries: [],
  };
  try {
    const content = deps.read(file.name, file.bytes, file.layout);
    const ignored = Object.values(content.ignored).reduce((sum, n) => sum + n, 0);
    const counts = { indicators: content.indicators.length, ignored };
    return { content, begun: { ...begun, format: content.format, counts } };
  } catch (error) {
    if (!(error instanceof StixError) && !(error instanceof ServiceError)) {
      throw error;
    }
    return { failed: { ...begun, state: "failed", error: `${error.code}: ${error.message}` } };
  }
}

/** Stores one part of a feed's indicators; twice is as good as once. */
export async function storePart(
  given: ImportDeps,
  { feed, policy = {} }: Pick<FeedFile, "feed" | "policy">,
  part: FeedPart,
): Promise<readonly ImportEntry[]> {
  const deps = { ...given, options: optionsUnder(given.options, policy) };
  const now = deps.now();
  const indicators = part.indicators.map((one) => underPolicy(one, policy, now));
  const prepared = prepareIndicators({ indicators }, deps, await deps.warningLists?.(), policy);
  await store(deps, feed, prepared);
  return reportEntries(part, prepared);
}

/** The record of an import whose entries are all stored. */
export function finished(
  begun: ImportRecord,
  entries: readonly ImportEntry[],
  now: number,
): ImportRecord {
  const counts = { ...begun.counts };
  for (const entry of entries) {
    counts[entry.status] = (counts[entry.status] ?? 0) + 1;
  }
  return { ...begun, state: "done", finishedAt: now, counts, entries };
}

async function store(
  { state, options }: ImportDeps,
  feed: string,
  prepared: readonly Prepared[],
): Promise<void> {
  const records: IndicatorRecord[] = [];
  const patterns = new Map<string, PatternInput>();
  for (const { indicator, key, limitation } of prepared) {
    if (key !== undefined) {
      records.push(toRecord(feed, indicator, key, limitation));
      patterns.set(key, { key, pattern: indicator.pattern, options });
    }
  }
  const { left } = await state.indicators.upsert(records);
  // What an indicator no longer says is no longer looked for, unless another says it.
  const keys = [...new Set([...patterns.keys(), ...left])];
  // After the indicators: whoever cleans the mark has seen them.
  await state.bookmarks.soil(keys);
  const standing = new Set(
    (await state.indicators.byPattern(keys)).filter((i) => !i.revoked).map((i) => i.patternKey),
  );
  await state.patterns.activate([...patterns.values()].filter(({ key }) => standing.has(key)));
  await state.patterns.retire(keys.filter((key) => !standing.has(key)));
}

/** The record of an indicator that a feed has. */
export function toRecord(
  feed: string,
  indicator: FeedIndicator,
  key: string,
  limitation: Limitation | undefined,
): IndicatorRecord {
  return {
    feed,
    id: indicator.id,
    patternKey: key,
    pattern: indicator.pattern,
    name: indicator.name ?? "",
    description: indicator.description ?? "",
    modified: indicator.modified ?? indicator.created ?? "",
    validFrom: toMs(indicator.validFrom),
    validUntil: toMs(indicator.validUntil),
    revoked: indicator.revoked,
    confidence: indicator.confidence,
    labels: indicator.labels,
    markings: indicator.markings,
    killChain: indicator.killChain,
    context: indicator.context,
    notes: limitation === undefined ? [] : [limitation.reason],
  };
}

function toMs(text: string | undefined): number | undefined {
  const instant = text === undefined ? undefined : parseTimestamp(text);
  return instant === undefined ? undefined : Math.floor(instantToMs(instant));
}

/** One entry for each of the feed's, with what compiling and the log schema add to the feed format's word. */
export function reportEntries(
  content: Pick<FeedPart, "entries">,
  prepared: readonly Prepared[],
): readonly ImportEntry[] {
  const byId = new Map(prepared.map((one) => [one.indicator.id, one] as const));
  return content.entries
    .filter((entry) => entry.status !== "ignored")
    .map((entry): ImportEntry => {
      const usable = entry.status === "accepted" || entry.status === "partly";
      const one = usable && entry.id !== undefined ? byId.get(entry.id) : undefined;
      return {
        status: statusOf(entry.status, one),
        id: entry.id,
        where: entry.where,
        code: one?.rejected?.code ?? one?.limitation?.code ?? entry.code,
        reason: one?.rejected?.reason ?? one?.limitation?.reason ?? entry.reason,
        lost: entry.lost ?? [],
        ...(entry.repaired !== undefined && { repaired: entry.repaired }),
        ...(one !== undefined && one.warningLists.length > 0 && { warningLists: one.warningLists }),
      };
    });
}

function statusOf(status: EntryReport["status"], one: Prepared | undefined): ImportEntry["status"] {
  if (status === "rejected" || status === "ignored" || one?.rejected !== undefined) {
    return "rejected";
  }
  if (one?.limitation === undefined) {
    return status;
  }
  return one.limitation.code === "match/unmatchable" ? "unmatchable" : "not-yet-evaluated";
}
