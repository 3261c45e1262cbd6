import { useEffect, useState } from "preact/hooks";
import { ApiProblem, change } from "../api/client.ts";
import type { EventPage, FoundEvent } from "../hunt/answers.ts";
import {
  criteriaOf,
  EMPTY,
  FIELDS,
  OPERATORS,
  readHunt,
  writeCondition,
  type Condition,
  type Hunt,
} from "../hunt/conditions.ts";
import { Stamp } from "../parts/badge.tsx";
import { Line } from "../parts/data.tsx";
import { Empty, Loading, Problem } from "../parts/states.tsx";
import { go, place, writePlace } from "../route.ts";
import { count, eventName, t } from "../words.ts";

const PAGE = 100;

/** Search of the stored events. What is asked stands in the link, so it can be kept and passed on. */
export function HuntView() {
  const asked = place.value.query.toString();
  const [page, setPage] = useState<EventPage>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);

  const search = async (cursor?: string): Promise<void> => {
    const where = criteriaOf(readHunt(new URLSearchParams(asked)));
    if (where === undefined) {
      setPage(undefined);
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      const body = { where, limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const got = await change<EventPage>("POST", "/api/v1/events/search", body);
      setPage((before) => ({
        ...got,
        events: [...(cursor === undefined ? [] : (before?.events ?? [])), ...got.events],
      }));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    setPage(undefined);
    void search();
  }, [asked]);

  return (
    <div class="view wide">
      <div class="head">
        <h1>{t("hunt.title")}</h1>
        {page !== undefined && (
          <span class="muted count" role="status">
            {t(page.complete ? "hunt.total" : "hunt.atLeast", { n: page.total })}
          </span>
        )}
      </div>
      <Form key={asked} hunt={readHunt(new URLSearchParams(asked))} />
      {problem !== undefined && <Problem problem={problem} retry={() => void search()} />}
      {page !== undefined && !page.complete && <p class="warn">{t("hunt.incomplete")}</p>}
      {page === undefined ? (
        isBusy ? (
          <Loading />
        ) : (
          problem === undefined && <Empty title={t("hunt.empty")} why={t("hunt.emptyWhy")} />
        )
      ) : page.events.length === 0 ? (
        <Empty title={t("hunt.nothing")} />
      ) : (
        <Results page={page} />
      )}
      {page !== undefined && page.next !== null && (
        <p>
          <button
            type="button"
            class="button"
            disabled={isBusy}
            onClick={() => void search(page.next ?? undefined)}
          >
            {t("app.more")}
          </button>
        </p>
      )}
    </div>
  );
}

function Form({ hunt }: { readonly hunt: Hunt }) {
  const [join, setJoin] = useState(hunt.join);
  const [pattern, setPattern] = useState(hunt.pattern);
  const [conditions, setConditions] = useState<readonly Condition[]>(
    hunt.conditions.length === 0 ? [EMPTY] : hunt.conditions,
  );
  const put = (at: number, one: Partial<Condition>): void =>
    setConditions(conditions.map((old, i) => (i === at ? { ...old, ...one } : old)));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const query = new URLSearchParams();
    if (join === "any") query.set("join", join);
    if (pattern.trim() !== "") query.set("pattern", pattern);
    for (const one of conditions) {
      if (one.value !== "" || one.op === "exists") query.append("c", writeCondition(one));
    }
    go(`#/hunt?${query.toString()}`);
  };
  return (
    <form class="card hunt-form" onSubmit={submit}>
      <datalist id="hunt-fields">
        {FIELDS.map((field) => (
          <option key={field} value={field} />
        ))}
      </datalist>
      {conditions.map((one, i) => (
        <div class="hunt-row" key={i}>
          <label class="check">
            <input
              type="checkbox"
              checked={one.isDenied}
              onChange={(event) => put(i, { isDenied: event.currentTarget.checked })}
            />
            {t("hunt.not")}
          </label>
          <input
            type="text"
            list="hunt-fields"
            aria-label={t("hunt.field")}
            value={one.field}
            onInput={(event) => put(i, { field: event.currentTarget.value.trim() })}
          />
          <select
            aria-label={t("hunt.operator")}
            value={one.op}
            onChange={(event) =>
              put(i, {
                op: OPERATORS.find((op) => op === event.currentTarget.value) ?? "contains",
              })
            }
          >
            {OPERATORS.map((op) => (
              <option key={op} value={op}>
                {t(`hunt.op.${op}`)}
              </option>
            ))}
          </select>
          <input
            type="search"
            class="hunt-value"
            aria-label={t("hunt.value")}
            placeholder={i === 0 ? "/" : ""}
            disabled={one.op === "exists"}
            value={one.value}
            onInput={(event) => put(i, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="button small"
            aria-label={t("hunt.remove")}
            disabled={conditions.length === 1}
            onClick={() => setConditions(conditions.filter((_, at) => at !== i))}
          >
            ×
          </button>
        </div>
      ))}
      <details open={hunt.pattern !== ""}>
        <summary>{t("hunt.pattern")}</summary>
        <textarea
          rows={2}
          aria-label={t("hunt.pattern")}
          placeholder="[process:name = 'vssadmin.exe']"
          value={pattern}
          onInput={(event) => setPattern(event.currentTarget.value)}
        />
      </details>
      <div class="actions">
        <button type="submit" class="button primary">
          {t("hunt.go")}
        </button>
        <button type="button" class="button" onClick={() => setConditions([...conditions, EMPTY])}>
          {t("hunt.add")}
        </button>
        <select
          aria-label={t("hunt.join")}
          value={join}
          onChange={(event) => setJoin(event.currentTarget.value === "any" ? "any" : "all")}
        >
          <option value="all">{t("hunt.join.all")}</option>
          <option value="any">{t("hunt.join.any")}</option>
        </select>
      </div>
    </form>
  );
}

function Results({ page }: { readonly page: EventPage }) {
  return (
    <table class="rows hunt-rows">
      <thead>
        <tr>
          <th class="col-when">{t("hunt.time")}</th>
          <th class="col-host">{t("alerts.host")}</th>
          <th class="col-kind">{t("hunt.kind")}</th>
          <th>{t("hunt.process")}</th>
          <th>{t("hunt.object")}</th>
        </tr>
      </thead>
      <tbody>
        {page.events.map((event) => (
          <Row key={event.id} event={event} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ event }: { readonly event: FoundEvent }) {
  const { id, time, host, eventId, fields, object } = event;
  const image = fields["Image"]?.[0] ?? fields["SourceImage"]?.[0] ?? "";
  return (
    <tr data-row>
      <td class="when">
        <a data-main href={writePlace("hunt", id)}>
          <Stamp iso={time} />
        </a>
      </td>
      <td>
        <Line value={host} mono={false} />
      </td>
      <td>
        {eventName(eventId)} <small class="muted">{count(eventId)}</small>
      </td>
      <td>
        <Line value={image} />
      </td>
      <td>
        <Line value={object === "" ? (fields["CommandLine"]?.[0] ?? "") : object} />
      </td>
    </tr>
  );
}
