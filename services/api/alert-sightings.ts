/** Alerts as STIX 2.1: a Sighting of each indicator by the host. Their events stay where they are: to read each costs too much. */
import type { AlertRecord, IndicatorRecord } from "../core/records.ts";
import { sightingOf, stixId, type StixObject } from "../core/stix-report/stix-objects.ts";
import type { ApiDeps } from "./api-deps.ts";

/** Makes the objects of alerts, in order; an alert without indicators has none. */
export async function sightingObjects(
  deps: ApiDeps,
  alerts: readonly AlertRecord[],
): Promise<readonly StixObject[]> {
  const keys = [...new Set(alerts.map(({ group }) => group.patternKey))];
  const found = await deps.state.indicators.byPattern(keys);
  const indicators = Map.groupBy(found, ({ patternKey }) => patternKey);
  return alerts.flatMap((alert) => objectsOf(alert, indicators.get(alert.group.patternKey) ?? []));
}

function objectsOf(
  alert: AlertRecord,
  indicators: readonly IndicatorRecord[],
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
  const seen = { key, count, firstSeen, lastSeen };
  const where = host.map(({ id }) => id);
  return [
    ...host,
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
