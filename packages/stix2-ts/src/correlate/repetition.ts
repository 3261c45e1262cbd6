import { Candidates, type Interval } from "./candidates.ts";
import type { SearchBudget } from "./search-budget.ts";
import type { Node } from "./slot-tree.ts";

/** A pattern that asks for one `[ ]` only: so many observations inside a window of so many milliseconds. */
export interface Repetition {
  readonly leaf: number;
  readonly times: number;
  readonly ms: number;
}

/**
 * Gives the repetition that a tree comes to. AND and FOLLOWEDBY of the same `[ ]` are one too: whichever observations
 * are taken, they can be put into the order of their instants.
 */
export function repetitionOf(node: Node): Repetition | undefined {
  switch (node.kind) {
    case "leaf":
      return { leaf: node.leaf, times: 1, ms: Infinity };
    case "repeats":
      return sum([repetitionOf(node.node)], node.times);
    case "all":
    case "sequence":
      return sum(
        node.operands.map((operand) => repetitionOf(operand)),
        1,
      );
    case "ruled": {
      const inner = repetitionOf(node.node);
      const rule = node.rule({ from: 0, to: 1 });
      if (inner === undefined || rule.kind !== "within") return undefined;
      // One observation is inside any window.
      return inner.times === 1 ? inner : { ...inner, ms: Math.min(inner.ms, rule.ms) };
    }
    default:
      return undefined;
  }
}

/** Parts that have a window of their own do not add up, unless there is one part only, once. */
function sum(parts: readonly (Repetition | undefined)[], factor: number): Repetition | undefined {
  const [first] = parts;
  if (first === undefined || (parts.length === 1 && factor === 1)) {
    return first;
  }
  let times = 0;
  for (const part of parts) {
    if (part?.leaf !== first.leaf || part.ms !== Infinity) return undefined;
    times += part.times;
  }
  return { ...first, times: times * factor };
}

/** A window in which enough observations can be; it begins as late as its last observation allows. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** What a place in a binding costs, in steps: it is kept with its binding. */
const KEPT = 64;

/**
 * Yields bindings of a repetition, as places, such that every observation that is part of some binding is in one of
 * them. An observation is part of one exactly if some instant of it lies in a window that enough observations touch; and
 * if any window does, one does that begins where an observation's last chance to be inside begins: its start less the
 * window's length.
 */
export function* repeated(
  observations: readonly Interval[],
  places: readonly number[],
  { times, ms }: Repetition,
  budget: SearchBudget,
): Generator<readonly number[], void, undefined> {
  const list = new Candidates(observations, places);
  const windows = fullWindows(list, times, ms);
  const isBound = new Uint8Array(list.length);
  let next = 0;
  for (let index = 0; index < list.length; index++) {
    // Ends ascend, and so does the last window that begins before them.
    while (next < windows.length && (windows[next] as Window).from <= list.end(index)) next += 1;
    const window = windows[next - 1];
    if (isBound[index] === 1 || window === undefined || list.start(index) - ms > window.from) {
      continue;
    }
    const inside = touching(list, window, budget);
    const fresh = inside.filter((one) => isBound[one] === 0);
    // Fewer records than repeats: then each stands for several observations.
    const size = Math.min(times, inside.length);
    for (let from = 0; from < fresh.length; from += size) {
      const chosen = new Set(fresh.slice(from, from + size));
      for (const one of inside) {
        if (chosen.size === size) break;
        chosen.add(one);
      }
      budget.take(size * KEPT);
      yield Array.from(chosen, (one) => list.places[one] as number);
    }
    for (const one of fresh) isBound[one] = 1;
  }
}

/** The windows that enough observations touch, in ascending order. */
function fullWindows(list: Candidates, times: number, ms: number): readonly Window[] {
  const starts = Float64Array.from({ length: list.length }, (_, index) =>
    list.start(index),
  ).toSorted();
  const windows: Window[] = [];
  for (const [i, start] of starts.entries()) {
    const [from, to] = [start - ms, ms === Infinity ? Infinity : start];
    const isLast = i + 1 === starts.length || (starts[i + 1] as number) - ms > from;
    if (isLast && list.countAtMost(from, to, 0) >= times) windows.push({ from, to });
  }
  return windows;
}

/** The observations that have an instant in a window, by their ends. */
function touching(list: Candidates, { from, to }: Window, budget: SearchBudget): readonly number[] {
  const found: number[] = [];
  let left = list.countAtMost(from, to, 0);
  for (let index = list.firstEndingFrom(from, 0); left > 0; index++) {
    budget.take(1);
    if (list.start(index) <= to) {
      found.push(index);
      left -= list.capacity(index);
    }
  }
  return found;
}
