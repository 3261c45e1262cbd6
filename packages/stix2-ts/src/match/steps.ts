import { StixError } from "../errors.ts";

/** Steps that deciding one `[ ]` on one observation may take: only graphs and choices made to cost reach it. */
export const EVALUATION_STEPS = 10_000_000;

/** Steps that are left. */
export interface Steps {
  left: number;
}

/** Takes one step; throws `stix/evaluation-limit` when none is left: no answer rather than a wrong one. */
export function takeStep(steps: Steps): void {
  steps.left -= 1;
  if (steps.left < 0) {
    throw new StixError(
      "stix/evaluation-limit",
      "deciding the pattern on this observation takes too many steps",
    );
  }
}
