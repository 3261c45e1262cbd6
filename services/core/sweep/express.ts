/**
 * Express jobs: patterns that somebody waits for meet history before the others that are new. They are given no credit: the
 * plane covers the same positions in its own time, and stores what it finds again once.
 */
import { advance, uncovered, type Rectangle } from "../coverage/ledger.ts";
import { ServiceError } from "../errors.ts";
import type { Clock, Hash, Partition, State, Versioned } from "../ports.ts";
import type { ExpressRequest, LedgerRow } from "../records.ts";
import { cells, type SweepJob } from "./cells.ts";
import { jobSize } from "./costs.ts";

/** Patterns of one request; they are looked up together. */
const MOST_PATTERNS = 1000;
/** Requests at a time: when everything is urgent, nothing is. */
const MOST_REQUESTS = 20;
/** Pieces of a request tell swept from not swept alone. */
const SWEPT = 1;

export interface ExpressDeps {
  readonly state: Pick<State, "patterns" | "records">;
  readonly hash: Hash;
  readonly now: Clock;
}

/**
 * Asks for patterns to meet history first, those of them that are live; returns the request, the same for the same
 * patterns. Throws `sweep/no-live-pattern`, `sweep/too-many-express`.
 */
export async function requestExpress(
  { state, hash, now }: ExpressDeps,
  keys: readonly string[],
  by: string,
): Promise<{ readonly id: string; readonly patterns: number }> {
  const found = await state.patterns.find([...new Set(keys)]);
  const live = found.filter((one) => one.live);
  const patterns = live.map(({ key }) => key).toSorted();
  if (patterns.length === 0) {
    throw new ServiceError("sweep/no-live-pattern", "none of these patterns is live");
  }
  if (patterns.length > MOST_PATTERNS) {
    throw new ServiceError(
      "sweep/too-many-express",
      `${patterns.length} patterns are more than one request takes, which is ${MOST_PATTERNS}`,
    );
  }
  const id = hash(JSON.stringify(patterns));
  const open = await state.records.list("express");
  if (open.length >= MOST_REQUESTS && !open.some((one) => one.id === id)) {
    throw new ServiceError(
      "sweep/too-many-express",
      `${open.length} express requests are open already; this one has to wait for them`,
    );
  }
  const revision = Math.max(...live.map((one) => one.revision));
  const record = { patterns, revision, by, at: now(), pieces: {} };
  // One that is open already stays as it is.
  await state.records.compareAndSet("express", { id, version: 0, record });
  return { id, patterns: patterns.length };
}

interface Limits {
  readonly semantics: number;
  readonly jobEvents: number;
}

/** Lists what is left of a request, in turns of partitions; leaves out what the plane has covered meanwhile. */
export function expressJobs(
  { id, record }: Versioned<ExpressRequest>,
  rows: ReadonlyMap<string, LedgerRow>,
  partitions: readonly Partition[],
  { semantics, jobEvents }: Limits,
): readonly { readonly job: SweepJob; readonly turn: number }[] {
  const { revision, pieces } = record;
  return partitions.flatMap(({ id: partition, bound }) => {
    const to = Math.min(bound, boundOf(record, partition) ?? bound);
    const { pieces: swept = [], costs = {} } = rows.get(partition) ?? {};
    const open = uncovered(partition, swept, to, revision, semantics);
    const size = jobSize(costs, jobEvents);
    return uncovered(partition, pieces[partition] ?? [], to, SWEPT, semantics)
      .flatMap((area) => cells(area, size))
      .filter((cell) => open.some((one) => one.from < cell.to && cell.from < one.to))
      .map((cell, turn) => ({
        job: { ...cell, revision, urgency: "express", express: id },
        turn,
      }));
  });
}

function boundOf({ bounds }: ExpressRequest, partition: string): number | undefined {
  // A log that came after the request is new.
  return bounds === undefined ? undefined : (bounds[partition] ?? 0);
}

/** Lists the jobs of every request; one that has none left is done with. */
export async function planExpress(
  { records }: Pick<State, "records">,
  rows: ReadonlyMap<string, LedgerRow>,
  partitions: readonly Partition[],
  limits: Limits,
): Promise<readonly { readonly job: SweepJob; readonly turn: number }[]> {
  const planned = [];
  for (const request of await records.list("express")) {
    const { id, version, record } = request;
    const jobs = expressJobs(request, rows, partitions, limits);
    planned.push(...jobs);
    if (jobs.length === 0) {
      await records.remove("express", id, version);
    } else if (record.bounds === undefined) {
      const bounds = Object.fromEntries(partitions.map((one) => [one.id, one.bound] as const));
      // Where another was first, its bounds hold from the next plan on.
      await records.compareAndSet("express", { id, version, record: { ...record, bounds } });
    }
  }
  return planned;
}

/** What of a job is not swept by now; each position meets every pattern of the request. */
export function openExpress(
  { pieces }: ExpressRequest,
  job: SweepJob,
  semantics: number,
): readonly Rectangle[] {
  return uncovered(job.partition, pieces[job.partition] ?? [], job.to, SWEPT, semantics)
    .map((area) => ({ ...area, from: Math.max(area.from, job.from), below: 0 }))
    .filter(({ from, to }) => from < to);
}

/** Notes what was swept of a request; one that is done with meanwhile is left so. */
export async function noteExpress(
  { records }: Pick<State, "records">,
  id: string,
  done: Rectangle,
): Promise<void> {
  for (;;) {
    const kept = await records.get("express", id);
    if (kept === undefined) {
      return;
    }
    const { version, record } = kept;
    const pieces = {
      ...record.pieces,
      [done.partition]: advance(record.pieces[done.partition] ?? [], { ...done, revision: SWEPT }),
    };
    if (await records.compareAndSet("express", { id, version, record: { ...record, pieces } })) {
      return;
    }
  }
}
