import { parseIdentifier } from "../id/identifier.ts";
import { observableId } from "../id/observable-id.ts";
import { StixError } from "../errors.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import { COMMON } from "../model/common-properties.ts";
import type { ObjectTable, Properties } from "../model/kind.ts";
import { objectTable } from "../model/object-tables.ts";
import { objectTable20 } from "../model/stix20-tables.ts";
import type { CheckContext } from "./check-context.ts";
import { checkCustomProperty } from "./check-custom-property.ts";
import { checkMarkings } from "./check-markings.ts";
import { checkObservables } from "./check-observables.ts";
import { checkParticulars, hasExtensionOfType } from "./check-particulars.ts";
import { checkRules } from "./check-rules.ts";
import { TYPE_NAME } from "./check-text.ts";
import { checkProperties } from "./check-value.ts";
import { type Report, shown } from "./report.ts";

const CREATED = { rule: "order", earlier: "created", later: "modified" } as const;

/** Names that belong to no table of properties: the type itself, and in 2.0 nothing says the version. */
const TYPE_PROPERTY: ReadonlySet<string> = new Set(["type"]);

/** Common properties, which are not what "at least one property" asks for. */
const COMMON_NAMES: ReadonlySet<string> = new Set(
  [...Object.values(COMMON).flat(), { type: null }].flatMap((names) => Object.keys(names)),
);

/** Of a type that nobody here knows, only what every object has can be checked. */
function customTable(object: JsonObject, type: string, version: "2.0" | "2.1"): ObjectTable {
  const versioned = Object.hasOwn(object, "created") || Object.hasOwn(object, "modified");
  const [before, after] = COMMON[versioned ? "domain" : "observable"];
  const properties: Properties = { ...before, ...after, extensions: { kind: "extensions", predefined: {} } }; // prettier-ignore
  const { spec_version: _, ...without } = properties;
  return {
    type,
    category: versioned ? "domain" : "observable",
    section: version === "2.1" ? "2.1 §3.2" : "2.0 part 1 §3.1",
    properties: version === "2.1" ? properties : without,
  };
}

/**
 * Tells the version of the specification that an object follows: what `spec_version` says; without it 2.1 for observables and
 * for types that 2.0 does not have, else 2.0 (STIX 2.1 §3.2).
 */
export function specVersionOf(object: JsonObject): "2.0" | "2.1" {
  const type = ownValue(object, "type");
  const table = typeof type === "string" ? objectTable(type) : undefined;
  if (table !== undefined) {
    if (table.category === "observable" || objectTable20(table.type) === undefined) return "2.1";
  }
  const stated = ownValue(object, "spec_version");
  if (stated === "2.0") return "2.0";
  if (stated !== undefined) return "2.1";
  return table !== undefined || Object.hasOwn(object, "created") ? "2.0" : "2.1";
}

/** Checks one object against STIX 2.0 or 2.1, whichever it follows, and reports all that is wrong. */
export function checkObject(value: unknown, report: Report): void {
  if (!isJsonObject(value)) {
    report.error("stix/not-an-object", "2.1 §3", `${shown(value)} stands where an object is expected.`); // prettier-ignore
    return;
  }
  const type = ownValue(value, "type");
  if (typeof type !== "string" || !TYPE_NAME.test(type)) {
    if (type === undefined) {
      report.error("stix/property-missing", "2.1 §3.2", `"type" is required.`, "type");
    } else {
      report.error("stix/type-invalid", "2.1 §3.1", `${shown(type)} is no type: 3 to 250 of a-z, 0-9 and hyphens.`, "type"); // prettier-ignore
    }
    return;
  }
  const version = specVersionOf(value);
  const known = version === "2.1" ? objectTable(type) : objectTable20(type);
  if (known === undefined) warnCustomType(value, type, version, report);
  const table = known ?? customTable(value, type, version);
  const defanged = ownValue(value, "defanged") === true;
  const context: CheckContext = { report, version, defanged };

  checkProperties(value, table, context);
  checkUnknown(value, table, known !== undefined, context);
  checkRules(value, table, report, COMMON_NAMES);
  checkRules(value, { section: common(version), properties: {}, rules: [CREATED] }, report);
  checkId(value, table, context);
  checkMarkings(value, context);
  if (known === undefined) return;
  if (type === "observed-data") checkObservables(value, table.section, context);
  checkParticulars(type, value, table.section, context);
}

function common(version: "2.0" | "2.1"): string {
  return version === "2.1" ? "2.1 §3.2" : "2.0 part 1 §3.1";
}

function warnCustomType(
  object: JsonObject,
  type: string,
  version: "2.0" | "2.1",
  report: Report,
): void {
  if (type === "bundle") {
    report.error("stix/type-invalid", "2.1 §8", "A bundle is no object of a bundle.", "type");
  } else if (!hasExtensionOfType(object, "new-sdo", "new-sco", "new-sro")) {
    const section = version === "2.1" ? "2.1 §11.2" : "2.0 part 1 §7.2";
    report.warn("stix/type-custom", section, `${shown(type)} is a custom type without an extension definition.`, "type"); // prettier-ignore
  }
}

function checkUnknown(
  object: JsonObject,
  table: ObjectTable,
  known: boolean,
  context: CheckContext,
): void {
  const extended = !known || hasExtensionOfType(object, "toplevel-property-extension");
  for (const name of Object.keys(object)) {
    if (Object.hasOwn(table.properties, name) || TYPE_PROPERTY.has(name)) continue;
    if (context.version === "2.0" && name === "spec_version") continue;
    if (extended && name !== "__proto__") continue;
    checkCustomProperty(name, table.section, context);
  }
}

function checkId(object: JsonObject, table: ObjectTable, context: CheckContext): void {
  const { report, version } = context;
  const text = ownValue(object, "id");
  if (typeof text !== "string") return; // reported as missing, or of the wrong type
  const section = version === "2.1" ? "2.1 §2.9" : "2.0 part 1 §2.5";
  const id = parseIdentifier(text);
  if (id === undefined) {
    report.error("stix/id-invalid", section, `${shown(text)} is no identifier (type--UUID).`, "id");
    return;
  }
  if (id.uuid !== id.uuid.toLowerCase()) {
    report.warn("stix/uuid-case", section, "A UUID is written in lower case (RFC 4122 §3); others may not know this as the same id.", "id"); // prettier-ignore
  }
  if (id.type !== table.type) {
    report.error("stix/id-type", section, `The id of an object of type "${table.type}" begins with that type.`, "id"); // prettier-ignore
    return;
  }
  if (version === "2.0") {
    if (id.uuidVersion === 4) return;
    report.error("stix/uuid-version", section, `The UUID has version ${id.uuidVersion}, not 4.`, "id"); // prettier-ignore
  } else if (table.category !== "observable") {
    if (id.uuidVersion === 4) return;
    report.warn("stix/uuid-version", section, `The UUID has version ${id.uuidVersion}, not 4.`, "id"); // prettier-ignore
  } else if (table.contributing !== undefined) checkObservableId(object, id, table, context);
}

function checkObservableId(
  object: JsonObject,
  id: { readonly uuidVersion: number },
  table: ObjectTable,
  { report }: CheckContext,
): void {
  let made: string | undefined;
  try {
    made = observableId({ ...object, type: table.type });
  } catch (error) {
    if (error instanceof StixError) return; // its values are no JSON, which is reported where they stand
    throw error;
  }
  if (made === undefined && id.uuidVersion !== 4) {
    report.error("stix/uuid-version", "2.1 §3.4", `Without ID contributing properties the UUID has version 4, not ${id.uuidVersion}.`, "id"); // prettier-ignore
  } else if (made !== undefined && made !== String(object["id"]).toLowerCase()) {
    report.warn("stix/id-not-deterministic", "2.1 §3.4", `By its ID contributing properties the id would be ${made}.`, "id"); // prettier-ignore
  }
}
