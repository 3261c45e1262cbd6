import type { Rectangle } from "../coverage/ledger.ts";
import type { LoadedPatterns } from "../match/pattern-catalog.ts";
import { Wanted } from "../match/wanted.ts";
import type { EventStore, StoredEvent } from "../ports.ts";
import type { SweepCosts } from "../records.ts";
import { cheaper, type StrategyName } from "./costs.ts";

/** A way to find candidates: it may yield more events than can match, never fewer. */
export interface Strategy {
  readonly name: StrategyName;
  /** Whether it may be used for these patterns at all. */
  readonly admissible: (patterns: LoadedPatterns) => boolean;
  readonly candidates: (
    store: EventStore,
    area: Rectangle,
    patterns: LoadedPatterns,
  ) => AsyncIterable<readonly StoredEvent[]>;
}

/** Reads every event. */
export const pull: Strategy = {
  name: "pull",
  admissible: () => true,
  candidates: (store, area, { picker }) => store.read(area.partition, area.from, area.to, picker),
};

/** Asks the store for the events that hold one of the patterns' anchors. */
export const push: Strategy = {
  name: "push",
  admissible: ({ wanted }) => wanted !== undefined,
  candidates: (store, area, { wanted = new Wanted(), picker }) =>
    store.search(area.partition, area.from, area.to, wanted, picker),
};

/** Admissible first, cheapest second, by what the partition's jobs have taken. */
export function chooseStrategy(
  area: Rectangle,
  patterns: LoadedPatterns,
  costs: SweepCosts = {},
): Strategy {
  return push.admissible(patterns) && cheaper(costs, area.to - area.from) === "push" ? push : pull;
}
