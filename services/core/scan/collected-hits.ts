import { StixError, type CompiledPattern } from "stix2-ts";
import { correlatedMatches } from "../correlate/correlated-matches.ts";
import type { Hash } from "../ports.ts";
import type { MatchRecord, OperandHit } from "../records.ts";

/** Operand hits of one pattern that a scan keeps; beyond it the pattern is said to be undecided. */
const MOST_HITS = 200_000;

/** The operand hits of a scan, kept until all files are read: any of them may complete another. */
export class CollectedHits {
  readonly #documents = new Map<string, unknown>();
  /** Pattern → scope → hits; undefined where they became too many. */
  readonly #byPattern = new Map<string, Map<string, OperandHit[]> | undefined>();
  readonly #counts = new Map<string, number>();

  add(hits: readonly OperandHit[], document: unknown): void {
    for (const hit of hits) {
      const count = (this.#counts.get(hit.patternKey) ?? 0) + 1;
      this.#counts.set(hit.patternKey, count);
      if (count > MOST_HITS) {
        this.#byPattern.set(hit.patternKey, undefined);
        continue;
      }
      const scopes = this.#byPattern.get(hit.patternKey) ?? new Map<string, OperandHit[]>();
      this.#byPattern.set(hit.patternKey, scopes);
      const list = scopes.get(hit.scope) ?? [];
      scopes.set(hit.scope, list);
      list.push(hit);
      this.#documents.set(hit.eventKey, document);
    }
  }

  /** Yields the matches of patterns over several events; `problem` hears of each pattern that is not decided. */
  *matches(
    compiled: ReadonlyMap<string, CompiledPattern>,
    hash: Hash,
    problem: (message: string) => void,
  ): Generator<{ readonly match: MatchRecord; readonly document: unknown }, void> {
    for (const [key, scopes] of this.#byPattern) {
      const pattern = compiled.get(key);
      if (scopes === undefined) {
        problem(`pattern ${pattern?.pattern.text ?? key}: not decided, more than ${MOST_HITS} events satisfy a part of it`); // prettier-ignore
      }
      for (const hits of scopes?.values() ?? []) {
        for (const match of this.#complete(pattern, hits, hash, problem)) {
          yield { match, document: this.#documents.get(match.eventKey) };
        }
      }
    }
  }

  #complete(
    pattern: CompiledPattern | undefined,
    hits: readonly OperandHit[],
    hash: Hash,
    problem: (message: string) => void,
  ): readonly MatchRecord[] {
    if (pattern?.correlation === undefined) {
      return [];
    }
    try {
      return correlatedMatches(pattern.correlation, hits, hash);
    } catch (error) {
      if (!(error instanceof StixError)) {
        throw error;
      }
      problem(`pattern ${pattern.pattern.text}: not decided, ${error.message}`);
      return [];
    }
  }
}
