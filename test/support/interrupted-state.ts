import type { FoldDeps } from "../../services/core/alert/fold.ts";

/** A state that does something else before its n-th call. */
export function interrupted(
  state: FoldDeps["state"],
  at: number,
  work: () => Promise<void>,
): { readonly state: FoldDeps["state"]; readonly calls: () => number } {
  let calls = 0;
  const wrap = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]): Promise<unknown> => {
          if (calls++ === at) await work();
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  const { matches, alerts, indicators, bookmarks, records } = state;
  return {
    state: {
      matches: wrap(matches),
      alerts: wrap(alerts),
      indicators: wrap(indicators),
      bookmarks: wrap(bookmarks),
      records: wrap(records),
    },
    calls: () => calls,
  };
}
