import { CASES } from "../cases.ts";
import { wantedOf } from "./peer-world.ts";

/** Documents found, by case; a case that is not there was not asked for. */
export type Found = ReadonlyMap<string, ReadonlySet<string>>;

export interface Score {
  /** Cases of which everything was found, and nothing else. */
  readonly exact: number;
  readonly cases: number;
  readonly found: number;
  /** Events that there were to find. */
  readonly wanted: number;
  /** Events found that do not satisfy the pattern. */
  readonly wrong: number;
  /** Names of the cases that are not exact. */
  readonly failed: readonly string[];
}

export function scoreOf(found: Found): Score {
  const score = { exact: 0, cases: CASES.length, found: 0, wanted: 0, wrong: 0 };
  const failed: string[] = [];
  for (const one of CASES) {
    const wanted = wantedOf(one);
    const hits = found.get(one.name) ?? new Set<string>();
    const right = wanted.intersection(hits).size;
    score.wanted += wanted.size;
    score.found += right;
    score.wrong += hits.size - right;
    if (right === wanted.size && hits.size === right) score.exact += 1;
    else failed.push(one.name);
  }
  return { ...score, failed };
}
