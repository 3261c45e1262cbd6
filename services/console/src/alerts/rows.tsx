import type { Alert } from "../api/answers.ts";
import type { TextKey } from "../i18n/en.ts";
import { SeverityBadge, Stamp, StatusBadge, Tag } from "../parts/badge.tsx";
import { Line } from "../parts/data.tsx";
import { writePlace } from "../route.ts";
import { may } from "../session.ts";
import { visibleText } from "../text/visible.ts";
import { count, pathName, t } from "../words.ts";
import { titleOf, valueOf, type Sort } from "./narrow.ts";

interface Props {
  readonly alerts: readonly Alert[];
  readonly selected: ReadonlySet<string>;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onSelect: (ids: readonly string[], isSelected: boolean) => void;
  readonly onAcknowledge: (id: string) => void;
  readonly onClose: (id: string) => void;
}

export function AlertRows(props: Props) {
  const { alerts, selected, onSelect } = props;
  const isAll = alerts.length > 0 && alerts.every(({ id }) => selected.has(id));
  return (
    <table class="rows alert-rows">
      <thead>
        <tr>
          <th class="col-select">
            <input
              type="checkbox"
              aria-label={t("alerts.selectAll")}
              checked={isAll}
              onChange={() => onSelect(alerts.map(({ id }) => id), !isAll)} // prettier-ignore
            />
          </th>
          <SortedHead {...props} by="severity" title="alerts.severity" column="col-severity" />
          <th class="col-what">{t("alerts.what")}</th>
          <th class="col-host">{t("alerts.host")}</th>
          <SortedHead {...props} by="hits" title="alerts.hits" column="col-hits number" />
          <SortedHead {...props} by="lastSeen" title="alerts.lastSeen" column="col-when" />
          <th class="col-status">{t("alerts.status")}</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <Row key={alert.id} alert={alert} {...props} isSelected={selected.has(alert.id)} />
        ))}
      </tbody>
    </table>
  );
}

function SortedHead({
  by,
  title,
  column,
  sort,
  onSort,
}: Pick<Props, "sort" | "onSort"> & {
  readonly by: Sort;
  readonly title: TextKey;
  readonly column: string;
}) {
  const isSorted = sort === by;
  return (
    <th aria-sort={isSorted ? "descending" : undefined} class={column}>
      <button
        type="button"
        class="sort"
        title={t("alerts.sort", { column: t(title) })}
        onClick={() => onSort(isSorted ? "newest" : by)}
      >
        {t(title)}
        <span aria-hidden="true">{isSorted ? " ↓" : ""}</span>
      </button>
    </th>
  );
}

function Row({
  alert,
  isSelected,
  onSelect,
  onAcknowledge,
  onClose,
}: Props & { readonly alert: Alert; readonly isSelected: boolean }) {
  const { id, severity, host, status, resolution, assignee, tags } = alert;
  const isMine = may("triage") && status !== "closed";
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Readonly<Record<string, (() => void) | undefined>> = {
      x: () => onSelect([id], !isSelected),
      a: isMine && status === "new" ? () => onAcknowledge(id) : undefined,
      c: isMine ? () => onClose(id) : undefined,
    };
    acts[event.key]?.();
  };
  const reason = alert.evidence[0]?.why[0];
  return (
    <tr
      data-row
      data-id={id}
      class={`is-${status}`}
      aria-selected={isSelected}
      onKeyDown={onKeyDown}
    >
      <td class="narrow">
        <input
          type="checkbox"
          aria-label={t("alerts.select", { host: visibleText(host) })}
          checked={isSelected}
          onChange={() => onSelect([id], !isSelected)}
        />
      </td>
      <td>
        <SeverityBadge severity={severity} />
      </td>
      <td class="what">
        <a data-main href={writePlace("alerts", id)} class="row-title">
          <Line value={titleOf(alert) ?? t("alerts.noIndicator")} mono={false} />
        </a>
        <span class="row-sub">
          <span class="muted">
            {alert.value === ""
              ? t("alerts.several")
              : reason === undefined
                ? ""
                : pathName(reason.path)}
          </span>
          <Line value={valueOf(alert)} />
        </span>
      </td>
      <td class="host">
        <Host name={host} />
      </td>
      <td class="number">{count(alert.count)}</td>
      <td class="when">
        <Stamp iso={alert.lastSeen} />
      </td>
      <td class="row-status">
        <StatusBadge status={status} />
        {resolution !== null && <small class="muted">{t(`resolution.${resolution}`)}</small>}
        {assignee !== null && (
          <small class="muted">
            <Line value={assignee} mono={false} />
          </small>
        )}
        {tags.slice(0, 3).map((tag) => (
          <Tag key={tag} value={tag} />
        ))}
        <span class="row-acts">
          {isMine && status === "new" && (
            <button type="button" class="button small" onClick={() => onAcknowledge(id)}>
              {t("triage.acknowledge")}
            </button>
          )}
          {isMine && (
            <button type="button" class="button small" onClick={() => onClose(id)}>
              {t("triage.close")}
            </button>
          )}
        </span>
      </td>
    </tr>
  );
}

/** The machine's own name first: its domain is mostly the same. */
function Host({ name }: { readonly name: string }) {
  const at = /^[\d.]+$/.test(name) ? -1 : name.indexOf(".");
  if (at <= 0) return <Line value={name === "" ? "–" : name} mono={false} />;
  return (
    <>
      <Line value={name.slice(0, at)} mono={false} />
      <small class="muted">
        <Line value={name.slice(at)} mono={false} />
      </small>
    </>
  );
}
