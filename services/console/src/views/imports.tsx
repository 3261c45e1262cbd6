import { useEffect, useState } from "preact/hooks";
import type { ImportPage, ImportSummary } from "../api/answers.ts";
import { ApiProblem, read, withQuery } from "../api/client.ts";
import { Counts } from "../imports/counts.tsx";
import { DropZone } from "../imports/drop-zone.tsx";
import { Time } from "../parts/badge.tsx";
import { Line } from "../parts/data.tsx";
import { Empty, Loading, Problem } from "../parts/states.tsx";
import { writePlace } from "../route.ts";
import { may } from "../session.ts";
import { t } from "../words.ts";

/** The API lists imports from the oldest on; people look for the newest. */
const MOST_PAGES = 10;
const AGAIN_MS = 5000;

export function ImportsView() {
  const [imports, setImports] = useState<readonly ImportSummary[]>();
  const [problem, setProblem] = useState<ApiProblem>();
  const load = async (): Promise<void> => {
    try {
      setImports(await readAll());
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  useEffect(() => {
    void load();
    const timer = setInterval(
      () => document.visibilityState === "visible" && void load(),
      AGAIN_MS,
    );
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="view">
      <div class="head">
        <h1>{t("imports.title")}</h1>
      </div>
      {may("feeds") && <DropZone onImported={() => void load()} />}
      {problem !== undefined && <Problem problem={problem} retry={() => void load()} />}
      {imports === undefined ? (
        problem === undefined && <Loading />
      ) : imports.length === 0 ? (
        <Empty title={t("imports.empty")} />
      ) : (
        <table class="rows">
          <thead>
            <tr>
              <th>{t("imports.file")}</th>
              <th>{t("indicators.feed")}</th>
              <th>{t("imports.format")}</th>
              <th>{t("imports.what")}</th>
              <th>{t("imports.when")}</th>
            </tr>
          </thead>
          <tbody>
            {imports.map((one) => (
              <tr key={one.id} data-row>
                <td class="what">
                  <a data-main class="row-title" href={writePlace("imports", one.id)}>
                    <Line value={one.name} mono={false} />
                  </a>
                </td>
                <td>
                  <Line value={one.feed} mono={false} />
                </td>
                <td>{one.format ?? "–"}</td>
                <td>
                  {one.state === "done" ? (
                    <Counts counts={one.counts} />
                  ) : (
                    <span class={`state state-${one.state}`}>
                      {t(`imports.state.${one.state}`)}
                    </span>
                  )}
                </td>
                <td class="when">
                  <Time iso={one.finishedAt ?? one.startedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

async function readAll(): Promise<readonly ImportSummary[]> {
  const all: ImportSummary[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < MOST_PAGES && cursor !== null; page += 1) {
    const got: ImportPage = await read(withQuery("/api/v1/imports", { limit: "1000", cursor }));
    all.push(...got.imports);
    cursor = got.next;
  }
  return all.toReversed();
}
