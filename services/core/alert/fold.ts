/** Alerts are a fold over the match log: always recomputed from stored matches, never counted up. */
import { alertId } from "../identity.ts";
import { inParallel } from "../in-parallel.ts";
import type { Clock, Hash, State } from "../ports.ts";
import type { AlertRecord, GroupKey, IndicatorRecord, LoggedMatch } from "../records.ts";
import { groupId, groupOf } from "./group.ts";
import { severityOf } from "./severity.ts";
import { isSettled, judge, lookAtHolds, type HoldDeps, type Holds } from "./judge.ts";

export interface FoldDeps extends HoldDeps {
  readonly state: Pick<State, "matches" | "alerts" | "indicators" | "bookmarks" | "records">;
  readonly hash: Hash;
  readonly now: Clock;
}

const FOLDED = "fold";
const VALIDITY_SEEN = "validity";
const BATCH = 1000;
/** Groups are independent of each other, and most of their time is waiting for the store. */
const AT_A_TIME = 200;

/** Brings alerts up to date with matches and indicators; returns how many alerts were written. */
export async function foldAlerts(deps: FoldDeps): Promise<number> {
  await soilDuePatterns(deps);
  return (await foldDirtyPatterns(deps)) + (await foldNewMatches(deps));
}

/** An indicator whose `valid_from` has come fires from stored matches. */
async function soilDuePatterns({ state, now }: FoldDeps): Promise<void> {
  const until = now();
  const since = await state.bookmarks.get(VALIDITY_SEEN);
  if (since > until) {
    // The clock went back: what it was ahead of will come due once more.
    await state.bookmarks.set(VALIDITY_SEEN, until);
    return;
  }
  const due = await state.indicators.dueBetween(since, until);
  if (due.length > 0) {
    await state.bookmarks.soil(due);
    // Moved only when something was found: a tick with nothing new writes nothing.
    await state.bookmarks.set(VALIDITY_SEEN, until);
  }
}

async function foldNewMatches(deps: FoldDeps): Promise<number> {
  const { matches, bookmarks } = deps.state;
  let written = 0;
  for (;;) {
    const from = await bookmarks.get(FOLDED);
    const batch = await matches.tail(from, BATCH);
    const last = batch.at(-1);
    if (last === undefined) {
      return written;
    }
    const indicators = await indicatorsByPattern(deps, new Set(batch.map((m) => m.patternKey)));
    const counted = await dispose(deps, batch, indicators, await lookAtHolds(deps));
    written += await foldGroups(deps, counted.map(groupOf), indicators, last.number);
    if ((await bookmarks.get(FOLDED)) !== from) {
      await agree(deps, counted, indicators);
    }
    await bookmarks.set(FOLDED, last.number);
    const isCounted = new Set(counted);
    const held = batch.filter((match) => !isCounted.has(match));
    await agree(deps, held, indicators);
  }
}

/**
 * Two folds at once (one was taken for dead) may judge a match differently, when its indicator, a suppression or a warning
 * list changes between them; so may a fold that died and its successor. What an alert counts is counted: it is held back no
 * longer. Either the one that holds back sees the other's alert here, or the one that counts sees that the bookmark moved,
 * and comes here too.
 */
async function agree(
  deps: FoldDeps,
  matches: readonly LoggedMatch[],
  indicators: ReadonlyMap<string, readonly IndicatorRecord[]>,
): Promise<void> {
  const { state } = deps;
  const byGroup = Map.groupBy(matches, (match) => groupId(groupOf(match)));
  await inParallel(byGroup.values(), AT_A_TIME, async (all) => {
    const group = all[0] && groupOf(all[0]);
    const alert = group && (await state.alerts.latest(group));
    if (group === undefined || alert === undefined || alert.through !== undefined) {
      return;
    }
    const { count } = await state.matches.fold(group, alert.after, alert.covers);
    // What came after the alert was written is none of what it counts.
    const known = all.filter(({ number }) => number <= alert.covers);
    if (count < alert.count && count + known.length >= alert.count) {
      await state.matches.dispose(
        known.map(({ id }) => id),
        undefined,
      );
      const to = known.at(-1)?.number ?? 0;
      await foldGroup(deps, group, indicators.get(group.patternKey) ?? [], to);
    }
  });
}

/** Patterns with new or changed indicators: what was held back may speak now, and severity may differ. */
async function foldDirtyPatterns(deps: FoldDeps): Promise<number> {
  const { matches, bookmarks } = deps.state;
  const dirty = await bookmarks.dirty();
  if (dirty.length === 0) {
    return 0;
  }
  let written = 0;
  const holds = await lookAtHolds(deps);
  // Of a noisy pattern that is muted there may be a million.
  const settled = [...(await matches.heldBackBy()).keys()].filter((one) => isSettled(one, holds)); // prettier-ignore
  for (const { pattern } of dirty) {
    const indicators = await indicatorsByPattern(deps, [pattern]);
    const through = await bookmarks.get(FOLDED);
    const held = (await matches.heldBack(pattern, settled)).filter(
      (match) => match.number <= through,
    );
    const freed = new Set(
      (await dispose(deps, held, indicators, holds)).map((match) => groupId(groupOf(match))),
    );
    const groups: GroupKey[] = [];
    for (const group of await matches.groups(pattern)) {
      if (freed.has(groupId(group)) || (await deps.state.alerts.latest(group)) !== undefined) {
        groups.push(group);
      }
    }
    written += await foldGroups(deps, groups, indicators, through);
  }
  await bookmarks.clean(dirty);
  return written;
}

/** Marks each match as counted or held back; returns those that count. */
async function dispose(
  deps: FoldDeps,
  batch: readonly LoggedMatch[],
  indicators: ReadonlyMap<string, readonly IndicatorRecord[]>,
  holds: Holds,
): Promise<readonly LoggedMatch[]> {
  const now = deps.now();
  const ids = new Map<string | undefined, string[]>();
  const counted: LoggedMatch[] = [];
  for (const match of batch) {
    const reason = judge(match, indicators.get(match.patternKey) ?? [], holds, now);
    if (reason === undefined) {
      counted.push(match);
    }
    if (reason !== match.heldBack) {
      const list = ids.get(reason) ?? [];
      ids.set(reason, list);
      list.push(match.id);
    }
  }
  for (const [reason, list] of ids) {
    await deps.state.matches.dispose(list, reason);
  }
  return counted;
}

async function foldGroups(
  deps: FoldDeps,
  groups: readonly GroupKey[],
  indicators: ReadonlyMap<string, readonly IndicatorRecord[]>,
  to: number,
): Promise<number> {
  const distinct = new Map(groups.map((group) => [groupId(group), group] as const));
  let written = 0;
  await inParallel(distinct.values(), AT_A_TIME, async (group) => {
    const isWritten = await foldGroup(deps, group, indicators.get(group.patternKey) ?? [], to);
    written += isWritten ? 1 : 0;
  });
  return written;
}

/** Counts a group's matches up to a number, or as far as they were counted before; says whether its alert had to be written. */
async function foldGroup(
  deps: FoldDeps,
  group: GroupKey,
  indicators: readonly IndicatorRecord[],
  to: number,
): Promise<boolean> {
  const { alerts, matches } = deps.state;
  for (;;) {
    const latest = await alerts.latest(group);
    const fresh = nextGeneration(latest, group, deps);
    const covers = Math.max(to, fresh.covers);
    const folded = await matches.fold(group, fresh.after, covers);
    if (folded.count === 0) {
      return false;
    }
    const next: AlertRecord = {
      ...fresh,
      updatedAt: deps.now(),
      covers,
      count: folded.count,
      firstSeen: folded.firstSeen,
      lastSeen: folded.lastSeen,
      severity: severityOf(indicators),
      evidence: folded.samples,
    };
    if (isSame(latest, next)) {
      return false;
    }
    if (await alerts.compareAndSet(next)) {
      return true;
    }
  }
}

/** The alert of a group that has no end, or a new one: the first, or the one after one that has ended. */
function nextGeneration(
  latest: AlertRecord | undefined,
  group: GroupKey,
  { hash, now }: FoldDeps,
): AlertRecord {
  if (latest !== undefined && latest.through === undefined) {
    return latest;
  }
  const generation = (latest?.generation ?? 0) + 1;
  return {
    id: alertId(group, generation, hash),
    group,
    generation,
    version: 0,
    status: "new",
    resolution: undefined,
    assignee: undefined,
    tags: [],
    history: [],
    covers: 0,
    after: latest?.through ?? 0,
    through: undefined,
    createdAt: now(),
    updatedAt: now(),
    count: 0,
    firstSeen: 0,
    lastSeen: 0,
    severity: "low",
    evidence: [],
  };
}

function isSame(before: AlertRecord | undefined, after: AlertRecord): boolean {
  return (
    before?.id === after.id &&
    before.count === after.count &&
    before.firstSeen === after.firstSeen &&
    before.lastSeen === after.lastSeen &&
    before.severity === after.severity
  );
}

async function indicatorsByPattern(
  { state }: FoldDeps,
  patterns: Iterable<string>,
): Promise<ReadonlyMap<string, readonly IndicatorRecord[]>> {
  const found = await state.indicators.byPattern([...patterns]);
  return Map.groupBy(found, (indicator) => indicator.patternKey);
}
