import { canonicalJson } from "../json/canonical-json.ts";
import { demandObject } from "../json/demand-object.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import { objectTable } from "../model/object-tables.ts";
import type { ObservableObject } from "../model/stix-object.ts";
import { uuidV5 } from "./uuid.ts";

/** The namespace of deterministic ids (STIX 2.1 §2.9). */
export const OBSERVABLE_NAMESPACE = "00abedb4-aa42-466c-9c01-fed23315a9b7";

/** Of several hashes one goes into an id: the first of these that there is, else the first by name (STIX 2.1 §3.4). */
const HASH_ORDER = ["MD5", "SHA-1", "SHA-256", "SHA-512"];

/**
 * Computes the deterministic id of a cyber-observable object (STIX 2.1 §3.4): UUIDv5 over the canonical JSON of its ID
 * contributing properties. Gives undefined where there are none: for a process, a custom type, or an object without them.
 * Throws StixError `stix/not-canonical` for values that are no JSON, `stix/not-an-object` for what is no object.
 */
export function observableId(
  object: ObservableObject | { readonly type: string; readonly [property: string]: unknown },
): string | undefined {
  if (!isJsonObject(object)) demandObject(object, "An observable");
  const contributing = objectTable(object.type)?.contributing ?? [];
  const properties = Object.fromEntries(
    contributing
      .map((name) => [name, contribution(name, ownValue(object as JsonObject, name))] as const)
      .filter(([, value]) => value !== undefined),
  );
  if (Object.keys(properties).length === 0) return undefined;
  return `${object.type}--${uuidV5(OBSERVABLE_NAMESPACE, canonicalJson(properties))}`;
}

function contribution(name: string, value: unknown): unknown {
  if (name !== "hashes" || !isJsonObject(value)) return value;
  const names = Object.keys(value).filter((hash) => value[hash] !== undefined);
  const chosen = HASH_ORDER.find((hash) => names.includes(hash)) ?? names.toSorted()[0];
  return chosen === undefined ? undefined : { [chosen]: value[chosen] };
}
