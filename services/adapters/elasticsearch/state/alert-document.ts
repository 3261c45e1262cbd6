import { isIP } from "node:net";
import type { AlertRecord, IndicatorRecord } from "../../../core/records.ts";
import { toText, type Source } from "./document.ts";
import { groupDigest } from "./match-group.ts";

/** What is known of an alert's pattern besides the alert itself. */
export interface AlertContext {
  readonly pattern: string | undefined;
  readonly indicators: readonly IndicatorRecord[];
}

const ECS_VERSION = "8.17.0";
/** Elastic's own scale. */
const SEVERITY = { low: 21, medium: 47, high: 73 } as const;
/** Longest text of a field that is there to be looked at. */
const SHOWN = 1024;

/** Makes the document that dashboards read: ECS, with the record itself under `stixsweep`. */
export function alertDocument(
  alert: AlertRecord,
  number: number | undefined,
  { pattern, indicators }: AlertContext,
): Source {
  const { group } = alert;
  const why = alert.evidence[0]?.why[0];
  const [first] = indicators;
  const name = first?.name === undefined || first.name === "" ? undefined : first.name;
  const feeds = [...new Set(indicators.map(({ feed }) => feed))];
  return {
    "@timestamp": iso(alert.createdAt),
    message: shown(
      [name ?? pattern ?? group.patternKey, ...(group.value === "" ? [] : [group.value])].join(
        ": ",
      ),
    ),
    ecs: { version: ECS_VERSION },
    tags: alert.tags,
    event: {
      id: alert.id,
      kind: "alert",
      category: ["intrusion_detection"],
      type: ["info"],
      module: "stixsweep",
      dataset: "stixsweep.alert",
      action: "indicator-match",
      severity: SEVERITY[alert.severity],
      created: iso(alert.createdAt),
      start: iso(alert.firstSeen),
      end: iso(alert.lastSeen),
    },
    ...(group.host !== "" && { host: { name: group.host } }),
    rule: {
      id: group.patternKey,
      name: shown(name),
      ruleset: feeds.map((feed) => shown(feed)),
      description: shown(pattern),
    },
    threat: {
      indicator: {
        ...threatIndicator(why?.path ?? "", why?.value ?? group.value),
        provider: feeds.map((feed) => shown(feed)),
        first_seen: iso(alert.firstSeen),
        last_seen: iso(alert.lastSeen),
      },
    },
    stixsweep: {
      group: groupDigest(group),
      pattern: group.patternKey,
      ...(number !== undefined && { number }),
      generation: alert.generation,
      version: alert.version,
      count: alert.count,
      status: alert.status,
      resolution: alert.resolution,
      assignee: shown(alert.assignee),
      tags: alert.tags,
      severity: alert.severity,
      host: group.host,
      value: shown(group.value),
      first_seen: alert.firstSeen,
      last_seen: alert.lastSeen,
      indicators: indicators.map(({ id }) => shown(id)),
      comparison: shown(why?.comparison),
      path: shown(why?.path),
      field: shown(why?.field),
      record: toText(alert),
    },
  };
}

/** ECS `threat.indicator.*` of an observed value, by its object path; `name` always. */
function threatIndicator(path: string, value: string): Source {
  const type = /^[a-z0-9-]+(?=:)/.exec(path)?.[0];
  const base = { type, name: shown(value) };
  if (isIP(value) !== 0) {
    return { ...base, ip: value };
  }
  const hash = /hashes\.'?(MD5|SHA-1|SHA-256)'?$/.exec(path)?.[1];
  if (hash !== undefined) {
    return { ...base, file: { hash: { [hash.toLowerCase().replace("-", "")]: shown(value) } } };
  }
  switch (type) {
    case "domain-name":
      return { ...base, url: { domain: shown(value) } };
    case "url":
      return { ...base, url: { original: shown(value) } };
    case "file":
      return path.endsWith(":name") ? { ...base, file: { name: shown(value) } } : base;
    default:
      return base;
  }
}

/** Well-formed and of a length that is indexed; the record holds the text as it is. */
function shown(text: string | undefined): string | undefined {
  return text?.slice(0, SHOWN).toWellFormed();
}

/** Undefined for what is no time a date field takes. */
function iso(time: number): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** The month of a time, as the names of indices end: `2026.11`. */
export function monthOf(time: number): string {
  return (iso(time) ?? "1970-01").slice(0, 7).replace("-", ".");
}
