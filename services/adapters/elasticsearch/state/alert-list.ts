import type { AlertFilter, AlertRecord } from "../../../core/records.ts";
import type { Query } from "../search-shard.ts";
import type { AlertMonths } from "./alert-months.ts";
import type { AlertNumbers } from "./alert-numbers.ts";
import { alertOf, numberIn } from "./alert-record.ts";

type NumberedAlert = AlertRecord & { readonly number: number };

export interface AlertPage {
  readonly after: number;
  readonly limit: number;
  readonly descending: boolean;
}

/** Alerts of one search. */
const PAGE = 1000;
/** Alerts that may stand between their creation and their number at one time, or were left there by a crash. */
const UNDERWAY = 10_000;

/** Lists alerts by number; `filter` is what the engine filters by. */
export async function listAlerts(
  months: AlertMonths,
  numbers: AlertNumbers,
  filter: readonly Query[],
  { after, limit, descending }: AlertPage,
): Promise<readonly NumberedAlert[]> {
  // Each alert with a number up to the bound stood before it was numbered, so the refresh shows it.
  const bound = await numbers.bound();
  await months.refresh();
  // Those whose number has not reached their document first: one that it reaches meanwhile is then found by it.
  const found = await listUnderway(months, numbers, filter);
  const top = descending && after > 0 ? Math.min(after - 1, bound) : bound;
  let [above, through] = [descending ? 0 : after, top];
  for (let left = limit; left > 0;) {
    const size = Math.min(PAGE, left);
    const page = await months.search({
      size,
      sort: [{ "stixsweep.number": descending ? "desc" : "asc" }],
      query: {
        bool: {
          filter: [...filter, { range: { "stixsweep.number": { gt: above, lte: through } } }],
        },
      },
    });
    for (const document of page) {
      found.set(document.id, { ...alertOf(document), number: numberIn(document) ?? 0 });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < size) {
      break;
    }
    left -= page.length;
    [above, through] = descending
      ? [above, (numberIn(last) ?? 1) - 1]
      : [numberIn(last) ?? through, through];
  }
  return [...found.values()]
    .filter(({ number }) => number > (descending ? 0 : after) && number <= top)
    .toSorted((a, b) => (descending ? b.number - a.number : a.number - b.number))
    .slice(0, limit);
}

/** Alerts that have a number which their documents do not show yet, by id. */
async function listUnderway(
  months: AlertMonths,
  numbers: AlertNumbers,
  filter: readonly Query[],
): Promise<Map<string, NumberedAlert>> {
  const underway = await months.search({
    size: UNDERWAY,
    query: { bool: { filter, must_not: [{ exists: { field: "stixsweep.number" } }] } },
  });
  const given = underway.length === 0 ? undefined : await numbers.of(underway.map(({ id }) => id));
  return new Map(
    underway.flatMap((document) => {
      const number = given?.get(document.id);
      return number === undefined ? [] : [[document.id, { ...alertOf(document), number }] as const];
    }),
  );
}

/** What the engine can filter alerts by; `patterns` are those of the indicator that was asked for. */
export function filtersOf(
  { host, statuses, assignee, tag, severity, since, until }: AlertFilter,
  patterns: readonly string[] | undefined,
): readonly Query[] {
  const term = (field: string, value: string | undefined): readonly Query[] =>
    value === undefined ? [] : [{ term: { [`stixsweep.${field}`]: value } }];
  return [
    ...term("host", host?.toLowerCase()),
    ...(statuses === undefined ? [] : [{ terms: { "stixsweep.status": statuses } }]),
    ...term("assignee", assignee),
    ...term("tags", tag),
    ...term("severity", severity),
    ...(since === undefined ? [] : [{ range: { "stixsweep.last_seen": { gte: since } } }]),
    ...(until === undefined ? [] : [{ range: { "stixsweep.first_seen": { lt: until } } }]),
    ...(patterns === undefined ? [] : [{ terms: { "stixsweep.pattern": patterns } }]),
  ];
}
