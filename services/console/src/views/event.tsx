import { useEffect, useState } from "preact/hooks";
import { ApiProblem, read } from "../api/client.ts";
import type { WholeEvent } from "../hunt/answers.ts";
import { ProcessTreeView } from "../hunt/process-tree.tsx";
import { Time } from "../parts/badge.tsx";
import { Data, Name } from "../parts/data.tsx";
import { Loading, Problem } from "../parts/states.tsx";
import { writePlace } from "../route.ts";
import { eventName, t } from "../words.ts";

/** One event as Sysmon wrote it, and the processes around the one that it is of. */
export function EventView({ id }: { readonly id: string }) {
  const [event, setEvent] = useState<WholeEvent>();
  const [problem, setProblem] = useState<ApiProblem>();
  const load = async (): Promise<void> => {
    setProblem(undefined);
    try {
      setEvent(await read<WholeEvent>(`/api/v1/events/${encodeURIComponent(id)}`));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  useEffect(() => {
    void load();
  }, [id]);
  return (
    <div class="view wide">
      <p class="crumb">
        <a href={writePlace("hunt")}>← {t("nav.hunt")}</a>
      </p>
      {problem !== undefined && <Problem problem={problem} retry={() => void load()} />}
      {event === undefined ? problem === undefined && <Loading /> : <Whole event={event} />}
    </div>
  );
}

function Whole({ event }: { readonly event: WholeEvent }) {
  const { eventId, time, host, layout, locator, fields, document: source } = event;
  const guid = fields["ProcessGuid"]?.[0] ?? fields["SourceProcessGuid"]?.[0];
  return (
    <>
      <div class="head">
        <h1>{eventName(eventId)}</h1>
        <span class="event-id">Sysmon {eventId}</span>
        <Time iso={time} />
        <a href={writePlace("alerts", undefined, { host, status: "all" })}>
          <Name value={host} />
        </a>
      </div>
      {guid !== undefined && (
        <section aria-labelledby="tree">
          <h2 id="tree">{t("tree.title")}</h2>
          <ProcessTreeView host={host} process={guid} />
        </section>
      )}
      <section aria-labelledby="fields">
        <h2 id="fields">{t("event.fields")}</h2>
        <dl class="facts card">
          {Object.entries(fields).map(([name, values]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {values.map((value, i) => (
                  <Data key={i} value={value} />
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <details>
          <summary>{t("event.document")}</summary>
          <p class="muted">
            <Data value={locator} limit={200} /> · {t("alert.layout")} {layout}
          </p>
          <pre class="code">
            <Data value={JSON.stringify(source, undefined, 2)} limit={20_000} />
          </pre>
        </details>
      </section>
    </>
  );
}
