/** What was seen, as STIX 2.1 objects: Observed Data (§4.14), Sightings (§5.2), and where. Ids follow from content. */
import { uuidV5, type CyberObservable, type Observation } from "stix2-ts";

export type StixObject = Readonly<Record<string, unknown>> & { readonly id: string };

/** Makes the objects of one event, the Observed Data last. `time`: milliseconds since 1970. */
export function observedObjects(
  eventKey: string,
  time: number,
  { objects }: Observation,
): readonly [...StixObject[], StixObject] {
  const ids = new Map(
    Object.entries(objects).map(
      ([key, object]) => [key, stixId(object.type, `${eventKey} ${key}`)] as const,
    ),
  );
  const seen = new Date(time).toISOString();
  return [
    ...Object.entries(objects).map(([key, object]) => ({
      ...withIds(object, ids),
      spec_version: "2.1",
      id: ids.get(key) ?? "",
    })),
    {
      type: "observed-data",
      spec_version: "2.1",
      id: stixId("observed-data", eventKey),
      created: seen,
      modified: seen,
      first_observed: seen,
      last_observed: seen,
      number_observed: 1,
      object_refs: [...ids.values()],
    },
  ];
}

export interface Seen {
  /** Names the sighting among those of its indicator. */
  readonly key: string;
  readonly indicator: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  /** Ids of Observed Data. */
  readonly observed?: readonly string[];
  /** Ids of the identities that saw it. */
  readonly where?: readonly string[];
}

/** Makes a Sighting of an indicator; more than the specification's most are told as many as it allows. */
export function sightingOf(seen: Seen): StixObject {
  const { key, indicator, firstSeen, lastSeen, count, observed = [], where = [] } = seen;
  const [first, last] = [new Date(firstSeen).toISOString(), new Date(lastSeen).toISOString()];
  return {
    type: "sighting",
    spec_version: "2.1",
    id: stixId("sighting", `${key} ${indicator}`),
    created: first,
    modified: last,
    first_seen: first,
    last_seen: last,
    count: Math.min(count, MOST_COUNT),
    sighting_of_ref: indicator,
    ...(observed.length > 0 && { observed_data_refs: observed }),
    ...(where.length > 0 && { where_sighted_refs: where }),
  };
}

const MOST_COUNT = 999_999_999;

function withIds(object: CyberObservable, ids: ReadonlyMap<string, string>): object {
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

/** Names all that is made here; drawn once. */
const NAMESPACE = "f3b1f5c0-6a0e-4c55-9a4e-2f9d3f6d7c11";

/** Makes an id that follows from a text (UUID version 5, RFC 9562 §5.5). */
export function stixId(type: string, text: string): string {
  return `${type}--${uuidV5(NAMESPACE, `${type} ${text}`)}`;
}
