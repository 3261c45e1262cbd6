import { useState } from "preact/hooks";
import type { Alert, AlertStatus, Severity } from "../api/answers.ts";
import { Line } from "../parts/data.tsx";
import { count, t } from "../words.ts";
import { SEVERITIES, STATUSES, tally, type AlertFilter } from "./narrow.ts";

const FEW = 12;

/** Filters beside the list, with how many alerts each would show. */
export function Facets({
  alerts,
  filter,
  onFilter,
}: {
  readonly alerts: readonly Alert[];
  readonly filter: AlertFilter;
  readonly onFilter: (change: Partial<AlertFilter>) => void;
}) {
  const severities = new Map(tally(alerts, ({ severity }) => severity));
  const statuses = new Map(tally(alerts, ({ status }) => status));
  const hosts = tally(alerts, ({ host }) => host);
  const [isLong, setLong] = useState(false);
  return (
    <div class="facets">
      <fieldset>
        <legend>{t("alerts.status")}</legend>
        {STATUSES.map((status) => (
          <label key={status} class="facet">
            <input
              type="checkbox"
              checked={filter.statuses.length === 0 || filter.statuses.includes(status)}
              onChange={() => onFilter({ statuses: toggled(all(filter.statuses), status) })}
            />
            <span>{t(`status.${status}`)}</span>
            <span class="facet-count">{shown(statuses.get(status))}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t("alerts.severity")}</legend>
        {SEVERITIES.map((severity: Severity) => (
          <label key={severity} class="facet">
            <input
              type="checkbox"
              checked={filter.severities.includes(severity)}
              onChange={() => onFilter({ severities: toggled(filter.severities, severity) })}
            />
            <span class={`dot dot-${severity}`} aria-hidden="true" />
            <span>{t(`severity.${severity}`)}</span>
            <span class="facet-count">{shown(severities.get(severity))}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t("alerts.host")}</legend>
        {hosts.slice(0, isLong ? hosts.length : FEW).map(([host, n]) => (
          <button
            key={host}
            type="button"
            class="facet"
            aria-pressed={filter.host === host}
            onClick={() => onFilter({ host: filter.host === host ? "" : host })}
          >
            <Line value={host === "" ? "–" : host} mono={false} />
            <span class="facet-count">{count(n)}</span>
          </button>
        ))}
        {filter.host !== "" && !hosts.some(([host]) => host === filter.host) && (
          <button type="button" class="facet" aria-pressed onClick={() => onFilter({ host: "" })}>
            <Line value={filter.host} mono={false} />
          </button>
        )}
        {!isLong && hosts.length > FEW && (
          <button type="button" class="link" onClick={() => setLong(true)}>
            {t("alerts.moreHosts", { n: hosts.length - FEW })}
          </button>
        )}
      </fieldset>
    </div>
  );
}

function shown(n: number | undefined): string {
  return n === undefined ? "" : count(n);
}

function all(statuses: readonly AlertStatus[]): readonly AlertStatus[] {
  return statuses.length === 0 ? STATUSES : statuses;
}

function toggled<T>(list: readonly T[], one: T): readonly T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}
