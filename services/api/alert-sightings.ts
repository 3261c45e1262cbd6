/** Alerts as STIX 2.1: a Sighting of each indicator by the host, with the first event as Observed Data. */
import { documentOf } from "../core/ingest/document.ts";
import { inParallel } from "../core/in-parallel.ts";
import type { AlertRecord, IndicatorRecord } from "../core/records.ts";
import { observe, readEvent } from "../core/schema/index.ts";
import {
  observedObjects,
  sightingOf,
  stixId,
  type StixObject,
} from "../core/stix-report/stix-objects.ts";
import type { ApiDeps } from "./api-deps.ts";

/** Events that are read at a time. */
const AT_A_TIME = 8;

/** Makes the objects of alerts, in order; an alert without indicators has none. */
export async function sightingObjects(
  deps: ApiDeps,
  alerts: readonly AlertRecord[],
): Promise<readonly StixObject[]> {
  const keys = [...new Set(alerts.map(({ group }) => group.patternKey))];
  const found = await deps.state.indicators.byPattern(keys);
  const indicators = Map.groupBy(found, ({ patternKey }) => patternKey);
  const observed = new Map<string, readonly StixObject[]>();
  await inParallel(alerts, AT_A_TIME, async (alert) => {
    observed.set(alert.id, await firstEvent(deps, alert));
  });
  return alerts.flatMap(
    (alert) =>
    objectsOf(alert, indicators.get(alert.group.patternKey) ?? [], observed.get(alert.id) ?? []), // prettier-ignore
  );
}

function objectsOf(
  alert: AlertRecord,
  indicators: readonly IndicatorRecord[],
  observed: readonly StixObject[],
): readonly StixObject[] {
  if (indicators.length === 0) {
    return [];
  }
  const { id: key, count, firstSeen, lastSeen, group } = alert;
  const time = new Date(firstSeen).toISOString();
  const host: readonly StixObject[] =
    group.host === ""
      ? []
      : [
          {
            type: "identity",
            spec_version: "2.1",
            id: stixId("identity", `host ${group.host}`),
            // Of a host nothing else is known: so its identity is the same in every export.
            created: "1970-01-01T00:00:00.000Z",
            modified: "1970-01-01T00:00:00.000Z",
            name: group.host,
            identity_class: "system",
          },
        ];
  const seen = { key, count, firstSeen, lastSeen, observed: observed.slice(-1).map(({ id }) => id) }; // prettier-ignore
  const where = host.map(({ id }) => id);
  return [
    ...host,
    ...observed,
    ...indicators.flatMap((one) => {
      const indicator = indicatorObject(one, time);
      return [indicator, sightingOf({ ...seen, indicator: indicator.id, where })];
    }),
  ];
}

function indicatorObject(one: IndicatorRecord, seen: string): StixObject {
  const isId = /^indicator--[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(one.id);
  const changed = Date.parse(one.modified);
  const modified = Number.isNaN(changed) ? seen : new Date(changed).toISOString();
  const validFrom = one.validFrom === undefined ? modified : new Date(one.validFrom).toISOString();
  const markings = one.markings.filter((text) => /^marking-definition--[\da-f-]{36}$/.test(text));
  const isEnding = one.validUntil !== undefined && one.validUntil > Date.parse(validFrom);
  return {
    type: "indicator",
    spec_version: "2.1",
    id: isId ? one.id : stixId("indicator", `${one.feed} ${one.id}`),
    created: modified,
    modified,
    ...(one.name !== "" && { name: one.name }),
    ...(one.description !== "" && { description: one.description }),
    ...(one.revoked && { revoked: true }),
    ...(one.confidence !== undefined && { confidence: one.confidence }),
    ...(one.labels.length > 0 && { labels: one.labels }),
    ...(markings.length > 0 && { object_marking_refs: markings }),
    pattern: one.pattern,
    pattern_type: "stix",
    valid_from: validFrom,
    ...(isEnding && { valid_until: new Date(one.validUntil).toISOString() }),
  };
}

/** The alert's earliest event, read from its store; nothing where that is out of reach: the alert stands by itself. */
async function firstEvent(
  { events }: ApiDeps,
  { evidence }: AlertRecord,
): Promise<readonly StixObject[]> {
  const [first] = evidence;
  if (first === undefined) {
    return [];
  }
  const { partition, position, eventKey, time } = first;
  try {
    for await (const batch of events.read(partition, position - 1, position)) {
      for (const { document } of batch) {
        const event = readEvent(documentOf(document));
        if (event !== undefined) {
          return observedObjects(eventKey, time, observe(event).observation);
        }
      }
    }
  } catch {
    return [];
  }
  return [];
}
