import type { Correlation, MatchMode } from "stix2-ts";

/**
 * The events that a pattern over several events may join: those of one host in `observable` mode, which means what a
 * hunter means; all in `spec` mode, since STIX knows no host. Events that name no host are one group.
 */
export function scopeOf(mode: MatchMode, host: string): string {
  return mode === "spec" ? "all" : `host ${host}`;
}

/** Whether an event may be joined with others: one without a readable time (0) satisfies no rule of time. */
export function canJoin(correlation: Correlation, time: number): boolean {
  return time !== 0 || !correlation.isTimed;
}
