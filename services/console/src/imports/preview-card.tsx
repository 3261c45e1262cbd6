import type { Preview, PreviewEntry } from "../api/answers.ts";
import { Time } from "../parts/badge.tsx";
import { Line, Name } from "../parts/data.tsx";
import { visibleText } from "../text/visible.ts";
import { count, say, t } from "../words.ts";
import { Counts } from "./counts.tsx";
import { EntryTable } from "./entry-table.tsx";

/** What importing a file would do. */
export function PreviewCard({
  preview,
  isBusy,
  onImport,
  onCancel,
}: {
  readonly preview: Preview;
  readonly isBusy: boolean;
  readonly onImport: () => void;
  readonly onCancel: () => void;
}) {
  const { name, error, hits, hosts, patternsHit, search, entries } = preview;
  return (
    <section class="card preview" aria-labelledby="preview">
      <h2 id="preview">{say("imports.preview", { name: <Name value={name} /> })}</h2>
      <p class="muted">{t("imports.previewNote")}</p>
      {error !== null && (
        <p class="warn" role="alert">
          {t("imports.unusable", { detail: visibleText(error) })}
        </p>
      )}
      <Counts counts={preview.counts} />
      {error === null &&
        (hits === null ? (
          <p>{t("imports.wouldNothing")}</p>
        ) : (
          <>
            <p>
              {t("imports.would")}{" "}
              <strong>
                {t("imports.wouldHits", {
                  matches: hits.matches,
                  hosts: hits.hosts,
                  patterns: patternsHit,
                })}
              </strong>
              {hits.heldBack > 0 && ` ${t("imports.wouldHeld", { n: hits.heldBack })}`}
            </p>
            <table class="rows">
              <thead>
                <tr>
                  <th>{t("alerts.host")}</th>
                  <th class="number">{t("alerts.hits")}</th>
                  <th>{t("imports.first")}</th>
                  <th>{t("imports.last")}</th>
                </tr>
              </thead>
              <tbody>
                {hosts.slice(0, 20).map((host) => (
                  <tr key={host.host}>
                    <td>
                      <Line value={host.host === "" ? "–" : host.host} mono={false} />
                    </td>
                    <td class="number">{count(host.matches)}</td>
                    <td class="when">
                      <Time iso={host.first} />
                    </td>
                    <td class="when">
                      <Time iso={host.last} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        ))}
      {search?.complete === false && <p class="warn">{t("imports.partSearched")}</p>}
      <div class="actions">
        {error === null && (
          <button type="button" class="button primary" disabled={isBusy} onClick={onImport}>
            {isBusy ? t("imports.importing") : t("imports.go")}
          </button>
        )}
        <button type="button" class="button" disabled={isBusy} onClick={onCancel}>
          {t("app.cancel")}
        </button>
      </div>
      {entries.length > 0 && (
        <EntryTable entries={entries} more={(entry) => <More entry={entry} />} />
      )}
    </section>
  );
}

function More({ entry }: { readonly entry: PreviewEntry }) {
  const { hits, duplicateOf } = entry;
  return (
    <>
      {hits !== null && <strong>{t("imports.entryHits", { n: hits.matches })} </strong>}
      {duplicateOf.length > 0 && (
        <span class="muted">
          {t("imports.known", { feeds: duplicateOf.map(visibleText).join(", ") })}
        </span>
      )}
    </>
  );
}
