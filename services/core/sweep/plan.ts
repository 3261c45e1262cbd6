/** Planning: what is not covered becomes jobs, each small enough to be done, or done again, alone. */
import { cutAt, uncovered } from "../coverage/ledger.ts";
import type { EventStore, Partition, State } from "../ports.ts";
import type { LedgerRow } from "../records.ts";
import { lookAtCold, type ColdDeps } from "./cold.ts";
import { cells, URGENCIES, type SweepJob } from "./cells.ts";
import { jobSize } from "./costs.ts";
import { planExpress } from "./express.ts";
import { isPaused } from "./pause.ts";

export interface PlanDeps extends ColdDeps {
  readonly events: EventStore;
  readonly state: Pick<State, "patterns" | "ledger" | "bookmarks" | "records">;
  readonly semantics: number;
  /** Events one job takes at most; so a crash costs no more than that. */
  readonly jobEvents: number;
}

/**
 * Lists the jobs that cover all that is not covered at the bounds it finds, the most urgent first. Partitions take
 * turns: one that fails, or is long, does not stand before the others.
 */
export async function planSweeps(deps: PlanDeps): Promise<readonly SweepJob[]> {
  if (await isPaused(deps.state.bookmarks)) {
    return [];
  }
  await retryExceptions(deps);
  // Before the bounds: a row that reaches beyond a bound taken later is of a log that was cut meanwhile.
  const before = await deps.state.ledger.rows();
  // Both bounds are taken before anything is loaded: what comes later is not credited.
  const revision = await deps.state.patterns.bound();
  const partitions = await deps.events.partitions();
  await cutRows(deps, before, partitions);
  const rows = new Map(
    (await deps.state.ledger.rows()).map((row) => [row.partition, row] as const),
  );
  await noteUnreachable(deps, rows, partitions);
  const express = await planExpress(deps.state, rows, partitions, deps);
  // Where nothing is cold, nothing is noted.
  const cold = partitions.some((one) => one.isCold) ? await lookAtCold(deps, revision) : revision;
  return inOrder([...express, ...jobsFor(rows, partitions, { revision, cold }, deps)]);
}

/** A job, and which one of its partition it is. */
interface InTurn {
  readonly job: SweepJob;
  readonly turn: number;
}

/** Lists the jobs that cover what is open; asks and changes nothing. */
export function jobsFor(
  rows: ReadonlyMap<string, LedgerRow>,
  partitions: readonly Partition[],
  /** Up to where patterns are swept, of cold partitions and of the others. */
  { revision, cold }: { readonly revision: number; readonly cold: number },
  { semantics, jobEvents }: Pick<PlanDeps, "semantics" | "jobEvents">,
): readonly InTurn[] {
  return partitions.flatMap(({ id, bound, isCold = false }) => {
    const { pieces = [], costs = {} } = rows.get(id) ?? {};
    const size = jobSize(costs, jobEvents);
    return uncovered(id, pieces, bound, isCold ? cold : revision, semantics)
      .flatMap((area) => cells(area, size))
      .map((job, turn) => ({ job, turn }));
  });
}

/** The most urgent first; partitions take turns. */
export function inOrder(planned: readonly InTurn[]): readonly SweepJob[] {
  const rank = ({ urgency }: SweepJob): number => URGENCIES.indexOf(urgency);
  return planned
    .toSorted((a, b) => rank(a.job) - rank(b.job) || a.turn - b.turn)
    .map(({ job }) => job);
}

/** How long a pattern that failed rests before it is tried again. */
export const RETRY_MS = 3_600_000;

/** Patterns whose rest is over, or longer than any rest since the clock went back, get a new revision: they meet everything again. */
async function retryExceptions({ state, now }: PlanDeps): Promise<void> {
  for (const { pattern, partition, retryAt } of await state.ledger.exceptions()) {
    const restMs = (retryAt ?? Infinity) - now();
    if (restMs <= 0 || (restMs > RETRY_MS && retryAt !== undefined)) {
      await state.patterns.reregister([pattern]);
      await state.ledger.pardon(pattern, partition);
    }
  }
}

/**
 * A log that ends below what its row says was restored or cut: its positions are given out again, and what will stand
 * there has met nothing. Forgetting is safe: a bound that was only seen late is swept again.
 */
async function cutRows(
  { state }: PlanDeps,
  rows: readonly LedgerRow[],
  partitions: readonly Partition[],
): Promise<void> {
  const bounds = new Map(partitions.map(({ id, bound }) => [id, bound] as const));
  for (const { partition } of rows.filter((row) => isBeyond(row, bounds))) {
    for (;;) {
      // Again after a conflict: once the log has grown over the old end, nothing tells it from one that was not cut.
      const row = await state.ledger.row(partition);
      if (row === undefined || !isBeyond(row, bounds)) {
        break;
      }
      const pieces = cutAt(row.pieces, bounds.get(partition) ?? 0);
      if (await state.ledger.compareAndSet({ ...row, pieces })) {
        break;
      }
    }
  }
}

function isBeyond({ partition, pieces }: LedgerRow, bounds: ReadonlyMap<string, number>): boolean {
  const bound = bounds.get(partition);
  return bound !== undefined && (pieces.at(-1)?.to ?? 0) > bound;
}

/** A partition out of reach is not covered: its row stays and says since when. It goes with a confirmed deletion only. */
async function noteUnreachable(
  { events, state, now }: PlanDeps,
  rows: ReadonlyMap<string, LedgerRow>,
  partitions: readonly Partition[],
): Promise<void> {
  const here = new Set(partitions.map((partition) => partition.id));
  const missing = [...rows.keys()].filter((partition) => !here.has(partition));
  const gone = missing.length === 0 ? [] : await events.gone(missing);
  await state.ledger.forget(gone);
  for (const row of rows.values()) {
    if (gone.includes(row.partition)) {
      continue;
    }
    const isHere = here.has(row.partition);
    if (isHere !== (row.unreachableSince === undefined)) {
      await state.ledger.compareAndSet({ ...row, unreachableSince: isHere ? undefined : now() });
    }
  }
}
