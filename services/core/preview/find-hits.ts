/** What patterns that are not live would match in the store: no state is asked for patterns, and nothing is written. */
import type { CompiledPattern, PatternSet } from "stix2-ts";
import { messageOf } from "../errors.ts";
import { GatheredPatterns, type LoadedPatterns } from "../match/pattern-catalog.ts";
import { verify } from "../match/verify.ts";
import type { Clock, EventStore, Hash, Partition, Picker } from "../ports.ts";
import type { MatchRecord, SweepCosts } from "../records.ts";
import { CollectedHits } from "../scan/collected-hits.ts";
import { chooseStrategy, pull } from "../sweep/strategies.ts";

export interface FindDeps {
  readonly events: EventStore;
  readonly hash: Hash;
  /** For durations: it never jumps. */
  readonly elapsed: Clock;
  readonly makePicker?: (set: PatternSet) => Picker;
}

export interface FindLimits {
  readonly mostMs: number;
  readonly mostMatches: number;
}

/** Patterns that were looked for together, and the events that they have met. */
export interface SearchedPart {
  readonly patterns: number;
  readonly events: number;
}

/** How far a search came. */
export interface SearchReport {
  /** Every event of the store has met every pattern. */
  readonly complete: boolean;
  /** Why it ended before: the time was up, or there were too many matches. */
  readonly stoppedBy: "time" | "matches" | undefined;
  /** Events of the store. */
  readonly events: number;
  readonly parts: readonly SearchedPart[];
  /** What could not be searched or decided, in words; not all of many. */
  readonly problems: readonly string[];
}

interface Slice {
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  readonly isCold: boolean;
  /** How many of the same partition come before it. */
  readonly turn: number;
}

/** The newest events of a partition are looked at first, then twice as many of older ones, and so on. */
const FIRST_SLICE = 50_000;
const MOST_PROBLEMS = 20;

/**
 * Gives every match of the patterns to `found`, each once, the newest events first; those over several events at the end.
 * Patterns that are looked up by whole values come first, then those of ranges, parts and regexes, then those that need all
 * events to be read: what is quick to find does not wait for the rest. Limits are looked at after each batch.
 */
export async function findHits(
  deps: FindDeps,
  patterns: ReadonlyMap<string, CompiledPattern>,
  costs: ReadonlyMap<string, SweepCosts>,
  limits: FindLimits,
  found: (match: MatchRecord) => void,
): Promise<SearchReport> {
  const search = new HitSearch(deps, costs, limits, found);
  const partitions = await deps.events.partitions();
  const slices = slicesOf(partitions);
  const parts: SearchedPart[] = [];
  for (const part of partsOf(patterns)) {
    parts.push({ patterns: part.length, events: await search.run(part, slices) });
  }
  search.complete(patterns);

  const events = partitions.reduce((sum, { bound }) => sum + bound, 0);
  const { stoppedBy, problems } = search;
  const complete = problems.length === 0 && parts.every((part) => part.events === events);
  return { complete, stoppedBy, events, parts, problems };
}

class HitSearch {
  readonly #deps: FindDeps;
  readonly #costs: ReadonlyMap<string, SweepCosts>;
  readonly #limits: FindLimits;
  readonly #found: (match: MatchRecord) => void;
  readonly #end: number;
  /** The same event may stand in two indices. */
  readonly #seen = new Set<string>();
  readonly #hits = new CollectedHits();
  readonly problems: string[] = [];
  stoppedBy: SearchReport["stoppedBy"];

  constructor(
    deps: FindDeps,
    costs: ReadonlyMap<string, SweepCosts>,
    limits: FindLimits,
    found: (match: MatchRecord) => void,
  ) {
    this.#deps = deps;
    this.#costs = costs;
    this.#limits = limits;
    this.#found = found;
    this.#end = deps.elapsed() + limits.mostMs;
  }

  /** Searches slices until a limit is reached; returns how many events were searched whole. */
  async run(patterns: KeyedPatterns, slices: readonly Slice[]): Promise<number> {
    const loaded = load(patterns, this.#deps.makePicker);
    let searched = 0;
    for (const slice of slices) {
      if (this.#isOver()) {
        break;
      }
      try {
        searched += (await this.#search(loaded, slice)) ? slice.to - slice.from : 0;
      } catch (error) {
        this.#problem(`${slice.partition}: ${messageOf(error)}`);
      }
    }
    return searched;
  }

  /** Searches a slice; false where a limit came first. */
  async #search(loaded: LoadedPatterns, slice: Slice): Promise<boolean> {
    const { events, hash } = this.#deps;
    const area = { ...slice, below: 0, revision: 0, semantics: 0, stale: false };
    const strategy =
      loaded.wanted === undefined
        ? pull
        : chooseStrategy(area, loaded, this.#costs.get(slice.partition));
    for await (const batch of strategy.candidates(events, area, loaded)) {
      for (const stored of batch) {
        const { matches, hits, poisoned } = verify(loaded.set, slice.partition, stored, hash);
        for (const match of matches) this.#take(match);
        this.#hits.add(hits, undefined);
        for (const { pattern, error } of poisoned) {
          this.#problem(`pattern ${pattern}: ${messageOf(error)}`);
        }
      }
      if (this.#isOver()) {
        return false;
      }
    }
    return true;
  }

  /** Gives the matches of patterns over several events, among what was found of their parts. */
  complete(patterns: ReadonlyMap<string, CompiledPattern>): void {
    const problem = (message: string): void => this.#problem(message);
    for (const { match } of this.#hits.matches(patterns, this.#deps.hash, problem)) {
      this.#take(match);
    }
  }

  #take(match: MatchRecord): void {
    if (this.#seen.size < this.#limits.mostMatches && !this.#seen.has(match.id)) {
      this.#seen.add(match.id);
      this.#found(match);
    }
  }

  #isOver(): boolean {
    if (this.#seen.size >= this.#limits.mostMatches) this.stoppedBy = "matches";
    else if (this.#deps.elapsed() > this.#end) this.stoppedBy = "time";
    return this.stoppedBy !== undefined;
  }

  #problem(message: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(message);
  }
}

type KeyedPatterns = readonly (readonly [string, CompiledPattern])[];

function partsOf(patterns: ReadonlyMap<string, CompiledPattern>): readonly KeyedPatterns[] {
  const {
    exact = [],
    wide = [],
    none = [],
  } = Object.groupBy(
    patterns,
    ([, { anchors }]) =>
    anchors === undefined ? "none" : anchors.every(({ kind }) => kind === "equals") ? "exact" : "wide", // prettier-ignore
  );
  return [exact, wide, none].filter((part) => part.length > 0);
}

function load(patterns: KeyedPatterns, makePicker: FindDeps["makePicker"]): LoadedPatterns {
  const gathered = new GatheredPatterns();
  for (const [key, compiled] of patterns) {
    gathered.add(key, compiled);
  }
  return { ...gathered, picker: makePicker?.(gathered.set) };
}

/** The newest slices of all partitions first; what is slow to read comes last. */
function slicesOf(partitions: readonly Partition[]): readonly Slice[] {
  const slices: Slice[] = [];
  for (const { id: partition, bound, isCold = false } of partitions.toReversed()) {
    let size = FIRST_SLICE;
    for (let to = bound, turn = 0; to > 0; turn++, size *= 2) {
      const from = Math.max(0, to - size);
      slices.push({ partition, from, to, isCold, turn });
      to = from;
    }
  }
  return slices.toSorted((a, b) => Number(a.isCold) - Number(b.isCold) || a.turn - b.turn);
}
