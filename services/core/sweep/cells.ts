import type { Rectangle } from "../coverage/ledger.ts";

/** New events first, then patterns that somebody waits for and other new ones over history, then what older rules covered. */
export const URGENCIES = ["live", "express", "retro", "stale"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Positions (from, to] of a partition that are to meet the patterns up to a revision. */
export interface SweepJob {
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  readonly revision: number;
  readonly urgency: Urgency;
  /** Where the cell begins that it is of: with the urgency, what names it in plans made later. */
  readonly cell: number;
  /** Of an express job: the request, whose patterns alone are met. */
  readonly express?: string;
}

/** Cuts an area at multiples of the job's size, so that a plan made later names the same jobs. */
export function cells(area: Rectangle, size: number): readonly SweepJob[] {
  const { partition, revision } = area;
  const urgency = area.stale ? "stale" : area.below === 0 ? "live" : "retro";
  const jobs: SweepJob[] = [];
  for (let from = area.from; from < area.to;) {
    const cell = from - (from % size);
    const to = Math.min(cell + size, area.to);
    jobs.push({ partition, from, to, revision, urgency, cell });
    from = to;
  }
  return jobs;
}
