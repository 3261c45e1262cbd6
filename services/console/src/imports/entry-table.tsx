import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import type { EntryStatus, ImportEntry } from "../api/answers.ts";
import { EntryBadge } from "../parts/badge.tsx";
import { Data, Line } from "../parts/data.tsx";
import { visibleText } from "../text/visible.ts";
import { count, t } from "../words.ts";
import { ENTRY_STATUSES } from "./counts.tsx";

const STEP = 200;

/** What became of each entry of a file; what went wrong first. */
export function EntryTable<E extends ImportEntry>({
  entries,
  more,
}: {
  readonly entries: readonly E[];
  readonly more?: (entry: E) => ComponentChild;
}) {
  const [only, setOnly] = useState<EntryStatus>();
  const [limit, setLimit] = useState(STEP);
  const rank = (entry: E) => -ENTRY_STATUSES.indexOf(entry.status);
  const chosen = entries
    .filter(({ status }) => only === undefined || status === only)
    .toSorted((a, b) => rank(a) - rank(b));
  const counts = Map.groupBy(entries, ({ status }) => status);
  return (
    <>
      <div class="tabs" role="group" aria-label={t("imports.report")}>
        <button type="button" aria-pressed={only === undefined} onClick={() => setOnly(undefined)}>
          {t("imports.all")} {count(entries.length)}
        </button>
        {ENTRY_STATUSES.filter((status) => counts.has(status)).map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={only === status}
            onClick={() => setOnly(status)}
          >
            {t(`entry.${status}`)} {count(counts.get(status)?.length ?? 0)}
          </button>
        ))}
      </div>
      <table class="rows">
        <thead>
          <tr>
            <th>{t("imports.state")}</th>
            <th>{t("imports.entry")}</th>
            <th>{t("imports.what")}</th>
          </tr>
        </thead>
        <tbody>
          {chosen.slice(0, limit).map((entry, i) => (
            <tr key={i} data-row tabIndex={-1}>
              <td>
                <EntryBadge status={entry.status} />
              </td>
              <td class="entry-name">
                <Line value={entry.id ?? entry.where} />
                {entry.id !== undefined && (
                  <small class="muted">
                    <Line value={entry.where} />
                  </small>
                )}
              </td>
              <td>
                {entry.reason !== undefined && <Data value={entry.reason} prose />}
                {entry.lost.map((lost) => (
                  <p key={lost}>{t("imports.lost", { what: visibleText(lost) })}</p>
                ))}
                {entry.warningLists !== undefined && entry.warningLists.length > 0 && (
                  <p class="muted">
                    {t("imports.onLists", {
                      lists: entry.warningLists.map(visibleText).join(", "),
                    })}
                  </p>
                )}
                {more?.(entry)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen.length > limit && (
        <p class="foot">
          <button type="button" class="button" onClick={() => setLimit(limit + STEP)}>
            {t("app.more")}
          </button>
        </p>
      )}
    </>
  );
}
