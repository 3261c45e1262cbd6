import { StixError } from "../errors.ts";

/** Steps that one call may take over all its searches: looks at a slot, a rule's slot or a candidate. */
const STEPS = 150_000_000;

/** What deciding a pattern on a list of observations may still cost. */
export class SearchBudget {
  #left = STEPS;

  /** Takes steps; throws `stix/evaluation-limit` when they run out: no answer rather than a wrong one. */
  take(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new StixError(
        "stix/evaluation-limit",
        "deciding the pattern on these observations takes too many steps",
      );
    }
  }
}
