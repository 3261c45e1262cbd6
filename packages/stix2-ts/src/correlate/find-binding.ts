import type { Arrangement, Copies, Range } from "./arrangement.ts";
import type { Candidates } from "./candidates.ts";
import type { SearchBudget } from "./search-budget.ts";
import { narrow, openWindows, type Windows } from "./time-windows.ts";

/** A slot that must take one certain observation, by its index among the leaf's candidates. */
export interface Forced {
  readonly slot: number;
  readonly index: number;
}

export interface Search {
  readonly arrangement: Arrangement;
  /** Candidates of each slot. */
  readonly candidates: readonly Candidates[];
  /** How often each observation may be taken, by place. */
  readonly capacity: (place: number) => number;
  /** Steps left for this pattern and list of observations; every search takes from the same. */
  readonly budget: SearchBudget;
}

/**
 * Finds a choice of observations, one a slot, none taken more often than it was observed, that meets all rules
 * of time together. Gives the chosen index of each slot among its leaf's candidates; the earliest are tried
 * first, after a forced one the next. Throws `stix/evaluation-limit` when the steps run out, never a wrong answer.
 */
export function findBinding(search: Search, forced?: Forced): readonly number[] | undefined {
  const { slots, rules, copies } = search.arrangement;
  const state: State = {
    search,
    near: forced === undefined ? -Infinity : nearOf(search, forced),
    chosen: new Int32Array(slots.length).fill(-1),
    used: new Map(),
    // In this order one pass hands a bound down a whole row of copies.
    copies: copies
      .filter((pair) => forced === undefined || !holds(pair.second, forced.slot))
      .toSorted((a, b) => a.second.from - b.second.from),
  };
  const windows = openWindows(slots.length);
  if (!narrow(windows, rules, search.budget)) {
    return undefined;
  }
  const begun = forced === undefined ? windows : take(state, windows, forced.slot, forced.index);
  return begun !== undefined && fill(state, begun) ? [...state.chosen] : undefined;
}

/** Whether a slot stands for its equal copies: forcing it asks of all of them. */
export function isRepresentative({ copies }: Arrangement, slot: number): boolean {
  return !copies.some(({ first }) => holds(first, slot));
}

function nearOf({ candidates }: Search, { slot, index }: Forced): number {
  return (candidates[slot] as Candidates).end(index);
}

interface State {
  readonly search: Search;
  /** Where the forced observation ends: those from there on are tried first, so that of a row of many each is bound but once. */
  readonly near: number;
  readonly chosen: Int32Array;
  /** Place of an observation → how often it is taken. */
  readonly used: Map<number, number>;
  readonly copies: readonly Copies[];
}

/** What filling a slot costs for each slot, in steps: its copies, its candidates counted, the room that is left. */
const LOOKS = 20;

/** A slot that is being filled: its candidates in the order in which they are tried, and which has its turn. */
interface Level {
  readonly slot: number;
  readonly windows: Windows;
  readonly start: number;
  readonly middle: number;
  readonly end: number;
  turn: number;
  /** The index that is taken at present; -1: none. */
  taken: number;
}

/** Fills the slots that are still open. Levels stand in a list, since there may be more than a stack has room for. */
function fill(state: State, begun: Windows): boolean {
  const open = state.chosen.filter((index) => index === -1).length;
  const levels: Level[] = [];
  let windows = begun;
  while (levels.length < open) {
    const level = nextLevel(state, windows);
    if (level !== undefined) levels.push(level);
    let narrower: Windows | undefined;
    for (let top = levels.at(-1); top !== undefined; top = levels.at(-1)) {
      narrower = advance(state, top);
      if (narrower !== undefined) break;
      levels.pop();
    }
    if (narrower === undefined) return false;
    windows = narrower;
  }
  return true;
}

/** The open slot that is filled next; undefined where one can't be filled. */
function nextLevel(state: State, windows: Windows): Level | undefined {
  state.search.budget.take(state.chosen.length * LOOKS);
  const least = leastIndexes(state);
  const slot = tightest(state, windows, least);
  if (slot === undefined || !isRoomLeft(state, windows, least)) {
    return undefined;
  }
  const list = candidatesOf(state, slot);
  const [lo, hi] = [windows.lo[slot] as number, windows.hi[slot] as number];
  const end = greatestIndex(state, slot, list.length) + 1;
  const start = Math.min(end, list.firstEndingFrom(lo, least[slot] as number));
  const middle = state.near > hi ? start : Math.min(end, list.firstEndingFrom(state.near, start));
  return { slot, windows, start, middle, end, turn: 0, taken: -1 };
}

/** Takes a level's next candidate that fits, in place of the one before; gives what windows are left then. */
function advance(state: State, level: Level): Windows | undefined {
  const { slot, windows, start, middle, end } = level;
  if (level.taken !== -1) {
    putBack(state, slot, level.taken);
    level.taken = -1;
  }
  const list = candidatesOf(state, slot);
  const ahead = end - middle;
  while (level.turn < end - start) {
    const index = level.turn < ahead ? middle + level.turn : start + level.turn - ahead;
    level.turn += 1;
    if (list.start(index) <= (windows.hi[slot] as number)) {
      const narrower = take(state, windows, slot, index);
      if (narrower !== undefined) {
        level.taken = index;
        return narrower;
      }
    }
  }
  return undefined;
}

/** Puts an observation into a slot; undefined where it is taken already, or its times don't fit. */
function take(state: State, windows: Windows, slot: number, index: number): Windows | undefined {
  const { search, chosen, used } = state;
  search.budget.take(1);
  const list = candidatesOf(state, slot);
  const place = list.places[index] as number;
  const taken = used.get(place) ?? 0;
  if (taken >= search.capacity(place)) {
    return undefined;
  }
  const narrower = { lo: windows.lo.slice(), hi: windows.hi.slice() };
  narrower.lo[slot] = Math.max(narrower.lo[slot] as number, list.start(index));
  narrower.hi[slot] = Math.min(narrower.hi[slot] as number, list.end(index));
  if (!narrow(narrower, search.arrangement.rules, search.budget)) {
    return undefined;
  }
  chosen[slot] = index;
  used.set(place, taken + 1);
  return narrower;
}

function putBack({ chosen, used, search }: State, slot: number, index: number): void {
  const place = (search.candidates[slot] as Candidates).places[index] as number;
  chosen[slot] = -1;
  used.set(place, (used.get(place) as number) - 1);
}

function candidatesOf({ search }: State, slot: number): Candidates {
  return search.candidates[slot] as Candidates;
}

/** The open slot with the fewest candidates; undefined when one has none. */
function tightest(state: State, { lo, hi }: Windows, least: Int32Array): number | undefined {
  let best: number | undefined;
  let fewest = Infinity;
  for (let slot = 0; slot < state.chosen.length; slot++) {
    if (state.chosen[slot] !== -1) {
      continue;
    }
    const list = candidatesOf(state, slot);
    const count = list.countAtMost(lo[slot] as number, hi[slot] as number, least[slot] as number);
    if (count <= 0) {
      return undefined;
    }
    if (count < fewest) {
      fewest = count;
      best = slot;
    }
  }
  return best;
}

/** Whether the open slots of the same candidates can all find an observation between their ends: no answer is lost by asking. */
function isRoomLeft(state: State, { lo, hi }: Windows, least: Int32Array): boolean {
  const needs = new Map<Candidates, { slots: number; lo: number; hi: number; from: number }>();
  for (let slot = 0; slot < state.chosen.length; slot++) {
    if (state.chosen[slot] !== -1) {
      continue;
    }
    const list = candidatesOf(state, slot);
    const need = needs.get(list) ?? { slots: 0, lo: Infinity, hi: -Infinity, from: Infinity };
    need.slots += 1;
    if ((lo[slot] as number) < need.lo) need.lo = lo[slot] as number;
    if ((hi[slot] as number) > need.hi) need.hi = hi[slot] as number;
    if ((least[slot] as number) < need.from) need.from = least[slot] as number;
    needs.set(list, need);
  }
  for (const [list, need] of needs) {
    if (list.countAtMost(need.lo, need.hi, need.from) < need.slots) {
      return false;
    }
  }
  return true;
}

/** Of equal copies the earlier one takes the earlier observation by its first slot; so each choice is tried once. */
function leastIndexes({ copies, chosen }: State): Int32Array {
  const least = new Int32Array(chosen.length);
  for (const { first, second } of copies) {
    const before = chosen[first.from] as number;
    least[second.from] = Math.max(
      least[second.from] as number,
      before >= 0 ? before : (least[first.from] as number),
    );
  }
  return least;
}

function greatestIndex({ copies, chosen }: State, slot: number, length: number): number {
  let most = length - 1;
  for (const { first, second } of copies) {
    const after = chosen[second.from] as number;
    if (first.from === slot && after >= 0) {
      most = Math.min(most, after);
    }
  }
  return most;
}

function holds({ from, to }: Range, slot: number): boolean {
  return from <= slot && slot < to;
}
