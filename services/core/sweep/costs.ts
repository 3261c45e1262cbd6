/** What sweeping a partition has cost, by strategy, and what it is likely to cost next. */
import type { SweepCost, SweepCosts } from "../records.ts";

export type StrategyName = keyof SweepCosts;

/**
 * What is assumed before anything was measured [measured: reading costs 0.1 ms an event, a look-up a few hundred ms and
 * then little for each event it passes].
 */
const ASSUMED: Readonly<Record<StrategyName, { readonly job: number; readonly position: number }>> =
  {
    pull: { job: 5, position: 0.1 },
    push: { job: 300, position: 0.002 },
  };
/** So many jobs weigh as much as the assumption. */
const WEIGHT = 2;
/** Sums of more jobs than this are halved, so that what was measured last counts most. */
const MOST_JOBS = 16;
/** What a strategy is remembered by fades while the other is used, so that it is tried again. */
const FADE = 0.9;

/** Adds what a job took to what is known. */
export function noteCost(
  costs: SweepCosts,
  strategy: StrategyName,
  done: Omit<SweepCost, "jobs">,
): SweepCosts {
  const old = costs[strategy] ?? { jobs: 0, positions: 0, candidates: 0, ms: 0 };
  const factor = old.jobs >= MOST_JOBS ? 0.5 : 1;
  const sum: SweepCost = {
    jobs: old.jobs * factor + 1,
    positions: old.positions * factor + done.positions,
    candidates: old.candidates * factor + done.candidates,
    ms: old.ms * factor + done.ms,
  };
  const other = strategy === "pull" ? "push" : "pull";
  const faded = costs[other];
  return {
    [strategy]: sum,
    ...(faded !== undefined && { [other]: scaled(faded, FADE) }),
  };
}

function scaled({ jobs, positions, candidates, ms }: SweepCost, by: number): SweepCost {
  return {
    jobs: jobs * by,
    positions: positions * by,
    candidates: candidates * by,
    ms: ms * by,
  };
}

/** Milliseconds that a job over so many positions is likely to take. */
export function estimateMs(costs: SweepCosts, strategy: StrategyName, positions: number): number {
  const assumed = ASSUMED[strategy];
  const guess = assumed.job + positions * assumed.position;
  const known = costs[strategy];
  if (known === undefined || known.positions === 0) {
    return guess;
  }
  // Jobs of the sizes seen took so much of what was assumed of them.
  const expected = known.jobs * assumed.job + known.positions * assumed.position;
  const seen = (known.jobs * (known.ms / expected) + WEIGHT) / (known.jobs + WEIGHT);
  return guess * seen;
}

/** The cheaper strategy for so many positions. */
export function cheaper(costs: SweepCosts, positions: number): StrategyName {
  return estimateMs(costs, "push", positions) < estimateMs(costs, "pull", positions)
    ? "push"
    : "pull";
}

/** A job should take no longer than this. */
export const JOB_MS = 60_000;

/**
 * Positions of one job: `most`, halved until the dearer strategy is likely to end in time. Halves, so that the borders of
 * larger jobs are borders of smaller ones.
 */
export function jobSize(costs: SweepCosts, most: number): number {
  const longest = (size: number): number =>
    Math.max(...(["push", "pull"] as const).map((one) => (costs[one] === undefined ? 0 : estimateMs(costs, one, size)))); // prettier-ignore
  let size = most;
  while (size > 1 && size % 2 === 0 && longest(size) > JOB_MS) size /= 2;
  return size;
}
