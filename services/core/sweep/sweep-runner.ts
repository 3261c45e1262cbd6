/** Doing jobs: a job's events meet patterns they have not met; matches are stored, then coverage is credited. */
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
import type {
  LedgerRow,
  MatchRecord,
  OperandHit,
  PatternRecord,
  SweepCost,
  SweepCosts,
} from "../records.ts";
import type { SweepJob } from "./cells.ts";
import { JOB_MS, noteCost, type StrategyName } from "./costs.ts";
import { noteExpress, openExpress } from "./express.ts";
import { isPaused } from "./pause.ts";
import { RETRY_MS } from "./plan.ts";
import { chooseStrategy, type Strategy } from "./strategies.ts";

export interface RunDeps {
  readonly events: EventStore;
  readonly state: Pick<
    State,
    "patterns" | "ledger" | "matches" | "operandHits" | "bookmarks" | "records"
  >;
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

/** How a job was done, and what it took. */
interface Used {
  readonly strategy: StrategyName;
  readonly cost: Omit<SweepCost, "jobs">;
}

/** What came of one job. */
export interface JobReport {
  readonly events: number;
  readonly matches: number;
  /** New operand hits of patterns over several events; what they complete is found by `correlate`. */
  readonly hits: number;
}

/** From here on it may pay to ask the store for candidates instead of reading it through. */
const LONG_HISTORY = 5000;
/** More patterns than this are not compiled a second time to learn their anchors. */
const MANY_PATTERNS = 20_000;

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

  /** Does what of a job is not done by now: one that is done twice, or planned from an old look, does no harm. */
  async run(job: SweepJob): Promise<JobReport> {
    const total = { events: 0, matches: 0, hits: 0 };
    if (await isPaused(this.#deps.state.bookmarks)) {
      return total; // it is planned again
    }
    const row = await this.#deps.state.ledger.row(job.partition);
    for await (const done of job.express === undefined
      ? this.#cover(job, row)
      : this.#hurry(job, row, job.express)) {
      total.events += done.events;
      total.matches += done.matches;
      total.hits += done.hits;
    }
    return total;
  }

  /** Sweeps with every pattern that is new to a stretch, and credits it. */
  async *#cover(job: SweepJob, row: LedgerRow | undefined): AsyncGenerator<JobReport, void> {
    const { partition, from, to, revision } = job;
    for (const open of uncovered(
      partition,
      row?.pieces ?? [],
      to,
      revision,
      this.#deps.semantics,
    )) {
      const area = { ...open, from: Math.max(open.from, from) };
      if (area.from < area.to) {
        const { report, used } = await this.#meet(area, await this.#patternsFor(area), row?.costs);
        // Matches first, credit second: a crash between the two repeats work and doubles nothing.
        await this.#write(partition, used, area);
        yield report;
      }
    }
  }

  /** Sweeps with the patterns of one request, without credit. */
  async *#hurry(
    job: SweepJob,
    row: LedgerRow | undefined,
    id: string,
  ): AsyncGenerator<JobReport, void> {
    const { state, semantics } = this.#deps;
    const request = await state.records.get("express", id);
    if (request === undefined) {
      return; // done with: the plane has covered it meanwhile
    }
    const { patterns: keys, at } = request.record;
    const find = async function* () {
      yield await state.patterns.find(keys);
    };
    const patterns = await this.#load(`${id} ${at}`, find);
    for (const area of openExpress(request.record, job, semantics)) {
      const { report, used } = await this.#meet(area, patterns, row?.costs);
      await this.#write(job.partition, used);
      await noteExpress(state, id, area);
      yield report;
    }
  }

  /** Patterns a rectangle must meet: the standing set of all live ones, or those that are new there. */
  async #patternsFor(area: Rectangle): Promise<LoadedPatterns> {
    if (area.below === 0) {
      await this.#catalog.follow(area.revision);
      if (area.to - area.from < LONG_HISTORY || this.#catalog.set.size > MANY_PATTERNS) {
        return { set: this.#catalog.set, wanted: undefined, picker: this.#catalogPicker };
      }
    }
    return this.#load(`${area.below} ${area.revision}`, () =>
      this.#deps.state.patterns.changes(area.below, area.revision),
    );
  }

  async #load(
    name: string,
    find: () => AsyncIterable<readonly PatternRecord[]>,
  ): Promise<LoadedPatterns> {
    let recent = this.#recent;
    if (recent?.name !== name) {
      const { state, compile, makePicker } = this.#deps;
      const patterns = await loadPatterns({ ...state, compile }, find());
      recent = { name, patterns: { ...patterns, picker: makePicker?.(patterns.set) } };
      this.#recent = recent;
    }
    return recent.patterns;
  }

  /** Has the events of an area meet patterns, and stores what matches. */
  async #meet(
    area: Rectangle,
    patterns: LoadedPatterns,
    costs: SweepCosts = {},
  ): Promise<{ readonly report: JobReport; readonly used: Used | undefined }> {
    const { events, state, hash, elapsed, choose = chooseStrategy } = this.#deps;
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
    return { report, used };
  }

  /** Writes down what a job took, and, where it was done, what it covered. */
  async #write(partition: string, used: Used | undefined, done?: Rectangle): Promise<void> {
    if (used === undefined && done === undefined) {
      return;
    }
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
