import { type CommonProperties, plainExtensions } from "./common-properties.ts";
import {
  between,
  boolean,
  listOf,
  type ObjectTable,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";

export const relationshipTable = {
  type: "relationship",
  category: "relationship",
  section: "2.1 §5.1",
  properties: {
    relationship_type: required(text),
    description: text,
    source_ref: required(reference("domain", "observable")),
    target_ref: required(reference("domain", "observable")),
    start_time: timestamp,
    stop_time: timestamp,
    extensions: plainExtensions,
  },
  rules: [{ rule: "order", earlier: "start_time", later: "stop_time", strict: true }],
} as const satisfies ObjectTable;

/** How two objects are related (STIX 2.1 §5.1). */
export interface Relationship
  extends CommonProperties, PropertiesOf<typeof relationshipTable.properties> {
  readonly type: "relationship";
}

export const sightingTable = {
  type: "sighting",
  category: "relationship",
  section: "2.1 §5.2",
  properties: {
    description: text,
    first_seen: timestamp,
    last_seen: timestamp,
    count: between(0, 999_999_999),
    sighting_of_ref: required(reference("domain")),
    observed_data_refs: listOf(reference("observed-data")),
    where_sighted_refs: listOf(reference("identity", "location")),
    summary: boolean,
    extensions: plainExtensions,
  },
  rules: [{ rule: "order", earlier: "first_seen", later: "last_seen" }],
} as const satisfies ObjectTable;

/** The belief that something was seen (STIX 2.1 §5.2). */
export interface Sighting extends CommonProperties, PropertiesOf<typeof sightingTable.properties> {
  readonly type: "sighting";
}
