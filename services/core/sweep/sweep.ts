/** Sweeping: a job's events meet the patterns they have not met; matches are stored, then coverage is credited. */
import type { PatternSet } from "stix2-ts";
import { advance, uncovered, type Rectangle } from "../coverage/ledger.ts";
import { messageOf } from "../errors.ts";
import type { CompileText } from "../match/compile.ts";
import {
  EVERY_PARTITION,
  loadPatterns,
  PatternCatalog,
  type LoadedPatterns,
} from "../match/pattern-catalog.ts";
import { verify, type Poisoned } from "../match/verify.ts";
import type { Clock, EventStore, Hash, Picker, State } from "../ports.ts";
import type { MatchRecord, OperandHit, SweepCost, SweepCosts } from "../records.ts";
import { JOB_MS, noteCost, type StrategyName } from "./costs.ts";
import { isPaused } from "./pause.ts";
import { planSweeps, RETRY_MS, type PlanDeps, type SweepJob } from "./plan.ts";
import { chooseStrategy, type Strategy } from "./strategies.ts";

export interface RunDeps {
  readonly events: EventStore;
  readonly state: Pick<State, "patterns" | "ledger" | "matches" | "operandHits" | "bookmarks">;
  readonly compile: CompileText;
  readonly hash: Hash;
  readonly now: Clock;
  /** For durations: it never jumps. */
  readonly elapsed: Clock;
  readonly semantics: number;
  /** Makes what looks through the text of events before they are read, where the store has it. */
  readonly makePicker?: (set: PatternSet) => Picker;
  /** Overrides the choice of strategy; for tests and measurements. */
  readonly choose?: (area: Rectangle, patterns: LoadedPatterns, costs: SweepCosts) => Strategy;
}

export type SweepDeps = RunDeps & PlanDeps;

export interface SweepReport {
  readonly jobs: number;
  readonly events: number;
  readonly matches: number;
  /** New operand hits of patterns over several events; what they complete is found by `correlate`. */
  readonly hits: number;
  /** Partitions that could not be swept to the end; the others were. */
  readonly failures: readonly { readonly partition: string; readonly error: unknown }[];
}

/** How a job was done, and what it took. */
interface Used {
  readonly strategy: StrategyName;
  readonly cost: Omit<SweepCost, "jobs">;
}

/** What came of one job. */
export type JobReport = Omit<SweepReport, "jobs" | "failures">;

/** From here on it may pay to ask the store for candidates instead of reading it through. */
const LONG_HISTORY = 5000;
/** More patterns than this are not compiled a second time to learn their anchors. */
const MANY_PATTERNS = 20_000;

export class Sweeper {
  readonly #deps: SweepDeps;
  readonly #runner: SweepRunner;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
    this.#runner = new SweepRunner(deps);
  }

  /**
   * Plans and does what there is to do, in this process; does nothing when nothing is new. A partition that fails is
   * left for the next tick, and does not keep the others back.
   */
  async tick(signal?: AbortSignal): Promise<SweepReport> {
    const report = { jobs: 0, events: 0, matches: 0, hits: 0 };
    const failures = new Map<string, unknown>();
    for (const job of await planSweeps(this.#deps)) {
      if (signal?.aborted === true) {
        break;
      }
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
      failures: [...failures].map(([partition, error]) => ({ partition, error })),
    };
  }
}

/** Does jobs, with the live patterns at hand. */
export class SweepRunner {
  readonly #deps: RunDeps;
  readonly #catalog: PatternCatalog;
  readonly #catalogPicker: Picker | undefined;
  /** The patterns of the latest revisions asked for: jobs of one plan ask for the same. */
  #recent: { readonly name: string; readonly patterns: LoadedPatterns } | undefined;

  constructor(deps: RunDeps) {
    this.#deps = deps;
    this.#catalog = new PatternCatalog({ ...deps.state, compile: deps.compile });
    this.#catalogPicker = deps.makePicker?.(this.#catalog.set);
  }

  /** Loads the live patterns, so that the first job need not. */
  async load(): Promise<void> {
    await this.#catalog.follow(await this.#deps.state.patterns.bound());
  }

  /** Covers what of a job is not covered by now: one that is done twice, or planned from an old look, does no harm. */
  async run(job: SweepJob): Promise<JobReport> {
    if (await isPaused(this.#deps.state.bookmarks)) {
      return { events: 0, matches: 0, hits: 0 }; // it is planned again
    }
    const row = await this.#deps.state.ledger.row(job.partition);
    const { partition, to, revision } = job;
    const report = { events: 0, matches: 0, hits: 0 };
    for (const open of uncovered(
      partition,
      row?.pieces ?? [],
      to,
      revision,
      this.#deps.semantics,
    )) {
      const area = { ...open, from: Math.max(open.from, job.from) };
      if (area.from < area.to) {
        const done = await this.#cover(area, row?.costs ?? {});
        report.events += done.events;
        report.matches += done.matches;
        report.hits += done.hits;
      }
    }
    return report;
  }

  /** Patterns a rectangle must meet: the standing set of all live ones, or those that are new there. */
  async #patternsFor(area: Rectangle): Promise<LoadedPatterns> {
    if (area.below === 0) {
      await this.#catalog.follow(area.revision);
      if (area.to - area.from < LONG_HISTORY || this.#catalog.set.size > MANY_PATTERNS) {
        return { set: this.#catalog.set, wanted: undefined, picker: this.#catalogPicker };
      }
    }
    const name = `${area.below} ${area.revision}`;
    let recent = this.#recent;
    if (recent?.name !== name) {
      const { state, compile, makePicker } = this.#deps;
      const changed = state.patterns.changes(area.below, area.revision);
      const patterns = await loadPatterns({ ...state, compile }, changed);
      recent = { name, patterns: { ...patterns, picker: makePicker?.(patterns.set) } };
      this.#recent = recent;
    }
    return recent.patterns;
  }

  async #cover(area: Rectangle, costs: SweepCosts): Promise<JobReport> {
    const { events, state, hash, elapsed, choose = chooseStrategy } = this.#deps;
    const patterns = await this.#patternsFor(area);
    const report = { events: 0, matches: 0, hits: 0 };
    let used: Used | undefined;
    if (patterns.set.size > 0) {
      const strategy = choose(area, patterns, costs);
      const start = elapsed();
      const cost = () => ({
        positions: area.to - area.from,
        candidates: report.events,
        ms: elapsed() - start,
      });
      try {
        for await (const batch of strategy.candidates(events, area, patterns)) {
          const found: MatchRecord[] = [];
          const hits: OperandHit[] = [];
          for (const stored of batch) {
            const verdicts = verify(patterns.set, area.partition, stored, hash);
            found.push(...verdicts.matches);
            hits.push(...verdicts.hits);
            await this.#setAside(verdicts.poisoned);
          }
          report.events += batch.length;
          report.matches += found.length === 0 ? 0 : await state.matches.add(found);
          report.hits += hits.length === 0 ? 0 : await state.operandHits.add(hits);
        }
      } catch (error) {
        // A job that fails only after long is too large: the next plan makes smaller ones.
        if (elapsed() - start > JOB_MS) {
          await this.#write(area.partition, { strategy: strategy.name, cost: cost() });
        }
        throw error;
      }
      used = { strategy: strategy.name, cost: cost() };
    }
    // Matches first, credit second: a crash between the two repeats work and doubles nothing.
    await this.#write(area.partition, used, area);
    return report;
  }

  /** Writes down what a job took, and, where it was done, what it covered. */
  async #write(partition: string, used: Used | undefined, done?: Rectangle): Promise<void> {
    const { ledger } = this.#deps.state;
    for (;;) {
      const row = (await ledger.row(partition)) ?? {
        partition,
        version: 0,
        pieces: [],
        unreachableSince: undefined,
        costs: {},
      };
      const pieces = done === undefined ? row.pieces : advance(row.pieces, done);
      const costs = used === undefined ? row.costs : noteCost(row.costs, used.strategy, used.cost);
      if (await ledger.compareAndSet({ ...row, pieces, costs })) {
        return;
      }
    }
  }

  async #setAside(poisoned: readonly Poisoned[]): Promise<void> {
    for (const { pattern, error } of poisoned) {
      await this.#deps.state.ledger.except({
        pattern,
        partition: EVERY_PARTITION,
        code: "match/evaluation-failed",
        reason: messageOf(error),
        retryAt: this.#deps.now() + RETRY_MS,
      });
    }
  }
}
