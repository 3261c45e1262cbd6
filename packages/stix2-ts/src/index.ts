export type { Binding, BoundObservation } from "./correlate/correlation.ts";
export { StixError } from "./errors.ts";
export { anchorsOf, type Anchor } from "./match/anchors.ts";
export {
  compilePattern,
  observationKeys,
  singleObservations,
  type CompiledPattern,
  type SingleObservation,
} from "./match/compile-pattern.ts";
export { evaluateObservation } from "./match/evaluate-observation.ts";
export { hashName, pathValues, type PathValue } from "./match/object-path.ts";
export type * from "./match/observation.ts";
export { PatternSet, type SetMatch } from "./match/pattern-set.ts";
export type * from "./pattern/ast.ts";
export { mapComparisons } from "./pattern/map-comparisons.ts";
export { normalisePattern } from "./pattern/normalise-pattern.ts";
export { parsePattern, type PatternLimits } from "./pattern/parse-pattern.ts";
export { PatternSyntaxError } from "./pattern/pattern-syntax-error.ts";
export { printPath, printPattern } from "./pattern/print-pattern.ts";
export { walkComparisons } from "./pattern/walk-comparisons.ts";
export { indexKey } from "./value/fold.ts";
export { parseTimestamp, instantToMs } from "./value/timestamp.ts";
