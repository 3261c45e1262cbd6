import type { JobQueue } from "../job-queue.ts";
import type { SweepJob, Urgency } from "../sweep/cells.ts";
import { planSweeps, type PlanDeps } from "../sweep/plan.ts";

const PRIORITY: Readonly<Record<Urgency, number>> = { live: 1, express: 5, retro: 10, stale: 100 };

export interface SweepStageDeps extends PlanDeps {
  readonly queue: JobQueue<SweepJob>;
  /** Back-pressure: no more jobs than this wait at a time; the rest is planned when there is room. */
  readonly maxWaiting: number;
}

export interface PlanReport {
  readonly open: number;
  readonly added: number;
}

/** Plans what is not covered and queues the most urgent of it. Two planners at once queue the same jobs once. */
export async function queueSweeps(deps: SweepStageDeps): Promise<PlanReport> {
  const jobs = await planSweeps(deps);
  const room = jobs.length === 0 ? 0 : Math.max(0, deps.maxWaiting - (await deps.queue.depth()));
  const added = await deps.queue.add(
    jobs.slice(0, room).map((job) => ({
      // Not the end: a log's last job grows with it, and is one job all the while.
      key: JSON.stringify([job.partition, job.cell, job.urgency, job.express]),
      data: job,
      priority: PRIORITY[job.urgency],
    })),
  );
  return { open: jobs.length, added };
}
