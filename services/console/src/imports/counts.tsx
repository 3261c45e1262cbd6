import type { EntryStatus } from "../api/answers.ts";
import { count, t } from "../words.ts";

export const ENTRY_STATUSES: readonly EntryStatus[] = [
  "accepted", "partly", "unmatchable", "not-yet-evaluated", "rejected",
]; // prettier-ignore

/** How many entries of a file became what. */
export function Counts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  return (
    <ul class="counts">
      {ENTRY_STATUSES.map((status) => {
        const n = counts[status] ?? 0;
        return n === 0 ? null : (
          <li key={status} class={`entry entry-${status}`}>
            <strong>{count(n)}</strong> {t(`entry.${status}`)}
          </li>
        );
      })}
    </ul>
  );
}
