import { compilePattern, parsePattern, type Observation } from "stix2-ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import type { Case } from "./generate.ts";

/** What a peer says of a pair, or the text of its error. */
export type Verdict = boolean | string;

/** The reason why a peer may differ from the specification in a pair; undefined where none is known. */
export type ReasonFor = (
  pattern: string,
  list: readonly Observation[],
  their: Verdict,
  ours: boolean,
) => string | undefined;

export interface Comparison {
  readonly pairs: number;
  readonly same: number;
  /** Of the same, those where both match. */
  readonly matched: number;
  /** Pairs by the reason for their difference. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly unexplained: readonly object[];
}

/** Our verdicts in mode `spec` beside those of a peer, in the order of the cases and their lists. */
export function compareVerdicts(
  cases: readonly Case[],
  theirs: readonly Verdict[],
  reasonFor: ReasonFor,
): Comparison {
  const reasons: Record<string, number> = {};
  const unexplained: object[] = [];
  let [pairs, same, matched] = [0, 0, 0];
  for (const { pattern, lists } of cases) {
    const { find } = compilePattern(parsePattern(pattern), { mode: "spec", regex: re2 });
    for (const list of lists) {
      const [ours, their] = [find(list) !== undefined, theirs[pairs] ?? "no answer"];
      pairs += 1;
      if (ours === their) {
        same += 1;
        matched += ours ? 1 : 0;
        continue;
      }
      const reason = reasonFor(pattern, list, their, ours);
      if (reason === undefined) unexplained.push({ pattern, list, ours, their });
      else reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
  }
  return { pairs, same, matched, reasons, unexplained };
}
