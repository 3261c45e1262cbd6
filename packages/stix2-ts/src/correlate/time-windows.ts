import type { Range, TimeRule } from "./arrangement.ts";

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
export function narrow({ lo, hi }: Windows, rules: readonly TimeRule[]): boolean {
  for (let changed = true; changed;) {
    changed = false;
    for (const rule of rules) {
      switch (rule.kind) {
        case "order":
          changed = raise(lo, rule.later, highest(lo, rule.earlier)) || changed;
          changed = lower(hi, rule.earlier, lowest(hi, rule.later)) || changed;
          break;
        case "within":
          changed = raise(lo, rule.slots, highest(lo, rule.slots) - rule.ms) || changed;
          changed = lower(hi, rule.slots, lowest(hi, rule.slots) + rule.ms) || changed;
          break;
        case "between":
          changed = raise(lo, rule.slots, rule.start) || changed;
          changed = lower(hi, rule.slots, rule.stop) || changed;
      }
    }
    for (let slot = 0; slot < lo.length; slot++) {
      if ((lo[slot] as number) > (hi[slot] as number)) {
        return false;
      }
    }
  }
  // STOP itself is outside. The earliest instants are the ones to ask: if they don't fit, none do.
  return rules.every(
    (rule) =>
      rule.kind !== "between" || (highest(lo, rule.slots) < rule.stop && rule.start < rule.stop),
  );
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
    most = Math.max(most, values[slot] as number);
  }
  return most;
}

function lowest(values: Float64Array, { from, to }: Range): number {
  let least = Infinity;
  for (let slot = from; slot < to; slot++) {
    least = Math.min(least, values[slot] as number);
  }
  return least;
}
