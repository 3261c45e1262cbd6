import type { ImportReport } from "../api/answers.ts";
import { usePolled } from "../api/use-polled.ts";
import { Counts } from "../imports/counts.tsx";
import { EntryTable } from "../imports/entry-table.tsx";
import { Time } from "../parts/badge.tsx";
import { Name } from "../parts/data.tsx";
import { Loading, Problem } from "../parts/states.tsx";
import { writePlace } from "../route.ts";
import { visibleText } from "../text/visible.ts";
import { t } from "../words.ts";

const RUNNING_MS = 2000;
const SETTLED_MS = 60_000;

export function ImportView({ id }: { readonly id: string }) {
  const path = `/api/v1/imports/${encodeURIComponent(id)}`;
  const first = usePolled<ImportReport>(path, { everyMs: SETTLED_MS });
  const isRunning = first.data?.state === "running";
  const running = usePolled<ImportReport>(isRunning ? path : undefined, { everyMs: RUNNING_MS });
  const report = running.data ?? first.data;
  const { problem, refresh } = first;
  return (
    <div class="view">
      <p class="crumb">
        <a href={writePlace("imports")}>← {t("imports.back")}</a>
      </p>
      {problem !== undefined && <Problem problem={problem} retry={refresh} />}
      {report === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <>
          <div class="head">
            <h1>
              <Name value={report.name} />
            </h1>
            <span class={`state state-${report.state}`}>{t(`imports.state.${report.state}`)}</span>
          </div>
          <p class="muted">
            <Name value={report.feed} /> · {report.format ?? "–"} · <Time iso={report.startedAt} />
          </p>
          {report.error !== null && (
            <p class="warn" role="alert">
              {t("imports.unusable", { detail: visibleText(report.error) })}
            </p>
          )}
          <Counts counts={report.counts} />
          <h2>{t("imports.report")}</h2>
          <EntryTable entries={report.entries} />
        </>
      )}
    </div>
  );
}
