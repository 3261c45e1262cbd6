import { checkObject } from "../check/check-object.ts";
import { Report } from "../check/report.ts";
import type { JsonObject } from "../json/json-value.ts";
import { COMMON } from "../model/common-properties.ts";
import { objectTable } from "../model/object-tables.ts";
import { objectTable20 } from "../model/stix20-tables.ts";

/** Names that mean something on every object of 2.1. */
const COMMON_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(COMMON).flatMap((parts) => parts.flatMap((names) => Object.keys(names))),
  "extensions",
]);

/** Gives the custom properties of a 2.0 object that have the name of a property that 2.1 has added to its type. */
export function newNames(type: string, names: readonly string[]): readonly string[] {
  const old = objectTable20(type)?.properties;
  const now = objectTable(type)?.properties;
  if (old === undefined || now === undefined) return [];
  return names.filter((name) => Object.hasOwn(now, name) && !Object.hasOwn(old, name));
}

/** Gives the properties of a custom observable of 2.0 that have the name of a property of every 2.1 object. */
export function commonNames(names: readonly string[]): readonly string[] {
  return names.filter((name) => COMMON_NAMES.has(name) && name !== "id");
}

/** The name under which such a property is kept where it is not what 2.1 means. */
export function settledName(name: string): string {
  return `x_${name}`;
}

/** Tells whether a lifted object is valid, but for what costs an object nothing. */
export function isValid(lifted: JsonObject): boolean {
  const report = new Report("", 0, new Set(["stix/uuid-version", "stix/external-id"]));
  checkObject(lifted, report);
  return report.fatal === 0;
}
