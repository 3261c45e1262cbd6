/** Which alerts are shown, and in which order. Pure. */
import type { Alert, AlertStatus, Severity } from "../api/answers.ts";

export const STATUSES: readonly AlertStatus[] = ["new", "acknowledged", "in-progress", "closed"];
export const SEVERITIES: readonly Severity[] = ["high", "medium", "low"];
export const SORTS = ["newest", "severity", "hits", "lastSeen"] as const;
export type Sort = (typeof SORTS)[number];

export interface AlertFilter {
  /** Empty: all. */
  readonly statuses: readonly AlertStatus[];
  readonly severities: readonly Severity[];
  readonly host: string;
  readonly indicator: string;
  readonly text: string;
  readonly sort: Sort;
}

/** What somebody has to do something about. */
const OPEN: readonly AlertStatus[] = ["new", "acknowledged", "in-progress"];

/** Reads a filter from the query of a link; what is unknown is left out. */
export function readFilter(query: URLSearchParams): AlertFilter {
  const listed = (name: string) => (query.get(name) ?? "").split(",");
  const statuses = STATUSES.filter((one) => listed("status").includes(one));
  return {
    statuses: query.has("status") ? statuses : OPEN,
    severities: SEVERITIES.filter((one) => listed("severity").includes(one)),
    host: query.get("host") ?? "",
    indicator: query.get("indicator") ?? "",
    text: query.get("q") ?? "",
    sort: SORTS.find((one) => one === query.get("sort")) ?? "newest",
  };
}

/** Writes it; what is as usual is not written. */
export function writeFilter(filter: AlertFilter): Readonly<Record<string, string>> {
  const { statuses, severities, host, indicator, text, sort } = filter;
  const status = statuses.length === 0 ? "all" : statuses.join(",");
  return {
    ...(status !== OPEN.join(",") && { status }),
    ...(severities.length > 0 && { severity: severities.join(",") }),
    ...(host !== "" && { host }),
    ...(indicator !== "" && { indicator }),
    ...(text !== "" && { q: text }),
    ...(sort !== "newest" && { sort }),
  };
}

/** What the API is asked for: the rest is chosen from its answer, so that a click shows at once. */
export function toQuery(filter: AlertFilter): Readonly<Record<string, string>> {
  return {
    ...(filter.statuses.length > 0 && { status: filter.statuses.join(",") }),
    ...(filter.indicator !== "" && { indicator: filter.indicator }),
  };
}

/** The same with all that the API can narrow by. */
export function toNarrowQuery(filter: AlertFilter): Readonly<Record<string, string>> {
  const [severity] = filter.severities;
  return {
    ...toQuery(filter),
    ...(filter.host !== "" && { host: filter.host }),
    ...(severity !== undefined && filter.severities.length === 1 && { severity }),
  };
}

/** Chooses by severity, host and text. */
export function narrow(alerts: readonly Alert[], filter: AlertFilter): readonly Alert[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return alerts.filter(
    (alert) =>
      (filter.severities.length === 0 || filter.severities.includes(alert.severity)) &&
      (filter.host === "" || alert.host === filter.host) &&
      (words.length === 0 || hasAll(textOf(alert), words)),
  );
}

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

function textOf({ host, value, indicators, tags, assignee, id, evidence }: Alert): string {
  return [
    host, value, assignee ?? "", id, ...tags,
    ...indicators.flatMap((one) => [one.name, one.id, one.feed]),
    ...evidence.flatMap(({ why }) => why.map((reason) => reason.value)),
  ].join("\n").toLowerCase(); // prettier-ignore
}

const RANK: Readonly<Record<Severity, number>> = { high: 2, medium: 1, low: 0 };

/** Sorts, the greatest first; what is equal stays in the order of the API, the newest first. */
export function sorted(alerts: readonly Alert[], sort: Sort): readonly Alert[] {
  const by: Readonly<Record<Sort, (alert: Alert) => number>> = {
    newest: () => 0,
    severity: ({ severity }) => RANK[severity],
    hits: ({ count }) => count,
    lastSeen: ({ lastSeen }) => (lastSeen === null ? 0 : Date.parse(lastSeen)),
  };
  return alerts.toSorted((a, b) => by[sort](b) - by[sort](a));
}

/** How many alerts each value of a property has, the most frequent first. */
export function tally<T extends string>(
  alerts: readonly Alert[],
  of: (alert: Alert) => T,
): readonly (readonly [value: T, count: number])[] {
  const counts = new Map<T, number>();
  for (const alert of alerts) {
    const value = of(alert);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** What an alert is called: by its indicators. */
export function titleOf({ indicators }: Alert): string | undefined {
  return indicators.find(({ name }) => name !== "")?.name ?? indicators[0]?.id;
}

/** The value that people should see first: of several events together the first of the evidence. */
export function valueOf({ value, evidence }: Alert): string {
  return value !== "" ? value : (evidence[0]?.why[0]?.value ?? "");
}
