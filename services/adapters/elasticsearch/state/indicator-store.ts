import type { IndicatorStore } from "../../../core/ports.ts";
import type { IndicatorFilter, IndicatorRecord } from "../../../core/records.ts";
import type { Query } from "../search-shard.ts";
import { documentId, fromText, toText, type Document, type Source } from "./document.ts";
import { listNumbered, numberOf } from "./numbered-list.ts";
import { SafeLog } from "./safe-log.ts";
import type { StateIndex } from "./state-index.ts";

type Counts = Record<"created" | "updated" | "unchanged", number>;

export class ElasticsearchIndicatorStore implements IndicatorStore {
  readonly #index: StateIndex;
  readonly #log: SafeLog;

  constructor(index: StateIndex) {
    this.#index = index;
    this.#log = new SafeLog(index);
  }

  async upsert(
    indicators: readonly IndicatorRecord[],
  ): Promise<Counts & { readonly left: readonly string[] }> {
    const gone = new Set<string>();
    const counts = { created: 0, updated: 0, unchanged: 0 };
    let left: readonly (readonly [string, readonly IndicatorRecord[]])[] = [
      ...Map.groupBy(indicators, ({ feed, id }) => documentId(feed, id)),
    ];
    while (left.length > 0) {
      const found = await this.#index.read(left.map(([id]) => id));
      const merges = left.map((entry) => ({ entry, ...merge(entry, found.get(entry[0])) }));
      const changed = merges.filter(({ write }) => write !== undefined);
      const written = await this.#index.write(changed.flatMap(({ write }) => write ?? []));
      // Where another was first, the indicator is read again and merged anew.
      const beaten = new Set(changed.filter((_, at) => written[at]?.outcome === "conflict"));
      for (const merged of merges) {
        if (!beaten.has(merged)) {
          counts.created += merged.counts.created;
          counts.updated += merged.counts.updated;
          counts.unchanged += merged.counts.unchanged;
          for (const key of merged.gone) gone.add(key);
        }
      }
      left = [...beaten].map(({ entry }) => entry);
    }
    return { ...counts, left: [...gone] };
  }

  async byPattern(keys: readonly string[]): Promise<readonly IndicatorRecord[]> {
    await this.#index.refresh();
    const found = await this.#index.allWith("patternKey", keys);
    return found
      .toSorted((a, b) => numberOf(a) - numberOf(b))
      .map((document) => fromText<IndicatorRecord>(document));
  }

  async list(
    filter: IndicatorFilter,
    after: number,
    limit: number,
  ): Promise<readonly (IndicatorRecord & { number: number })[]> {
    const terms = (["feed", "id", "patternKey"] as const).flatMap((field): Query[] => {
      const value = filter[field];
      return value === undefined ? [] : [{ term: { [field]: value } }];
    });
    const found = await listNumbered(this.#index, this.#log, terms, after, limit);
    return found.map(({ document, number }) => ({
      ...fromText<IndicatorRecord>(document),
      number,
    }));
  }

  async count(): Promise<number> {
    await this.#index.refresh();
    return this.#index.count({ match_all: {} });
  }

  async countByFeed(): Promise<ReadonlyMap<string, number>> {
    await this.#index.refresh();
    return this.#index.countsOf("feed", { match_all: {} });
  }

  async dueBetween(from: number, to: number): Promise<readonly string[]> {
    await this.#index.refresh();
    return this.#index.valuesOf("patternKey", { range: { validFrom: { gt: from, lte: to } } });
  }

  /** Keys of the patterns that an indicator has, of any feed. */
  async patternsOf(id: string): Promise<readonly string[]> {
    await this.#index.refresh();
    return this.#index.valuesOf("patternKey", { term: { id } });
  }
}

/** Takes a feed's words on one indicator one after another; gives the write that comes of them, if any. */
function merge(
  [id, words]: readonly [string, readonly IndicatorRecord[]],
  known: Document | undefined,
) {
  const counts = { created: 0, updated: 0, unchanged: 0 };
  let standing = known && fromText<IndicatorRecord>(known);
  const gone: string[] = [];
  for (const next of words) {
    if (standing === undefined) {
      counts.created += 1;
    } else if (
      toText(standing) === toText(next) ||
      // An older version that arrives late does not undo a newer one.
      timeOf(standing.modified) > timeOf(next.modified)
    ) {
      counts.unchanged += 1;
      continue;
    } else {
      counts.updated += 1;
      if (standing.patternKey !== next.patternKey) gone.push(standing.patternKey);
    }
    standing = next;
  }
  if (standing === undefined || counts.created + counts.updated === 0) {
    return { counts, gone, write: undefined };
  }
  const action = known === undefined ? ("create" as const) : ("index" as const);
  return { counts, gone, write: { id, action, source: toSource(standing, known), onlyAt: known } };
}

function toSource(indicator: IndicatorRecord, known: Document | undefined): Source {
  const { feed, id, patternKey, validFrom } = indicator;
  return {
    feed,
    id,
    patternKey,
    ...(validFrom !== undefined && { validFrom }),
    ...(known !== undefined && { number: numberOf(known) }),
    record: toText(indicator),
  };
}

/** As text, `…00.5Z` sorts before `…00Z`; a feed that gives no time is older than any that does. */
function timeOf(modified: string): number {
  const time = Date.parse(modified);
  return Number.isNaN(time) ? -Infinity : time;
}
