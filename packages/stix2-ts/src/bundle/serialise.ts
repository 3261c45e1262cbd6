import { StixError } from "../errors.ts";
import { demandObject } from "../json/demand-object.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import type { Kind, Properties } from "../model/kind.ts";
import { objectTable } from "../model/object-tables.ts";
import type { StixObject } from "../model/stix-object.ts";
import type { Bundle } from "./bundle.ts";

/** How text is written. */
export interface SerialiseOptions {
  /** Spaces by which nested values are set in; 0, which is the default, writes no white space. */
  readonly indent?: number;
}

const FIRST: readonly string[] = ["type", "spec_version", "id"];

/**
 * Writes an object, or a bundle with its objects, as JSON with the properties in the order of the specification's tables:
 * type, spec_version, id and the other common ones, then the type's own, then markings and extensions, then custom ones as
 * they come. For one text for equal values see `canonicalJson`. Throws StixError for what is no object, is nested too deeply
 * or contains itself, and `stix/not-json` for a bigint.
 */
export function serialise(value: StixObject | Bundle, options: SerialiseOptions = {}): string {
  const given = demandObject(value, "What is serialised");
  return JSON.stringify(inOrder(given), refuseBigInt, options.indent ?? 0);
}

function refuseBigInt(name: string, value: unknown): unknown {
  if (typeof value === "bigint")
    throw new StixError("stix/not-json", `"${name}" is a bigint, which JSON has not.`);
  return value;
}

function inOrder(object: JsonObject): JsonObject {
  const type = ownValue(object, "type");
  const objects = ownValue(object, "objects");
  if (type === "bundle" && Array.isArray(objects)) {
    const { objects: _, ...header } = object;
    const entries = objects.map((entry: unknown) => (isJsonObject(entry) ? inOrder(entry) : entry));
    return { ...byNames(header, FIRST, {}), objects: entries };
  }
  const properties = (typeof type === "string" ? objectTable(type)?.properties : undefined) ?? {};
  return byNames(object, [...FIRST, ...Object.keys(properties)], properties);
}

function byNames(object: JsonObject, names: readonly string[], properties: Properties): JsonObject {
  const known = new Set(names);
  const order = [
    ...[...known].filter((name) => Object.hasOwn(object, name)),
    ...Object.keys(object).filter((name) => !known.has(name)),
  ];
  return Object.fromEntries(
    order.map((name) => {
      const kind = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, kind === undefined ? object[name] : valueInOrder(object[name], kind)];
    }),
  );
}

function valueInOrder(value: unknown, kind: Kind): unknown {
  switch (kind.kind) {
    case "list":
      return Array.isArray(value)
        ? value.map((entry: unknown) => valueInOrder(entry, kind.of))
        : value;
    case "record":
      return isJsonObject(value)
        ? byNames(value, Object.keys(kind.table.properties), kind.table.properties)
        : value;
    case "extensions": {
      if (!isJsonObject(value)) return value;
      const records = Object.entries(kind.predefined).map(
        ([name, table]) => [name, { kind: "record", table }] as const,
      );
      return byNames(value, [], Object.fromEntries(records));
    }
    default:
      return value;
  }
}
