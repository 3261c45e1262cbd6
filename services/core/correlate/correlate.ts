/** Matches of patterns over several events are a fold over the log of operand hits: found from stored hits, no event is read again. */
import { StixError, type CompiledPattern } from "stix2-ts";
import type { CompileText } from "../match/compile.ts";
import { EVERY_PARTITION } from "../match/pattern-catalog.ts";
import type { Hash, State } from "../ports.ts";
import type { LoggedHit, OperandHit } from "../records.ts";
import { correlatedMatches } from "./correlated-matches.ts";

export interface CorrelateDeps {
  readonly state: Pick<State, "patterns" | "operandHits" | "matches" | "bookmarks" | "ledger">;
  readonly compile: CompileText;
  readonly hash: Hash;
  /** The version of the rules: another one looks at all hits anew. */
  readonly semantics: number;
}

/** The code of an exception for a pattern that too many events satisfy in part. */
export const CORRELATION_LIMIT = "match/correlation-limit";
/** Hits taken at a time: what lies far apart in time is looked up once for all of them. */
const BATCH = 10_000;
/** Hits of one pattern and scope that are looked at together; beyond it the pattern is on the exception list, not guessed. */
const MOST_HITS = 50_000;

/** Finds what new operand hits complete; returns how many matches are new. */
export async function correlate(deps: CorrelateDeps): Promise<number> {
  const { operandHits, bookmarks, patterns } = deps.state;
  const bookmark = `correlate:${deps.semantics}`;
  let added = 0;
  for (;;) {
    const batch = await operandHits.tail(await bookmarks.get(bookmark), BATCH);
    const last = batch.at(-1);
    if (last === undefined) {
      return added;
    }
    const groups = Map.groupBy(batch, ({ patternKey, scope }) => `${patternKey} ${scope}`);
    const records = await patterns.find([...new Set(batch.map(({ patternKey }) => patternKey))]);
    const compiled = new Map(
      records.map(({ key, pattern, options }) => [key, deps.compile(pattern, options)] as const),
    );
    for (const fresh of groups.values()) {
      added += await complete(deps, compiled.get(fresh[0]?.patternKey ?? ""), fresh);
    }
    // Moved last: a crash in between repeats work and doubles nothing.
    await bookmarks.set(bookmark, last.number);
  }
}

/** Finds what the fresh hits of one pattern and scope complete, together with those stored before. */
async function complete(
  { state, hash }: CorrelateDeps,
  compiled: CompiledPattern | undefined,
  fresh: readonly LoggedHit[],
): Promise<number> {
  const correlation = compiled?.correlation;
  const [first] = fresh;
  if (correlation === undefined || first === undefined) {
    return 0;
  }
  const { patternKey, scope } = first;
  const operands = await state.operandHits.operands(patternKey, scope);
  if (!correlation.canHold(new Set(operands))) {
    return 0;
  }
  let added = 0;
  try {
    for (const { from, to } of windows(fresh, correlation.reach)) {
      const hits = await state.operandHits.of(patternKey, scope, from, to, MOST_HITS + 1);
      if (hits.length > MOST_HITS) {
        throw new StixError(
          "stix/evaluation-limit",
          `more than ${MOST_HITS} events satisfy a part of the pattern in ${scope}`,
        );
      }
      added += await state.matches.add(correlatedMatches(correlation, hits, hash));
    }
  } catch (error) {
    if (!(error instanceof StixError)) {
      throw error;
    }
    await state.ledger.except({
      pattern: patternKey,
      partition: EVERY_PARTITION,
      code: CORRELATION_LIMIT,
      reason: error.message,
      retryAt: undefined,
    });
  }
  return added;
}

/**
 * Stretches of time that hold all that can satisfy the pattern together with one of the hits. What lies further away than
 * the pattern reaches was found before, or will be when it comes.
 */
function windows(
  hits: readonly OperandHit[],
  reach: number,
): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const time of hits.map((hit) => hit.time).toSorted((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && time - reach <= last.to) last.to = time + reach;
    else found.push({ from: time - reach, to: time + reach });
  }
  return found;
}
