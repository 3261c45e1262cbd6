import type { Feed } from "../api/answers.ts";
import { change } from "../api/client.ts";
import { usePolled } from "../api/use-polled.ts";
import { Time } from "../parts/badge.tsx";
import { Data, Line } from "../parts/data.tsx";
import { attempt } from "../parts/notices.tsx";
import { Empty, Loading, Problem } from "../parts/states.tsx";
import { writePlace } from "../route.ts";
import { may } from "../session.ts";
import { count, t } from "../words.ts";

const PATH = "/api/v1/feeds";

export function FeedsView() {
  const { data, problem, refresh } = usePolled<{ feeds: readonly Feed[] }>(PATH);
  const act = async (method: "POST" | "DELETE", path: string) => {
    await attempt(async () => {
      await change(method, path);
    });
    refresh();
  };
  return (
    <div class="view">
      <div class="head">
        <h1>{t("feeds.title")}</h1>
      </div>
      <p class="muted intro">{t("feeds.intro")}</p>
      {problem !== undefined && <Problem problem={problem} retry={refresh} />}
      {data === undefined ? (
        problem === undefined && <Loading />
      ) : data.feeds.length === 0 ? (
        <Empty title={t("feeds.empty")} why={t("feeds.emptyWhy")}>
          <a class="button" href={writePlace("imports")}>
            {t("indicators.import")}
          </a>
        </Empty>
      ) : (
        <table class="rows">
          <thead>
            <tr>
              <th>{t("feeds.name")}</th>
              <th>{t("feeds.state")}</th>
              <th class="number">{t("feeds.indicators")}</th>
              <th>{t("feeds.last")}</th>
              <th>{t("feeds.next")}</th>
              <th class="row-acts" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {data.feeds.map((feed) => (
              <Row key={feed.id} feed={feed} act={act} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Row({
  feed,
  act,
}: {
  readonly feed: Feed;
  readonly act: (method: "POST" | "DELETE", path: string) => Promise<void>;
}) {
  const { id, title, url, kind, state, problem, error, origin } = feed;
  const path = `${PATH}/${encodeURIComponent(id)}`;
  const why = problem ?? error?.message;
  return (
    <tr data-row>
      <td class="what">
        <a data-main class="row-title" href={writePlace("indicators", undefined, { feed: id })}>
          <Line value={title} mono={false} />
        </a>
        <span class="row-sub">
          <span class="muted">{kind ?? ""}</span>
          {url !== null && <Line value={url} />}
        </span>
      </td>
      <td>
        <span class={`state state-${state}`}>{t(`feeds.state.${state}`)}</span>
        {why !== undefined && why !== null && (
          <p class="small">
            <Data value={why} limit={200} prose />
          </p>
        )}
      </td>
      <td class="number">{count(feed.indicators)}</td>
      <td class="when">
        <Time iso={feed.succeededAt} relative />
      </td>
      <td class="when">
        <Time iso={feed.nextAt} relative />
      </td>
      <td class="row-acts">
        {may("feeds") && state !== "unusable" && state !== "disabled" && (
          <button
            type="button"
            class="button small"
            onClick={() => void act("POST", `${path}/run`)}
          >
            {t("feeds.run")}
          </button>
        )}
        {may("admin") && origin === "api" && (
          <button type="button" class="button small" onClick={() => void act("DELETE", path)}>
            {t("feeds.remove")}
          </button>
        )}
      </td>
    </tr>
  );
}
