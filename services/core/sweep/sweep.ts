/** Sweeping in one process: all that is planned is done. */
import { planSweeps, type PlanDeps } from "./plan.ts";
import { SweepRunner, type JobReport, type RunDeps } from "./sweep-runner.ts";

export type SweepDeps = RunDeps & PlanDeps;

export interface SweepReport extends JobReport {
  readonly jobs: number;
  /** Jobs of the plan that were left when the time was up. */
  readonly left: number;
  /** Partitions that could not be swept to the end; the others were. */
  readonly failures: readonly { readonly partition: string; readonly error: unknown }[];
}

export class Sweeper {
  readonly #deps: SweepDeps;
  readonly #runner: SweepRunner;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
    this.#runner = new SweepRunner(deps);
  }

  /**
   * Plans and does what there is to do, in this process; does nothing when nothing is new. A partition that fails is
   * left for the next tick, and does not keep the others back. No job is begun after `mostMs`, so that what came
   * meanwhile and is more urgent need not wait until all is done.
   */
  async tick(signal?: AbortSignal, mostMs = Infinity): Promise<SweepReport> {
    const report = { jobs: 0, events: 0, matches: 0, hits: 0 };
    const failures = new Map<string, unknown>();
    const { elapsed } = this.#deps;
    const end = elapsed() + mostMs;
    const jobs = await planSweeps(this.#deps);
    let left = jobs.length;
    for (const job of jobs) {
      if (signal?.aborted === true || elapsed() > end) {
        break;
      }
      left -= 1;
      if (failures.has(job.partition)) {
        continue;
      }
      try {
        const done = await this.#runner.run(job);
        report.jobs += 1;
        report.events += done.events;
        report.matches += done.matches;
        report.hits += done.hits;
      } catch (error) {
        failures.set(job.partition, error);
      }
    }
    return {
      ...report,
      left,
      failures: [...failures].map(([partition, error]) => ({ partition, error })),
    };
  }
}
