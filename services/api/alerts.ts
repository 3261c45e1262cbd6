import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import {
  ALERT_STATUSES,
  RESOLUTIONS,
  SEVERITIES,
  type AlertFilter,
  type AlertRecord,
  type Companion,
  type IndicatorRecord,
  type MatchRecord,
} from "../core/records.ts";
import { valuesOf } from "../core/suppress/observed-value.ts";
import type { WarningLists } from "../core/suppress/warning-lists.ts";
import type { ApiDeps } from "./api-deps.ts";
import { eventRef } from "./hunt/event-answer.ts";
import { answeredTime, endpoint, list, next } from "./endpoint.ts";
import { describeIndicator, indicatorAnswer } from "./indicators.ts";
import { isoTime } from "./iso-time.ts";
import { paging, text, time, toPage, word } from "./query.ts";

const STATUS = `(?:${ALERT_STATUSES.join("|")})`;
const SEVERAL_STATUSES = new RegExp(`^${STATUS}(?:,${STATUS})*$`);

/** Parameters that say which alerts are meant. */
export const alertFilter = {
  host: text.optional(),
  indicator: text.optional(),
  /** Several with commas between. */
  status: z
    .string("must be given at most once")
    .regex(
      SEVERAL_STATUSES,
      `must be one or several of ${ALERT_STATUSES.join(", ")}, commas between`,
    )
    .transform((given) => given.split(","))
    .pipe(z.array(word(...ALERT_STATUSES)))
    .optional(),
  assignee: text.optional(),
  tag: text.optional(),
  severity: word(...SEVERITIES).optional(),
  since: time.optional(),
  until: time.optional(),
};

const listQuery = z.strictObject({
  ...paging,
  ...alertFilter,
  order: word("asc", "desc").optional(),
});

const seenEvent = {
  event: z.string(),
  /** Names the event: `/api/v1/events/ID`. */
  ref: z.string(),
  partition: z.string(),
  position: z.number(),
  eventId: z.number(),
  layout: z.string(),
  time: answeredTime,
  why: list(
    z.strictObject({
      comparison: z.string(),
      path: z.string(),
      field: z.string(),
      value: z.string(),
    }),
  ),
};

const resolution = z.enum(RESOLUTIONS);

/** An alert as it is given out. */
export const alertAnswer = z
  .strictObject({
    id: z.string(),
    generation: z.number(),
    version: z.number(),
    status: z.enum(ALERT_STATUSES),
    resolution: resolution.nullable(),
    assignee: z.string().nullable(),
    tags: list(z.string()),
    severity: z.enum(SEVERITIES),
    host: z.string(),
    value: z.string(),
    count: z.number(),
    firstSeen: answeredTime,
    lastSeen: answeredTime,
    createdAt: answeredTime,
    updatedAt: answeredTime,
    pattern: z.string().nullable(),
    indicators: list(indicatorAnswer),
    /** Those that know a value of the evidence, by id. */
    warningLists: list(z.string()),
    evidence: list(
      z.strictObject({ ...seenEvent, companions: list(z.strictObject(seenEvent)).optional() }),
    ),
    history: list(
      z.strictObject({
        at: answeredTime,
        by: z.string(),
        status: z.enum(ALERT_STATUSES).optional(),
        resolution: resolution.optional(),
        assignee: z.string().optional(),
        tags: list(z.string()).optional(),
        comment: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "Alert" });
export type AlertAnswer = z.input<typeof alertAnswer>;

/** Pages go by the order of creation, which never changes: an alert that arrives or grows moves no other. */
export const listAlerts = endpoint({
  method: "get",
  path: "/api/v1/alerts",
  summary: "Lists alerts in the order of their creation, the newest first.",
  query: listQuery,
  answers: z.strictObject({ alerts: list(alertAnswer), next }),
  isPolled: true,
  handle: async (deps, { query }) => {
    const found = await deps.state.alerts.list(
      toAlertFilter(query),
      query.cursor,
      query.limit + 1,
      query.order !== "asc",
    );
    const paged = toPage(found, query.limit);
    return { alerts: await describeAlerts(deps, paged.page), next: paged.next };
  },
});

export const getAlert = endpoint({
  method: "get",
  path: "/api/v1/alerts/:id",
  summary: "Gives one alert.",
  answers: alertAnswer,
  isPolled: true,
  handle: async (deps, { id }) => {
    const alert = await deps.state.alerts.get(id);
    const [described] = alert === undefined ? [] : await describeAlerts(deps, [alert]);
    if (described === undefined) {
      throw new ServiceError("api/not-found", `there is no alert ${id}`);
    }
    return described;
  },
});

type GivenFilter = Omit<z.output<typeof listQuery>, "cursor" | "limit" | "order">;

export function toAlertFilter(query: GivenFilter): AlertFilter {
  const { host, indicator, status, assignee, tag, severity, since, until } = query;
  return {
    // Hosts are kept in lower case.
    ...(host === undefined ? {} : { host: host.toLowerCase() }),
    ...(indicator === undefined ? {} : { indicator }),
    ...(status === undefined ? {} : { statuses: status }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(tag === undefined ? {} : { tag }),
    ...(severity === undefined ? {} : { severity }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Adds patterns and indicators to alerts, with one question to each store however many alerts there are. */
export async function describeAlerts(
  { state, warningLists }: ApiDeps,
  alerts: readonly AlertRecord[],
): Promise<readonly AlertAnswer[]> {
  const keys = [...new Set(alerts.map((alert) => alert.group.patternKey))];
  const [patterns, indicators, lists] = await Promise.all([
    state.patterns.find(keys),
    state.indicators.byPattern(keys),
    warningLists(),
  ]);
  const texts = new Map(patterns.map(({ key, pattern }) => [key, pattern] as const));
  const named = Map.groupBy(indicators, (indicator) => indicator.patternKey);
  return alerts.map((alert) => {
    const { patternKey } = alert.group;
    return describeAlert(alert, texts.get(patternKey), named.get(patternKey) ?? [], lists);
  });
}

function describeAlert(
  alert: AlertRecord,
  pattern: string | undefined,
  indicators: readonly IndicatorRecord[],
  lists: WarningLists,
): AlertAnswer {
  const { host, value } = alert.group;
  return {
    id: alert.id,
    generation: alert.generation,
    version: alert.version,
    status: alert.status,
    resolution: alert.resolution ?? null,
    assignee: alert.assignee ?? null,
    tags: alert.tags,
    severity: alert.severity,
    host,
    value,
    count: alert.count,
    firstSeen: isoTime(alert.firstSeen),
    lastSeen: isoTime(alert.lastSeen),
    createdAt: isoTime(alert.createdAt),
    updatedAt: isoTime(alert.updatedAt),
    pattern: pattern ?? null,
    indicators: indicators.map(describeIndicator),
    warningLists: lists.naming(alert.evidence.flatMap(valuesOf)),
    evidence: alert.evidence.map(describeMatch),
    history: alert.history.map(({ at, ...change }) => ({ at: isoTime(at), ...change })),
  };
}

/** An event, why it matched, and the events that it matched together with. */
function describeMatch(match: MatchRecord): AlertAnswer["evidence"][number] {
  const { companions } = match;
  return {
    ...describeEvent(match),
    ...(companions !== undefined && { companions: companions.map(describeEvent) }),
  };
}

function describeEvent(event: Companion) {
  return {
    event: event.locator,
    ref: eventRef(event),
    partition: event.partition,
    position: event.position,
    eventId: event.eventId,
    layout: event.layout,
    time: isoTime(event.time),
    why: event.why,
  };
}
