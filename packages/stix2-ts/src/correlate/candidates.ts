import type { Observation } from "../match/observation.ts";

/** When an observation was made, and how often (STIX 2.1 §4.14); times are milliseconds since 1970. */
export type Interval = Pick<Observation, "firstObserved" | "lastObserved" | "numberObserved">;

/** The observations that a leaf takes, by time, with quick counts of those that touch a window. */
export class Candidates {
  /** Places in the list of observations, ordered by `lastObserved`, then `firstObserved`. */
  readonly places: Int32Array;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  /** Starts in ascending order, and how many observations stand before each in either order. */
  readonly #sortedStarts: Float64Array;
  readonly #countByEnd: Float64Array;
  readonly #countByStart: Float64Array;

  constructor(observations: readonly Interval[], places: readonly number[]) {
    const at = (place: number) => observations[place] as Interval;
    const byEnd = places.toSorted(
      (a, b) =>
        at(a).lastObserved - at(b).lastObserved ||
        at(a).firstObserved - at(b).firstObserved ||
        a - b,
    );
    const byStart = places.toSorted((a, b) => at(a).firstObserved - at(b).firstObserved);
    this.places = Int32Array.from(byEnd);
    this.#ends = Float64Array.from(byEnd, (place) => at(place).lastObserved);
    this.#starts = Float64Array.from(byEnd, (place) => at(place).firstObserved);
    this.#sortedStarts = Float64Array.from(byStart, (place) => at(place).firstObserved);
    this.#countByEnd = running(byEnd.map((place) => capacity(at(place))));
    this.#countByStart = running(byStart.map((place) => capacity(at(place))));
  }

  get length(): number {
    return this.places.length;
  }

  start(index: number): number {
    return this.#starts[index] as number;
  }

  end(index: number): number {
    return this.#ends[index] as number;
  }

  /** How many observations the record at an index stands for. */
  capacity(index: number): number {
    return (this.#countByEnd[index + 1] as number) - (this.#countByEnd[index] as number);
  }

  /** How many observations all records stand for. */
  get total(): number {
    return this.#countByEnd[this.length] as number;
  }

  /** The first index at or after `from` whose observation ends at `lo` or later. */
  firstEndingFrom(lo: number, from: number): number {
    return Math.max(from, lowerBound(this.#ends, lo));
  }

  /** At most so many observations (each counted `numberObserved` times) of index `from` on touch [lo, hi]. */
  countAtMost(lo: number, hi: number, from: number): number {
    const { total } = this;
    const passed = this.#countByEnd[from] as number;
    const early = this.#countByEnd[lowerBound(this.#ends, lo)] as number;
    const late = total - (this.#countByStart[upperBound(this.#sortedStarts, hi)] as number);
    // None that was passed starts too late if the last of them ends in time; else it must not be taken away twice.
    const isApart = from === 0 || this.end(from - 1) <= hi;
    return total - (isApart ? Math.max(passed, early) + late : Math.max(passed, early + late));
  }
}

/** Upper bound of `number_observed` (STIX 2.1 §4.14); what is above it would make counts inexact. */
const MOST = 999_999_999;

/** How many observations one record of observed-data stands for (STIX 2.1 §4.14 `number_observed`). */
export function capacity({ numberObserved }: Interval): number {
  return Math.min(Math.floor(numberObserved), MOST);
}

function running(counts: readonly number[]): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  for (const [i, count] of counts.entries()) {
    sums[i + 1] = (sums[i] as number) + count;
  }
  return sums;
}

function lowerBound(values: Float64Array, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(values: Float64Array, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
