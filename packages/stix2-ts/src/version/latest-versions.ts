import { demandObject } from "../json/demand-object.ts";
import { isJsonObject } from "../json/json-value.ts";
import { compareInstants, parseTimestamp } from "../value/timestamp.ts";

/**
 * Orders two versions of an object by `modified`, to any precision (STIX 2.1 §3.6): below zero where `a` is older. One
 * without `modified` is older than any other.
 */
export function compareVersions(
  a: { readonly id?: string; readonly modified?: string },
  b: { readonly id?: string; readonly modified?: string },
): number {
  const [first, second] = [parseTimestamp(a.modified ?? ""), parseTimestamp(b.modified ?? "")];
  if (first === undefined || second === undefined) {
    return Number(first !== undefined) - Number(second !== undefined);
  }
  return compareInstants(first, second);
}

/**
 * Keeps of each id the newest version, the first of equal ones, in the order in which the ids first appear. Throws StixError
 * `stix/not-an-object` for what is no object.
 */
export function latestVersions<T extends { readonly id: string; readonly modified?: string }>(
  objects: Iterable<T>,
): readonly T[] {
  const latest = new Map<string, T>();
  for (const object of objects) {
    if (!isJsonObject(object)) demandObject(object, "A version");
    const other = latest.get(object.id);
    if (other === undefined || compareVersions(object, other) > 0) latest.set(object.id, object);
  }
  return [...latest.values()];
}
