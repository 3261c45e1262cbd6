import type { CyberObservable, Observation } from "stix2-ts";
import { sha256Hash } from "../adapters/crypto/hash.ts";
import type { MatchRecord } from "../core/records.ts";

type StixObject = Readonly<Record<string, unknown>>;

/** Collects matches as Observed Data and Sightings (STIX 2.1 §4.14, §5.2); ids follow from content. */
export function makeStixBundle(): {
  add: (match: MatchRecord, observation: Observation, indicators: readonly string[]) => void;
  finish: () => StixObject;
} {
  const objects = new Map<string, StixObject>();
  const put = (object: StixObject) => objects.set(String(object["id"]), object);
  return {
    add(match, observation, indicators) {
      const ids = new Map(
        Object.entries(observation.objects).map(
          ([key, object]) => [key, id(object.type, `${match.eventKey} ${key}`)] as const,
        ),
      );
      for (const [key, object] of Object.entries(observation.objects)) {
        put({ ...withIds(object, ids), spec_version: "2.1", id: ids.get(key) });
      }
      const seen = new Date(match.time).toISOString();
      const common = { spec_version: "2.1", created: seen, modified: seen };
      const observed = id("observed-data", match.eventKey);
      put({
        type: "observed-data",
        id: observed,
        ...common,
        first_observed: seen,
        last_observed: seen,
        number_observed: 1,
        object_refs: [...ids.values()],
      });
      for (const indicator of indicators) {
        put({
          type: "sighting",
          id: id("sighting", `${match.id} ${indicator}`),
          ...common,
          first_seen: seen,
          last_seen: seen,
          count: 1,
          sighting_of_ref: indicator,
          observed_data_refs: [observed],
        });
      }
    },
    finish: () => ({
      type: "bundle",
      id: id("bundle", [...objects.keys()].join()),
      ...(objects.size > 0 ? { objects: [...objects.values()] } : {}),
    }),
  };
}

function withIds(object: CyberObservable, ids: ReadonlyMap<string, string>): StixObject {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    if (name.endsWith("_ref") && typeof value === "string") {
      out[name] = ids.get(value) ?? value;
    } else if (name.endsWith("_refs") && Array.isArray(value)) {
      out[name] = value.map((one) => (typeof one === "string" ? (ids.get(one) ?? one) : one));
    } else {
      out[name] = value;
    }
  }
  return out;
}

/** An id of UUID form (version 8: made by ours alone) from a text. */
function id(type: string, text: string): string {
  const h = sha256Hash(text);
  return `${type}--${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}
