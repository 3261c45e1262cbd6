/** How patterns stand in a set: one that a single event decides as it is, others by their operands. */
import type { CompiledPattern, MatchMode, PatternSet } from "stix2-ts";

/** Which pattern an entry of a set belongs to; `operand` where it is but one `[ ]` of it. */
export interface SetEntry {
  readonly pattern: string;
  readonly operand: number | undefined;
  readonly mode: MatchMode | undefined;
}

/** Adds a pattern; one over several events as an entry for each operand, which one event decides. */
export function addPattern(set: PatternSet, key: string, compiled: CompiledPattern): void {
  const { correlation, options } = compiled;
  if (correlation === undefined) {
    set.add(key, compiled);
    return;
  }
  for (const [operand, pattern] of correlation.operands.entries()) {
    set.add(operandId(key, options.mode, operand), { pattern, options });
  }
}

export function removePattern(set: PatternSet, key: string, mode: MatchMode): void {
  set.remove(key);
  for (let operand = 0; set.has(operandId(key, mode, operand)); operand++) {
    set.remove(operandId(key, mode, operand));
  }
}

/** Reads the id of an entry. Keys of patterns have no spaces. */
export function readEntry(id: string): SetEntry {
  const [pattern = "", mode, operand] = id.split(" ");
  return mode === undefined
    ? { pattern, operand: undefined, mode: undefined }
    : { pattern, operand: Number(operand), mode: mode === "spec" ? "spec" : "observable" };
}

function operandId(key: string, mode: MatchMode, operand: number): string {
  return `${key} ${mode} ${operand}`;
}
