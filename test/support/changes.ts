import type { PatternStore } from "../../services/core/ports.ts";
import type { PatternRecord } from "../../services/core/records.ts";

/** All changes of patterns in (from, to] at once. */
export async function changesOf(
  patterns: PatternStore,
  from: number,
  to: number,
): Promise<readonly PatternRecord[]> {
  return (await Array.fromAsync(patterns.changes(from, to))).flat();
}
