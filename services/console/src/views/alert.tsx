import { useEffect } from "preact/hooks";
import { titleOf, valueOf } from "../alerts/narrow.ts";
import { EvidenceList } from "../alerts/evidence.tsx";
import { TriagePanel } from "../alerts/triage-panel.tsx";
import type { Alert } from "../api/answers.ts";
import { usePolled } from "../api/use-polled.ts";
import { SeverityBadge, Tag, Time } from "../parts/badge.tsx";
import { Data, Name } from "../parts/data.tsx";
import { IndicatorFacts } from "../parts/indicator-facts.tsx";
import { isTyping } from "../parts/rows.ts";
import { Loading, Problem } from "../parts/states.tsx";
import { writePlace } from "../route.ts";
import { visibleText } from "../text/visible.ts";
import { count, say, t } from "../words.ts";

export function AlertView({ id }: { readonly id: string }) {
  const {
    data: alert,
    problem,
    refresh,
  } = usePolled<Alert>(`/api/v1/alerts/${encodeURIComponent(id)}`, { waits: true });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const act = { a: "acknowledge", c: "close" }[event.key];
      if (act === undefined || document.querySelector("dialog[open]") !== null) return;
      document.querySelector<HTMLButtonElement>(`[data-act=${act}]`)?.click();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div class="view">
      <p class="crumb">
        <a href={writePlace("alerts")}>← {t("alert.back")}</a>
      </p>
      {problem !== undefined && <Problem problem={problem} retry={refresh} />}
      {alert === undefined ? (
        problem === undefined && <Loading />
      ) : (
        <Whole alert={alert} refresh={refresh} />
      )}
    </div>
  );
}

function Whole({ alert, refresh }: { readonly alert: Alert; readonly refresh: () => void }) {
  const { severity, host, generation, warningLists, pattern, indicators } = alert;
  const title = titleOf(alert);
  return (
    <>
      <div class="head alert-head">
        <SeverityBadge severity={severity} />
        <h1>
          <Name value={title ?? t("alerts.noIndicator")} />
        </h1>
        {subjects(alert).map((name) => (
          <Tag key={name} value={name} />
        ))}
      </div>
      <div class="columns">
        <div class="column-main">
          <section class="card lead" aria-labelledby="why">
            <h2 id="why">{t("alert.why")}</h2>
            <p class="sentence">
              <Sentence alert={alert} title={title ?? t("alerts.noIndicator")} />
            </p>
            {warningLists.length > 0 && (
              <p class="warn">
                {t("alert.warning", { lists: warningLists.map(visibleText).join(", ") })}
              </p>
            )}
            {generation > 1 && <p class="muted">{t("alert.generation", { n: generation })}</p>}
          </section>
          <EvidenceList alert={alert} />
          <section aria-labelledby="says">
            <h2 id="says">{t("alert.indicators")}</h2>
            {indicators.map((indicator) => (
              <article class="card" key={`${indicator.feed} ${indicator.id}`}>
                <h3>
                  <Name value={indicator.name === "" ? indicator.id : indicator.name} />
                </h3>
                <IndicatorFacts indicator={indicator} />
              </article>
            ))}
            {pattern !== null && (
              <>
                <h3>{t("alert.pattern")}</h3>
                <p class="code">
                  <Data value={pattern} limit={1200} />
                </p>
              </>
            )}
          </section>
        </div>
        <aside class="column-side">
          <TriagePanel alert={alert} onChanged={refresh} />
          <section class="card links">
            <p class="muted">
              {t("alert.created")} <Time iso={alert.createdAt} />
            </p>
            <a href={writePlace("alerts", undefined, { host, status: "all" })}>
              {t("alert.hostAlerts")}
            </a>
            <a href={writePlace("suppressions", undefined, { value: valueOf(alert), host })}>
              {t("alert.suppress")}
            </a>
            <button type="button" class="link" onClick={() => download(alert)}>
              {t("alert.download")}
            </button>
          </section>
        </aside>
      </div>
    </>
  );
}

/** Who or what the indicators speak of. */
function subjects({ indicators }: Alert): readonly string[] {
  const names = indicators.flatMap(({ context, markings }) => [
    ...context
      .filter(({ type, name }) => SUBJECTS.has(type) && name !== "")
      .map(({ name }) => name),
    ...markings.filter((one) => one.startsWith("TLP:")),
  ]);
  return [...new Set(names)].slice(0, 6);
}

const SUBJECTS = new Set([
  "malware",
  "threat-actor",
  "intrusion-set",
  "campaign",
  "tool",
  "attack-pattern",
]);

function Sentence({ alert, title }: { readonly alert: Alert; readonly title: string }) {
  const places = {
    host: (
      <strong>
        <Name value={alert.host === "" ? "–" : alert.host} />
      </strong>
    ),
    indicator: (
      <strong>
        <Name value={title} />
      </strong>
    ),
    n: count(alert.count),
    first: <Time iso={alert.firstSeen} />,
    last: <Time iso={alert.lastSeen} />,
  };
  return <>{say(alert.count === 1 ? "alert.sentenceOne" : "alert.sentence", places)}</>;
}

function download(alert: Alert): void {
  const text = JSON.stringify(alert, undefined, 2);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `alert-${alert.id}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
