/**
 * The bound without the right to refresh. A position passes when every document up to it was seen (no holes), or when
 * it has been known for longer than documents take to become visible: deletes and updates leave lasting holes.
 */
export interface HoleWatch {
  /** What has passed; undefined: nothing yet. */
  readonly bound: number | undefined;
  readonly pending: readonly { readonly position: number; readonly since: number }[];
}

export const NOTHING_SEEN: HoleWatch = { bound: undefined, pending: [] };

export interface Look {
  /** The position that the log is said to have reached. */
  readonly position: number;
  /** Every position after the bound, up to `position`, has a document. */
  readonly isWhole: boolean;
  readonly now: number;
  /** Time after which a hole is a lasting one; undefined: the index never refreshes by itself, so holes prove nothing. */
  readonly waitMs: number | undefined;
}

export function look(watch: HoleWatch, { position, isWhole, now, waitMs }: Look): HoleWatch {
  if (isWhole) {
    return { bound: Math.max(position, watch.bound ?? 0), pending: [] };
  }
  const last = watch.pending.at(-1)?.position ?? watch.bound ?? -1;
  const pending = position > last ? [...watch.pending, { position, since: now }] : watch.pending;
  const passed = pending.filter(({ since }) => waitMs !== undefined && now - since >= waitMs);
  return {
    bound: passed.at(-1)?.position ?? watch.bound,
    pending: pending.slice(passed.length),
  };
}
