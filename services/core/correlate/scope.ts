import type { MatchMode } from "stix2-ts";

/**
 * The events that a pattern over several events may join: those of one host in `observable` mode, which means what a
 * hunter means; all in `spec` mode, since STIX knows no host. Events that name no host are one group.
 */
export function scopeOf(mode: MatchMode, host: string): string {
  return mode === "spec" ? "all" : `host ${host}`;
}
