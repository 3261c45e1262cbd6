import type { EventStore, State } from "../ports.ts";
import type { SweepCosts } from "../records.ts";
import { cheaper, estimateMs, jobSize, type StrategyName } from "./costs.ts";
import { isPaused } from "./pause.ts";
import { jobsFor, type SweepJob } from "./plan.ts";

/** A job to come, and what it is likely to cost. */
export interface PlannedJob extends SweepJob {
  /** What will be chosen, unless one of the patterns has nothing to look up: then it is pull. */
  readonly strategy: StrategyName;
  readonly estimateMs: number;
}

/** What is open in a partition, and what sweeping it has cost. */
export interface PartitionPlan {
  readonly partition: string;
  readonly bound: number;
  readonly jobs: number;
  readonly positions: number;
  readonly estimateMs: number;
  /** Positions of one job. */
  readonly jobSize: number;
  /** Of the last jobs, the later the more. */
  readonly measured: SweepCosts;
}

export interface Plan {
  readonly paused: boolean;
  readonly revision: number;
  readonly jobs: number;
  readonly estimateMs: number;
  readonly partitions: readonly PartitionPlan[];
  /** The most urgent jobs. */
  readonly next: readonly PlannedJob[];
}

export interface DescribePlanDeps {
  readonly events: Pick<EventStore, "partitions">;
  readonly state: Pick<State, "patterns" | "ledger" | "bookmarks">;
  readonly semantics: number;
  readonly jobEvents: number;
}

/** Says what would be swept now, in which way, and for how long; changes nothing. */
export async function describePlan(deps: DescribePlanDeps, most: number): Promise<Plan> {
  const { state, events, jobEvents } = deps;
  const revision = await state.patterns.bound();
  const partitions = await events.partitions();
  const rows = new Map((await state.ledger.rows()).map((row) => [row.partition, row] as const));
  const costsOf = (partition: string): SweepCosts => rows.get(partition)?.costs ?? {};
  const planned = jobsFor(rows, partitions, revision, deps).map((job): PlannedJob => {
    const [costs, length] = [costsOf(job.partition), job.to - job.from];
    const strategy = cheaper(costs, length);
    return { ...job, strategy, estimateMs: estimateMs(costs, strategy, length) };
  });
  const byPartition = Map.groupBy(planned, ({ partition }) => partition);
  return {
    paused: await isPaused(state.bookmarks),
    revision,
    jobs: planned.length,
    estimateMs: sum(planned, (job) => job.estimateMs),
    partitions: partitions.map(({ id, bound }) => {
      const jobs = byPartition.get(id) ?? [];
      return {
        partition: id,
        bound,
        jobs: jobs.length,
        positions: sum(jobs, (job) => job.to - job.from),
        estimateMs: sum(jobs, (job) => job.estimateMs),
        jobSize: jobSize(costsOf(id), jobEvents),
        measured: costsOf(id),
      };
    }),
    next: planned.slice(0, most),
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
