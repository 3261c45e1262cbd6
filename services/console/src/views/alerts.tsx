import { useMemo, useState } from "preact/hooks";
import { Facets } from "../alerts/facets.tsx";
import { narrow, readFilter, sorted, toNarrowQuery, toQuery, writeFilter, type AlertFilter } from "../alerts/narrow.ts"; // prettier-ignore
import { AlertRows } from "../alerts/rows.tsx";
import { CloseDialog, triageMany, type Triage } from "../alerts/triage.tsx";
import type { Alert, AlertPage } from "../api/answers.ts";
import { read, withQuery } from "../api/client.ts";
import { usePolled } from "../api/use-polled.ts";
import { attempt } from "../parts/notices.tsx";
import { Empty, Loading, Problem } from "../parts/states.tsx";
import { place, requery } from "../route.ts";
import { may } from "../session.ts";
import { visibleText } from "../text/visible.ts";
import { t } from "../words.ts";

/** As many are kept up to date; older ones are read when somebody asks for them. */
const LIVE = "300";
const PATH = "/api/v1/alerts";
const FORMATS = ["ndjson", "csv", "stix"] as const;

export function AlertsView() {
  const filter = readFilter(place.value.query);
  const narrowQuery = toNarrowQuery(filter);
  const basePath = withQuery(PATH, { ...toQuery(filter), limit: LIVE });
  const base = usePolled<AlertPage>(basePath, { waits: true });
  // Where not all are here, the API narrows: what is not here may fit too.
  const narrowPath = withQuery(PATH, { ...narrowQuery, limit: LIVE });
  const asksNarrow = typeof base.data?.next === "string" && narrowPath !== basePath;
  const narrowed = usePolled<AlertPage>(asksNarrow ? narrowPath : undefined, { waits: true });
  // Until then what is here is shown: it fits, and is not all.
  const isNarrowed = asksNarrow && narrowed.data !== undefined;
  const page = isNarrowed ? narrowed : base;
  const path = isNarrowed ? narrowPath : basePath;
  const [older, setOlder] = useState<{ path: string; page: AlertPage }>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [closing, setClosing] = useState<readonly string[]>([]);

  const olderPage = older?.path === path ? older.page : undefined;
  const loaded = useMemo(
    () => joined(page.data?.alerts ?? [], olderPage?.alerts ?? []),
    [page.data, olderPage],
  );
  const shown = useMemo(
    () => sorted(narrow(loaded, filter), filter.sort),
    [loaded, place.value.query],
  );
  const next = olderPage === undefined ? page.data?.next : olderPage.next;
  const chosen = shown.filter(({ id }) => selected.has(id)).map(({ id }) => id);

  const onFilter = (change: Partial<AlertFilter>) => {
    requery(writeFilter({ ...readFilter(place.value.query), ...change }));
  };
  const refresh = () => {
    base.refresh();
    narrowed.refresh();
  };
  const triage = async (ids: readonly string[], wanted: Triage) => {
    if (await triageMany(ids, wanted)) setSelected(new Set());
    refresh();
  };
  const loadOlder = async () =>
    attempt(async () => {
      const more = await read<AlertPage>(withQuery(PATH, { ...(isNarrowed ? narrowQuery : toQuery(filter)), limit: LIVE, cursor: next ?? undefined })); // prettier-ignore
      setOlder({
        path,
        page: { alerts: [...(olderPage?.alerts ?? []), ...more.alerts], next: more.next },
      });
    });

  return (
    <div class="view with-facets">
      <div class="head">
        <h1>{t("alerts.title")}</h1>
        <span class="live" aria-hidden="true">
          {t("alerts.live")}
        </span>
        <input
          type="search"
          aria-label={t("alerts.search")}
          placeholder={`${t("alerts.search")}  /`}
          value={filter.text}
          onInput={(event) => onFilter({ text: event.currentTarget.value })}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <span class="muted count" role="status">
          {page.data !== undefined &&
            t("alerts.count", { shown: shown.length, all: loaded.length })}
        </span>
        <details class="menu">
          <summary class="button">{t("alerts.export")}</summary>
          <div>
            {FORMATS.map((format) => (
              <a
                key={format}
                href={withQuery(`${PATH}/export`, { ...narrowQuery, format })}
                download
              >
                {format.toUpperCase()}
              </a>
            ))}
          </div>
        </details>
      </div>
      {base.problem !== undefined && <Problem problem={base.problem} retry={refresh} />}
      <Facets alerts={base.data?.alerts ?? []} filter={filter} onFilter={onFilter} />
      <div class="list">
        {filter.indicator !== "" && (
          <p class="chip">
            {t("alerts.indicatorFilter", { id: visibleText(filter.indicator) })}
            <button
              type="button"
              class="link"
              aria-label={t("alerts.clear")}
              onClick={() => onFilter({ indicator: "" })}
            >
              ×
            </button>
          </p>
        )}
        {chosen.length > 0 && may("triage") && (
          <Bulk ids={chosen} triage={triage} onClose={() => setClosing(chosen)} />
        )}
        {page.data === undefined ? (
          page.problem === undefined && <Loading />
        ) : shown.length === 0 ? (
          <Nothing isAll={loaded.length > 0 || place.value.query.size > 0} />
        ) : (
          <AlertRows
            alerts={shown}
            selected={selected}
            sort={filter.sort}
            onSort={(sort) => onFilter({ sort })}
            onSelect={(ids, isSelected) => {
              const changed = new Set(selected);
              for (const id of ids) {
                if (isSelected) changed.add(id);
                else changed.delete(id);
              }
              setSelected(changed);
            }}
            onAcknowledge={(id) => void triage([id], { status: "acknowledged" })}
            onClose={(id) => setClosing([id])}
          />
        )}
        {typeof next === "string" && (
          <p class="foot">
            <span class="muted">{t("alerts.truncated", { n: loaded.length })}</span>
            <button type="button" class="button" onClick={() => void loadOlder()}>
              {t("alerts.older")}
            </button>
          </p>
        )}
      </div>
      {closing.length > 0 && (
        <CloseDialog
          n={closing.length}
          onClose={() => setClosing([])}
          onDone={(wanted) => void triage(closing, wanted)}
        />
      )}
    </div>
  );
}

function Nothing({ isAll }: { readonly isAll: boolean }) {
  return isAll ? (
    <Empty title={t("alerts.nothing")}>
      <button type="button" class="button" onClick={() => requery({ status: "all" })}>
        {t("alerts.clear")}
      </button>
    </Empty>
  ) : (
    <Empty title={t("alerts.empty")} why={t("alerts.emptyWhy")} />
  );
}

function Bulk({
  ids,
  triage,
  onClose,
}: {
  readonly ids: readonly string[];
  readonly triage: (ids: readonly string[], wanted: Triage) => Promise<void>;
  readonly onClose: () => void;
}) {
  const [assignee, setAssignee] = useState("");
  return (
    <div class="bulk">
      <strong>{t("alerts.selected", { n: ids.length })}</strong>
      <button
        type="button"
        class="button"
        onClick={() => void triage(ids, { status: "acknowledged" })}
      >
        {t("triage.acknowledge")}
      </button>
      <button
        type="button"
        class="button"
        onClick={() => void triage(ids, { status: "in-progress" })}
      >
        {t("triage.progress")}
      </button>
      <button type="button" class="button" onClick={onClose}>
        {t("triage.close")}
      </button>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          void triage(ids, { assignee: assignee.trim() });
        }}
      >
        <input
          type="text"
          aria-label={t("alerts.assignee")}
          placeholder={t("alerts.assignee")}
          maxLength={255}
          value={assignee}
          onInput={(event) => setAssignee(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          {t("triage.assign")}
        </button>
      </form>
    </div>
  );
}

/** Older alerts after those that are kept up to date; one that is in both counts once. */
function joined(live: readonly Alert[], older: readonly Alert[]): readonly Alert[] {
  const known = new Set(live.map(({ id }) => id));
  return [...live, ...older.filter(({ id }) => !known.has(id))];
}
