import type { EventStore, State, Versioned } from "../ports.ts";
import type { ExpressRequest, SweepCosts } from "../records.ts";
import { cheaper, estimateMs, jobSize, type StrategyName } from "./costs.ts";
import { isPaused } from "./pause.ts";
import type { SweepJob } from "./cells.ts";
import { coldRevision, type ColdDeps } from "./cold.ts";
import { expressJobs } from "./express.ts";
import { inOrder, jobsFor } from "./plan.ts";

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
  /** What is to meet history before the rest. */
  readonly express: readonly Versioned<ExpressRequest>[];
  /** The most urgent jobs. */
  readonly next: readonly PlannedJob[];
}

export interface DescribePlanDeps extends ColdDeps {
  readonly events: Pick<EventStore, "partitions">;
  readonly state: Pick<State, "patterns" | "ledger" | "bookmarks" | "records">;
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
  const cold = await coldRevision(deps, revision);
  const requests = await state.records.list("express");
  const jobs = inOrder([
    ...requests.flatMap((request) => expressJobs(request, rows, partitions, deps)),
    ...jobsFor(rows, partitions, { revision, cold }, deps),
  ]);
  const planned = jobs.map((job): PlannedJob => {
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
      const own = byPartition.get(id) ?? [];
      // What an express job sweeps is open, and told, as the plane's own.
      const open = own.filter((job) => job.express === undefined);
      return {
        partition: id,
        bound,
        jobs: own.length,
        positions: sum(open, (job) => job.to - job.from),
        estimateMs: sum(own, (job) => job.estimateMs),
        jobSize: jobSize(costsOf(id), jobEvents),
        measured: costsOf(id),
      };
    }),
    express: requests,
    next: planned.slice(0, most),
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
