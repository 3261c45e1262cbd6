import { useEffect, useMemo, useState } from "preact/hooks";
import type { IndicatorPage, WholeIndicator } from "../api/answers.ts";
import { ApiProblem, change, read, withQuery } from "../api/client.ts";
import { DropZone } from "../imports/drop-zone.tsx";
import { Time } from "../parts/badge.tsx";
import { Data, Line } from "../parts/data.tsx";
import { IndicatorFacts, Validity } from "../parts/indicator-facts.tsx";
import { attempt, tell } from "../parts/notices.tsx";
import { Empty, Loading, Problem } from "../parts/states.tsx";
import { place, requery, writePlace } from "../route.ts";
import { may } from "../session.ts";
import { t } from "../words.ts";

const PAGE = "500";

export function IndicatorsView() {
  const query = place.value.query;
  const [feed, text] = [query.get("feed") ?? "", query.get("q") ?? ""];
  const [page, setPage] = useState<IndicatorPage>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [feeds, setFeeds] = useState<readonly string[]>([]);
  const [open, setOpen] = useState<string>();

  const load = async (cursor?: string): Promise<void> => {
    try {
      const got = await read<IndicatorPage>(withQuery("/api/v1/indicators", { feed, cursor, limit: PAGE })); // prettier-ignore
      setPage((before) => ({
        indicators: [
          ...(cursor === undefined ? [] : (before?.indicators ?? [])),
          ...got.indicators,
        ],
        next: got.next,
      }));
      setFeeds((known) => [...new Set([...known, ...got.indicators.map((one) => one.feed)])].toSorted()); // prettier-ignore
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  useEffect(() => {
    setPage(undefined);
    void load();
  }, [feed]);

  const shown = useMemo(() => filtered(page?.indicators ?? [], text), [page, text]);
  return (
    <div class="view">
      <div class="head">
        <h1>{t("indicators.title")}</h1>
        <input
          type="search"
          aria-label={t("indicators.search")}
          placeholder={`${t("indicators.search")}  /`}
          value={text}
          onInput={(event) => requery({ feed, q: event.currentTarget.value })}
        />
        <select
          aria-label={t("indicators.feed")}
          value={feed}
          onChange={(event) => requery({ q: text, feed: event.currentTarget.value })}
        >
          <option value="">{t("indicators.allFeeds")}</option>
          {feeds.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <span class="muted count" role="status">
          {page !== undefined &&
            t("alerts.count", { shown: shown.length, all: page.indicators.length })}
        </span>
        <a class="button" href={writePlace("imports")}>
          {t("indicators.import")}
        </a>
      </div>
      {problem !== undefined && <Problem problem={problem} retry={() => void load()} />}
      {page === undefined ? (
        problem === undefined && <Loading />
      ) : page.indicators.length === 0 && feed === "" ? (
        <>
          <Empty title={t("indicators.empty")} why={t("indicators.emptyWhy")} />
          <DropZone />
        </>
      ) : shown.length === 0 ? (
        <Empty title={t("indicators.nothing")} />
      ) : (
        <table class="rows indicator-rows">
          <thead>
            <tr>
              <th class="what">{t("indicators.name")}</th>
              <th class="pattern">{t("alert.pattern")}</th>
              <th class="number col-confidence">{t("indicator.confidence")}</th>
              <th class="col-feed">{t("indicators.feed")}</th>
              <th class="col-valid">{t("indicator.valid")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => {
              const key = `${one.feed}\n${one.id}`;
              return (
                <Row
                  key={key}
                  indicator={one}
                  isOpen={open === key}
                  onToggle={() => setOpen(open === key ? undefined : key)}
                />
              );
            })}
          </tbody>
        </table>
      )}
      {typeof page?.next === "string" && (
        <p class="foot">
          <button type="button" class="button" onClick={() => void load(page.next ?? undefined)}>
            {t("app.more")}
          </button>
        </p>
      )}
    </div>
  );
}

function Row({
  indicator,
  isOpen,
  onToggle,
}: {
  readonly indicator: WholeIndicator;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}) {
  const { name, id, pattern, confidence, feed } = indicator;
  return (
    <>
      <tr data-row>
        <td class="what">
          <button
            type="button"
            data-main
            class="row-title link"
            aria-expanded={isOpen}
            onClick={onToggle}
          >
            <Line value={name === "" ? id : name} mono={false} />
          </button>
        </td>
        <td class="pattern">
          <Line value={pattern} />
        </td>
        <td class="number">{confidence ?? "–"}</td>
        <td>
          <Line value={feed} mono={false} />
        </td>
        <td class="when">
          <Validity indicator={indicator} />
        </td>
      </tr>
      {isOpen && (
        <tr class="details">
          <td colSpan={5}>
            <Details indicator={indicator} />
          </td>
        </tr>
      )}
    </>
  );
}

function Details({ indicator }: { readonly indicator: WholeIndicator }) {
  const { id, description, pattern, modified } = indicator;
  const express = async () =>
    attempt(async () => {
      await change("POST", "/api/v1/plan/express", { indicators: [id] });
      tell(t("indicators.expressed"));
    });
  return (
    <>
      {description !== "" && (
        <p>
          <Data value={description} limit={1000} prose />
        </p>
      )}
      <p class="code">
        <Data value={pattern} limit={1200} />
      </p>
      <IndicatorFacts indicator={indicator} />
      <p class="muted">
        {t("indicator.modified")} <Time iso={modified} />
      </p>
      <div class="actions">
        <a class="button" href={writePlace("alerts", undefined, { indicator: id, status: "all" })}>
          {t("indicators.alerts")}
        </a>
        {may("feeds") && (
          <button type="button" class="button" onClick={() => void express()}>
            {t("indicators.express")}
          </button>
        )}
      </div>
    </>
  );
}

function filtered(indicators: readonly WholeIndicator[], text: string): readonly WholeIndicator[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== ""); // prettier-ignore
  return indicators.filter(({ name, id, pattern, description, labels, context }) => {
    const all = [name, id, pattern, description, ...labels, ...context.map((one) => one.name)].join("\n").toLowerCase(); // prettier-ignore
    return words.every((word) => all.includes(word));
  });
}
