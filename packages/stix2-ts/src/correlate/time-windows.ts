import type { Range, TimeRule } from "./arrangement.ts";
import type { SearchBudget } from "./search-budget.ts";

/** For each slot, the earliest and latest instant that it can still have. */
export interface Windows {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

/** Windows before anything is chosen. */
export function openWindows(slots: number): Windows {
  return {
    lo: new Float64Array(slots).fill(-Infinity),
    hi: new Float64Array(slots).fill(Infinity),
  };
}

/**
 * Narrows windows until every rule agrees with their ends; false when one is empty. All rules bound differences
 * of instants, so at the fixpoint the earliest instants satisfy them all together: the answer is exact.
 */
export function narrow(
  { lo, hi }: Windows,
  rules: readonly TimeRule[],
  budget: SearchBudget,
): boolean {
  // Bounds from below go up the rows of FOLLOWEDBY and bounds from above down: each in one pass where it can.
  for (let changed = true; changed;) {
    changed = false;
    for (const rule of rules) {
      budget.take(cost(rule));
      changed = raiseBy(rule, lo) || changed;
    }
  }
  for (let changed = true; changed;) {
    changed = false;
    for (let i = rules.length - 1; i >= 0; i--) {
      const rule = rules[i] as TimeRule;
      budget.take(cost(rule));
      changed = lowerBy(rule, hi) || changed;
    }
  }
  for (let slot = 0; slot < lo.length; slot++) {
    if ((lo[slot] as number) > (hi[slot] as number)) {
      return false;
    }
  }
  // STOP itself is outside. The earliest instants are the ones to ask: if they don't fit, none do.
  return rules.every(
    (rule) =>
      rule.kind !== "between" || (highest(lo, rule.slots) < rule.stop && rule.start < rule.stop),
  );
}

/** How many slots a rule looks at. */
function cost(rule: TimeRule): number {
  return rule.kind === "order"
    ? rule.later.to - rule.earlier.from
    : rule.slots.to - rule.slots.from;
}

function raiseBy(rule: TimeRule, lo: Float64Array): boolean {
  switch (rule.kind) {
    case "order":
      return raise(lo, rule.later, highest(lo, rule.earlier));
    case "within":
      return raise(lo, rule.slots, highest(lo, rule.slots) - rule.ms);
    case "between":
      return raise(lo, rule.slots, rule.start);
  }
}

function lowerBy(rule: TimeRule, hi: Float64Array): boolean {
  switch (rule.kind) {
    case "order":
      return lower(hi, rule.earlier, lowest(hi, rule.later));
    case "within":
      return lower(hi, rule.slots, lowest(hi, rule.slots) + rule.ms);
    case "between":
      return lower(hi, rule.slots, rule.stop);
  }
}

function raise(lo: Float64Array, { from, to }: Range, least: number): boolean {
  let changed = false;
  for (let slot = from; slot < to; slot++) {
    if ((lo[slot] as number) < least) {
      lo[slot] = least;
      changed = true;
    }
  }
  return changed;
}

function lower(hi: Float64Array, { from, to }: Range, most: number): boolean {
  let changed = false;
  for (let slot = from; slot < to; slot++) {
    if ((hi[slot] as number) > most) {
      hi[slot] = most;
      changed = true;
    }
  }
  return changed;
}

function highest(values: Float64Array, { from, to }: Range): number {
  let most = -Infinity;
  for (let slot = from; slot < to; slot++) {
    const value = values[slot] as number;
    if (value > most) most = value;
  }
  return most;
}

function lowest(values: Float64Array, { from, to }: Range): number {
  let least = Infinity;
  for (let slot = from; slot < to; slot++) {
    const value = values[slot] as number;
    if (value < least) least = value;
  }
  return least;
}
