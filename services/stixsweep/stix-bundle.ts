import type { Observation } from "stix2-ts";
import type { MatchRecord } from "../core/records.ts";
import {
  observedObjects,
  sightingOf,
  stixId,
  type StixObject,
} from "../core/stix-report/stix-objects.ts";

/** Collects matches as Observed Data and Sightings. */
export function makeStixBundle(): {
  add: (match: MatchRecord, observation: Observation, indicators: readonly string[]) => void;
  finish: () => StixObject;
} {
  const objects = new Map<string, StixObject>();
  const put = (object: StixObject) => objects.set(object.id, object);
  return {
    add(match, observation, indicators) {
      const seen = observedObjects(match.eventKey, match.time, observation);
      for (const object of seen) put(object);
      const observed = seen.slice(-1).map(({ id }) => id);
      for (const indicator of indicators) {
        const { id: key, time } = match;
        put(sightingOf({ key, indicator, firstSeen: time, lastSeen: time, count: 1, observed })); // prettier-ignore
      }
    },
    finish: () => ({
      type: "bundle",
      id: stixId("bundle", [...objects.keys()].join()),
      ...(objects.size > 0 ? { objects: [...objects.values()] } : {}),
    }),
  };
}
