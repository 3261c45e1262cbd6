/**
 * Partitions that are slow or dear to read see the pattern axis as it was at the last look: new patterns are gathered for a
 * while, then all of them meet those partitions at once. What is new there is swept with the patterns of that look, too.
 */
import type { Bookmarks, Clock } from "../ports.ts";

const REVISION = "cold-revision";
const SINCE = "cold-since";

export interface ColdDeps {
  readonly state: { readonly bookmarks: Bookmarks };
  readonly now: Clock;
  /** Time between two looks, milliseconds; none: each plan is one. */
  readonly coldMs?: number;
}

/** The revision that cold partitions are swept up to now, of the bound that others are. */
export async function coldRevision(deps: ColdDeps, bound: number): Promise<number> {
  const { bookmarks } = deps.state;
  const [last, since] = await Promise.all([bookmarks.get(REVISION), bookmarks.get(SINCE)]);
  const waited = deps.now() - since;
  // Before the last look: the clock went back; a bound below: the pattern axis was lost and began anew.
  const isDue = waited >= (deps.coldMs ?? 0) || waited < 0 || last === 0 || last > bound;
  return isDue ? bound : last;
}

/** As `coldRevision`; a look that is due begins now. */
export async function lookAtCold(deps: ColdDeps, bound: number): Promise<number> {
  const { bookmarks } = deps.state;
  const revision = await coldRevision(deps, bound);
  // Written when there is something new alone: standing still costs nothing.
  if (revision !== (await bookmarks.get(REVISION))) {
    await bookmarks.set(REVISION, revision);
    await bookmarks.set(SINCE, deps.now());
  }
  return revision;
}
