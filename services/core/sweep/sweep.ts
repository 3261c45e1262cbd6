/** Sweeping: what is not covered becomes rectangles, rectangles become jobs, jobs become matches and coverage. */
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
import type { Clock, EventStore, Hash, Partition, State } from "../ports.ts";
import type { LedgerRow, MatchRecord } from "../records.ts";
import { chooseStrategy, type Strategy } from "./strategies.ts";

export interface SweepDeps {
  readonly events: EventStore;
  readonly state: Pick<State, "patterns" | "ledger" | "matches">;
  readonly compile: CompileText;
  readonly hash: Hash;
  readonly now: Clock;
  readonly semantics: number;
  /** Events one job takes at most; so a crash costs no more than that. */
  readonly jobEvents: number;
  /** Overrides the choice of strategy; for tests and measurements. */
  readonly choose?: (area: Rectangle, patterns: LoadedPatterns) => Strategy;
}

export interface SweepReport {
  readonly jobs: number;
  readonly events: number;
  readonly matches: number;
}

/** From here on it may pay to ask the store for candidates instead of reading it through. */
const LONG_HISTORY = 5000;
/** More patterns than this are not compiled a second time to learn their anchors. */
const MANY_PATTERNS = 20_000;
/** How long a pattern that failed rests before it is tried again. */
const RETRY_MS = 3_600_000;

export class Sweeper {
  readonly #deps: SweepDeps;
  readonly #catalog: PatternCatalog;

  constructor(deps: SweepDeps) {
    this.#deps = deps;
    this.#catalog = new PatternCatalog({ ...deps.state, compile: deps.compile });
  }

  /** Covers all that is not covered at the bounds it finds; does nothing when nothing is new. */
  async tick(signal?: AbortSignal): Promise<SweepReport> {
    await this.#retryExceptions();
    // Both bounds are taken before anything is loaded: what comes later is not credited.
    const revision = await this.#deps.state.patterns.bound();
    const partitions = await this.#deps.events.partitions();
    const rows = new Map(
      (await this.#deps.state.ledger.rows()).map((row) => [row.partition, row] as const),
    );
    await this.#noteUnreachable(rows, partitions);
    const todo = partitions
      .flatMap((p) =>
        uncovered(p.id, rows.get(p.id)?.pieces ?? [], p.bound, revision, this.#deps.semantics),
      )
      .toSorted((a, b) => urgency(a) - urgency(b));
    const loaded = new Map<number, LoadedPatterns>();
    const report = { jobs: 0, events: 0, matches: 0 };
    for (const area of todo) {
      const patterns = await this.#patternsFor(area, loaded);
      for (const job of split(area, this.#deps.jobEvents)) {
        if (signal?.aborted === true) {
          return report;
        }
        const done = await this.#run(job, patterns);
        report.jobs += 1;
        report.events += done.events;
        report.matches += done.matches;
      }
    }
    return report;
  }

  /** Patterns a rectangle must meet: the standing set of all live ones, or those that are new there. */
  async #patternsFor(
    area: Rectangle,
    loaded: Map<number, LoadedPatterns>,
  ): Promise<LoadedPatterns> {
    if (area.below === 0) {
      await this.#catalog.follow(area.revision);
      if (area.to - area.from < LONG_HISTORY || this.#catalog.set.size > MANY_PATTERNS) {
        return { set: this.#catalog.set, anchorKeys: undefined };
      }
    }
    const known = loaded.get(area.below);
    if (known !== undefined) {
      return known;
    }
    const changed = await this.#deps.state.patterns.changes(area.below, area.revision);
    const patterns = await loadPatterns(
      { ...this.#deps.state, compile: this.#deps.compile },
      changed.filter((record) => record.live),
    );
    loaded.set(area.below, patterns);
    return patterns;
  }

  async #run(
    job: Rectangle,
    patterns: LoadedPatterns,
  ): Promise<{ readonly events: number; readonly matches: number }> {
    const { events, state, hash, choose = chooseStrategy } = this.#deps;
    let read = 0;
    let matched = 0;
    if (patterns.set.size > 0) {
      const strategy = choose(job, patterns);
      for await (const batch of strategy.candidates(events, job, patterns)) {
        const found: MatchRecord[] = [];
        for (const stored of batch) {
          const verdicts = verify(patterns.set, job.partition, stored, hash);
          found.push(...verdicts.matches);
          await this.#setAside(verdicts.poisoned);
        }
        read += batch.length;
        matched += found.length === 0 ? 0 : await state.matches.add(found);
      }
    }
    // Matches first, credit second: a crash between the two repeats work and doubles nothing.
    await this.#credit(job);
    return { events: read, matches: matched };
  }

  async #credit(job: Rectangle): Promise<void> {
    const { ledger } = this.#deps.state;
    for (;;) {
      const row = (await ledger.row(job.partition)) ?? {
        partition: job.partition,
        version: 0,
        pieces: [],
        unreachableSince: undefined,
      };
      if (await ledger.compareAndSet({ ...row, pieces: advance(row.pieces, job) })) {
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

  /** Patterns whose rest is over get a new revision: they meet everything again. */
  async #retryExceptions(): Promise<void> {
    const { ledger, patterns } = this.#deps.state;
    const now = this.#deps.now();
    for (const { pattern, partition, retryAt } of await ledger.exceptions()) {
      if (retryAt !== undefined && retryAt <= now) {
        await patterns.reregister([pattern]);
        await ledger.pardon(pattern, partition);
      }
    }
  }

  /** A partition that is gone is not covered: its row stays and says since when. */
  async #noteUnreachable(
    rows: ReadonlyMap<string, LedgerRow>,
    partitions: readonly Partition[],
  ): Promise<void> {
    const here = new Set(partitions.map((partition) => partition.id));
    for (const row of rows.values()) {
      const isHere = here.has(row.partition);
      if (isHere !== (row.unreachableSince === undefined)) {
        await this.#deps.state.ledger.compareAndSet({
          ...row,
          unreachableSince: isHere ? undefined : this.#deps.now(),
        });
      }
    }
  }
}

/** New events first, then new patterns over history, then what older rules covered. */
function urgency(area: Rectangle): number {
  if (area.stale) {
    return 2;
  }
  return area.below === 0 ? 0 : 1;
}

function split(area: Rectangle, events: number): readonly Rectangle[] {
  const jobs: Rectangle[] = [];
  for (let from = area.from; from < area.to; from += events) {
    jobs.push({ ...area, from, to: Math.min(from + events, area.to) });
  }
  return jobs;
}
