/** Matches of patterns over several events are a fold over the log of operand hits: found from stored hits, no event is read again. */
import type { Correlation } from "stix2-ts";
import { messageOf } from "../errors.ts";
import type { CompileText } from "../match/compile.ts";
import { EVERY_PARTITION } from "../match/pattern-catalog.ts";
import type { Hash, State } from "../ports.ts";
import type { LoggedHit, PatternRecord } from "../records.ts";
import { correlatedMatches, participatingEvents } from "./correlated-matches.ts";

/** A stretch of time around fresh hits, and when those were. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly times: readonly number[];
}

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
const BATCH = 40_000;
/** So often the fresh hits of a pattern and scope are halved before what can't be decided at once is given up. */
const MOST_HALVINGS = 7;
/** Hits of one pattern and scope that are looked at together; beyond it the pattern is on the exception list, not guessed. */
const MOST_HITS = 50_000;

/** Finds what new operand hits complete; returns how many matches are new. */
export async function correlate(deps: CorrelateDeps): Promise<number> {
  const { operandHits, bookmarks, patterns } = deps.state;
  const bookmark = `correlate:${deps.semantics}`;
  let added = 0;
  for (;;) {
    const after = await bookmarks.get(bookmark);
    const batch = await operandHits.tail(after, BATCH);
    const last = batch.at(-1);
    if (last === undefined) {
      return added;
    }
    if (after === 0) {
      await pardonAll(deps); // these rules look at all hits: what they can't decide they will say
    }
    const groups = Map.groupBy(batch, ({ patternKey, scope }) => `${patternKey} ${scope}`);
    const records = await patterns.find([...new Set(batch.map(({ patternKey }) => patternKey))]);
    const byKey = new Map(records.map((record) => [record.key, record] as const));
    const undecided = await undecidedPatterns(deps);
    for (const fresh of groups.values()) {
      const key = fresh[0]?.patternKey ?? "";
      added += await complete(deps, byKey.get(key), fresh, undecided.has(key) ? 0 : after);
    }
    // Moved last: a crash in between repeats work and doubles nothing.
    await bookmarks.set(bookmark, last.number);
  }
}

/**
 * Finds what the fresh hits of one pattern and scope complete, together with those stored before. What hits up to the number
 * `after` complete by themselves was found when they were fresh.
 */
async function complete(
  deps: CorrelateDeps,
  record: PatternRecord | undefined,
  fresh: readonly LoggedHit[],
  after: number,
): Promise<number> {
  const [first] = fresh;
  if (record === undefined || first === undefined) {
    return 0;
  }
  const { state, hash } = deps;
  const { patternKey, scope } = first;
  const decided = decide(() => deps.compile(record.pattern, record.options).correlation);
  if ("failure" in decided) {
    await setAside(deps, patternKey, decided.failure);
    return 0;
  }
  const correlation = decided.answer;
  const operands = await state.operandHits.operands(patternKey, scope);
  if (correlation?.canHold(new Set(operands)) !== true) {
    return 0;
  }
  let added = 0;
  let failure: string | undefined;
  let halvings = MOST_HALVINGS;
  const open = [
    ...windows(
      fresh.map(({ time }) => time),
      correlation.reach,
    ),
  ].toReversed();
  for (let window = open.pop(); window !== undefined; window = open.pop()) {
    const { from, to, times } = window;
    const hits = await state.operandHits.of(patternKey, scope, from, to, MOST_HITS + 1);
    const found =
      hits.length > MOST_HITS
        ? { failure: `more than ${MOST_HITS} events satisfy a part of the pattern in ${scope}` }
        : decide(() =>
            correlatedMatches(correlation, hits, hash, foundBefore(correlation, hits, after)),
          );
    if ("answer" in found) {
      added += await state.matches.add(found.answer);
    } else if (to - from > 3 * correlation.reach && halvings > 0) {
      // What the fresh hits complete can be found for fewer of them at a time, among fewer others.
      halvings -= 1;
      const middle = times.length >> 1;
      for (const half of [times.slice(middle), times.slice(0, middle)]) {
        open.push(...windows(half, correlation.reach).toReversed());
      }
    } else {
      failure = found.failure;
    }
  }
  if (failure !== undefined) {
    await setAside(deps, patternKey, failure);
  }
  return added;
}

/** A pattern that is busy has thousands of matches in one window, and few that are new: the others are not sent again. */
function foundBefore(
  correlation: Correlation,
  hits: readonly LoggedHit[],
  after: number,
): ReadonlySet<string> {
  const earlier = hits.filter(({ number }) => number <= after);
  const found = decide(() => participatingEvents(correlation, earlier));
  // What can't be decided of fewer hits was not found either.
  return "answer" in found ? found.answer : new Set();
}

async function pardonAll({ state }: CorrelateDeps): Promise<void> {
  for (const { pattern, partition, code } of await state.ledger.exceptions()) {
    if (code === CORRELATION_LIMIT) await state.ledger.pardon(pattern, partition);
  }
}

/** Patterns of which not all was found that their hits complete. */
async function undecidedPatterns({ state }: CorrelateDeps): Promise<ReadonlySet<string>> {
  const exceptions = await state.ledger.exceptions();
  return new Set(
    exceptions.filter(({ code }) => code === CORRELATION_LIMIT).map(({ pattern }) => pattern),
  );
}

/** Whatever goes wrong with one pattern is told of that pattern: the others, and the alerts, do not wait for it. */
function decide<T>(work: () => T): { readonly answer: T } | { readonly failure: string } {
  try {
    return { answer: work() };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

async function setAside({ state }: CorrelateDeps, pattern: string, reason: string): Promise<void> {
  await state.ledger.except({
    pattern,
    partition: EVERY_PARTITION,
    code: CORRELATION_LIMIT,
    reason,
    retryAt: undefined,
  });
}

/**
 * Stretches of time that hold all that can satisfy the pattern together with one of the hits. What lies further away than
 * the pattern reaches was found before, or will be when it comes. Those no further apart than the one before is long are
 * one: a look-up costs more than the few hits between.
 */
function windows(times: readonly number[], reach: number): readonly Window[] {
  const found: { from: number; to: number; times: number[] }[] = [];
  for (const time of times.toSorted((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && time - reach - last.to <= last.to - last.from) {
      last.to = time + reach;
      last.times.push(time);
    } else {
      found.push({ from: time - reach, to: time + reach, times: [time] });
    }
  }
  return found;
}
