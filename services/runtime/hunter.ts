import { compilePattern, parsePattern, type CompiledPattern, type PatternSet } from "stix2-ts";
import { ServiceError } from "../core/errors.ts";
import { Hunt, type FoundEvent, type HuntLimits } from "../core/hunt/hunt.ts";
import { findProcessTree, type ProcessTree, type TreeQuery } from "../core/hunt/process-tree.ts";
import { searchEvents, type EventQuery, type EventsFound } from "../core/hunt/search-events.ts";
import type { EventStore, Picker } from "../core/ports.ts";
import { Turns } from "../core/turns.ts";
import { coreDeps } from "./core-deps.ts";

/** Looks into the stored events for people who wait for the answer. */
export interface Hunter {
  readonly search: (query: EventQuery) => Promise<EventsFound>;
  /** Undefined where no event names the process. */
  readonly tree: (query: TreeQuery) => Promise<ProcessTree | undefined>;
  /** Undefined where no Sysmon event stands. */
  readonly at: (partition: string, position: number) => Promise<FoundEvent | undefined>;
}

const LIMITS: HuntLimits = { mostMs: 15_000, mostEvents: 3_000_000 };

/** Makes hunts take turns, two at a time: each may read much, and the engine has other work. */
export function makeHunter(events: EventStore, makePicker?: (set: PatternSet) => Picker): Hunter {
  const deps = {
    events,
    elapsed: coreDeps.elapsed,
    regex: coreDeps.regex,
    compile,
    ...(makePicker !== undefined && { makePicker }),
  };
  const lanes = [new Turns(), new Turns()];
  let asked = 0;
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    asked += 1;
    return (lanes[asked % lanes.length] ?? new Turns()).take(work);
  };
  return {
    search: async (query) => inTurn(async () => searchEvents(deps, query, LIMITS)),
    tree: async (query) => inTurn(async () => findProcessTree(deps, query, LIMITS)),
    at: async (partition, position) => new Hunt(deps, LIMITS).at(partition, position),
  };
}

function compile(pattern: string): CompiledPattern {
  const { mode, regex } = { mode: "observable", regex: coreDeps.regex } as const;
  const compiled = compilePattern(parsePattern(pattern), { mode, regex });
  if (!compiled.singleObservation) {
    throw new ServiceError(
      "hunt/several-observations",
      "the pattern is over several events; a hunt looks at one event at a time",
    );
  }
  return compiled;
}
