import type { Rectangle } from "../coverage/ledger.ts";
import type { LoadedPatterns } from "../match/pattern-catalog.ts";
import { Wanted } from "../match/wanted.ts";
import type { EventStore, StoredEvent } from "../ports.ts";

/** A way to find candidates: it may yield more events than can match, never fewer. */
export interface Strategy {
  readonly name: "push" | "pull";
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
  candidates: (store, area) => store.read(area.partition, area.from, area.to),
};

/** Asks the store for the events that hold one of the patterns' anchors. */
export const push: Strategy = {
  name: "push",
  admissible: ({ wanted }) => wanted !== undefined,
  candidates: (store, area, { wanted = new Wanted() }) =>
    store.search(area.partition, area.from, area.to, wanted),
};

/** Reading fewer events than this is cheaper than asking for some of them. */
const SMALL_READ = 500;

/** Admissible first, cheapest second: where there is much to read, the store is asked. */
export function chooseStrategy(area: Rectangle, patterns: LoadedPatterns): Strategy {
  return push.admissible(patterns) && area.to - area.from > SMALL_READ ? push : pull;
}
