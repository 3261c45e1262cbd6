import type { MatchRecord } from "../records.ts";

/** What was hit: how often, where, from when to when. */
export interface Hits {
  readonly matches: number;
  /** Of these, what would raise no alert. */
  readonly heldBack: number;
  readonly hosts: number;
  /** Times of events, milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

export interface HostHits extends Omit<Hits, "hosts"> {
  readonly host: string;
  readonly patterns: number;
}

class Count {
  matches = 0;
  heldBack = 0;
  first = Infinity;
  last = -Infinity;
  /** Hosts of a pattern, patterns of a host. */
  readonly others = new Set<string>();

  add(time: number, isHeld: boolean, other: string): void {
    this.matches += 1;
    this.heldBack += isHeld ? 1 : 0;
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    this.others.add(other);
  }
}

/** Counts matches by pattern and by host. */
export class Tally {
  readonly #all = new Count();
  readonly #patterns = new Map<string, Count>();
  readonly #hosts = new Map<string, Count>();

  add({ patternKey, host, time }: MatchRecord, isHeld: boolean): void {
    this.#all.add(time, isHeld, host);
    countOf(this.#patterns, patternKey).add(time, isHeld, host);
    countOf(this.#hosts, host).add(time, isHeld, patternKey);
  }

  /** All of it; undefined where nothing was hit. */
  get all(): Hits | undefined {
    return hitsOf(this.#all);
  }

  ofPattern(key: string): Hits | undefined {
    return hitsOf(this.#patterns.get(key));
  }

  get patterns(): number {
    return this.#patterns.size;
  }

  /** The hosts that were hit most, so many at most. */
  hosts(most: number): readonly HostHits[] {
    return [...this.#hosts]
      .toSorted(([a, one], [b, other]) => other.matches - one.matches || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([host, { matches, heldBack, first, last, others }]) => {
        return { host, matches, heldBack, first, last, patterns: others.size };
      });
  }
}

function countOf(counts: Map<string, Count>, key: string): Count {
  const count = counts.get(key) ?? new Count();
  counts.set(key, count);
  return count;
}

function hitsOf(count: Count | undefined): Hits | undefined {
  if (count === undefined || count.matches === 0) {
    return undefined;
  }
  const { matches, heldBack, first, last, others } = count;
  return { matches, heldBack, hosts: others.size, first, last };
}
