import type { AlertFilter, AlertRecord } from "../../../core/records.ts";
import type { Query } from "../search-shard.ts";
import type { AlertMonths } from "./alert-months.ts";
import type { AlertNumbers } from "./alert-numbers.ts";
import type { Document } from "./document.ts";
import { alertOf, numberIn } from "./alert-record.ts";

type NumberedAlert = AlertRecord & { readonly number: number };

/** Alerts that may stand between their creation and their number at one time, or were left there by a crash. */
const UNDERWAY = 10_000;

/** Lists alerts by number; `filter` is what the engine filters by. */
export async function listAlerts(
  months: AlertMonths,
  numbers: AlertNumbers,
  filter: readonly Query[],
  { after, limit, descending }: { after: number; limit: number; descending: boolean },
): Promise<readonly NumberedAlert[]> {
  // Each alert with a number up to the bound stood before it was numbered, so the refresh shows it.
  const bound = await numbers.bound();
  await months.refresh();
  const isIn = (number: number): boolean =>
    number <= bound && (descending ? after === 0 || number < after : number > after);
  const found = new Map<string, NumberedAlert>();
  const take = (document: Document, number: number | undefined): void => {
    if (number !== undefined && isIn(number)) {
      found.set(document.id, { ...alertOf(document), number });
    }
  };
  // Those whose number has not reached their document first: one that it reaches meanwhile is then found by it.
  const hasNumber = { exists: { field: "stixsweep.number" } };
  const underway = await months.search({
    size: UNDERWAY,
    query: { bool: { filter, must_not: [hasNumber] } },
  });
  const given = underway.length === 0 ? undefined : await numbers.of(underway.map(({ id }) => id));
  for (const document of underway) {
    take(document, given?.get(document.id));
  }
  const range =
    descending && after > 0
      ? { gt: 0, lte: Math.min(after - 1, bound) }
      : { gt: descending ? 0 : after, lte: bound };
  const listed = await months.search({
    size: limit,
    sort: [{ "stixsweep.number": descending ? "desc" : "asc" }],
    query: { bool: { filter: [...filter, { range: { "stixsweep.number": range } }] } },
  });
  for (const document of listed) {
    take(document, numberIn(document));
  }
  return [...found.values()]
    .toSorted((a, b) => (descending ? b.number - a.number : a.number - b.number))
    .slice(0, limit);
}

/** What the engine can filter alerts by; `patterns` are those of the indicator that was asked for. */
export function filtersOf(
  { host, status, severity, since, until }: AlertFilter,
  patterns: readonly string[] | undefined,
): readonly Query[] {
  const term = (field: string, value: string | undefined): readonly Query[] =>
    value === undefined ? [] : [{ term: { [`stixsweep.${field}`]: value } }];
  return [
    ...term("host", host?.toLowerCase()),
    ...term("status", status),
    ...term("severity", severity),
    ...(since === undefined ? [] : [{ range: { "stixsweep.last_seen": { gte: since } } }]),
    ...(until === undefined ? [] : [{ range: { "stixsweep.first_seen": { lt: until } } }]),
    ...(patterns === undefined ? [] : [{ terms: { "stixsweep.pattern": patterns } }]),
  ];
}
