import { z } from "zod";
import type { Query } from "../search-shard.ts";
import type { Document } from "./document.ts";
import type { Window } from "./held-matches.ts";
import type { StateIndex } from "./state-index.ts";

/** Matches kept with an alert as evidence. */
const SAMPLES = 3;

export interface Fold {
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The earliest by event time, then by number. */
  readonly samples: readonly Document[];
}

const NOTHING: Fold = { count: 0, firstSeen: 0, lastSeen: 0, samples: [] };

const extremes = z.object({
  first: z.object({ value: z.number() }),
  last: z.object({ value: z.number() }),
});

/** Folds the counted matches of a group in the windows: exactly, however many they are. */
export async function foldWindows(
  index: StateIndex,
  group: string,
  base: number,
  windows: readonly Window[],
): Promise<Fold> {
  let whole = NOTHING;
  for (const window of windows) {
    whole = join(whole, await foldWindow(index, group, base, window));
  }
  return whole;
}

async function foldWindow(
  index: StateIndex,
  group: string,
  base: number,
  { after, to, held }: Window,
): Promise<Fold> {
  const range: Query = { range: { _seq_no: { gte: after - base, lte: to - base - 1 } } };
  const { documents, total, aggregations } = await index.search({
    size: SAMPLES,
    sort: [{ time: "asc" }, { _seq_no: "asc" }],
    track_total_hits: true,
    query: {
      bool: {
        filter: [{ term: { group } }, range],
        ...(held.length > 0 && { must_not: [{ ids: { values: held } }] }),
      },
    },
    aggs: { first: { min: { field: "time" } }, last: { max: { field: "time" } } },
  });
  if (total === 0) {
    return NOTHING;
  }
  const { first, last } = extremes.parse(aggregations);
  return { count: total, firstSeen: first.value, lastSeen: last.value, samples: documents };
}

function join(a: Fold, b: Fold): Fold {
  if (a.count === 0 || b.count === 0) {
    return a.count === 0 ? b : a;
  }
  return {
    count: a.count + b.count,
    firstSeen: Math.min(a.firstSeen, b.firstSeen),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    samples: [...a.samples, ...b.samples]
      .toSorted((x, y) => timeOf(x) - timeOf(y) || x.seqNo - y.seqNo)
      .slice(0, SAMPLES),
  };
}

function timeOf({ source }: Document): number {
  return Number(source["time"]);
}
