import { parseIdentifier } from "../id/identifier.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import type { Kind, RecordTable } from "../model/kind.ts";
import { extensionType } from "../model/vocabulary.ts";
import type { CheckContext } from "./check-context.ts";
import { shown } from "./report.ts";

const EXTENSION_TYPES: readonly string[] = extensionType.values;

/** Checks the `extensions` of an object: predefined ones by their table, others by STIX 2.1 §7.3 and §11.3. */
export function checkExtensions(
  value: unknown,
  kind: Kind & { kind: "extensions" },
  context: CheckContext,
  checkRecord: (value: JsonObject, table: RecordTable, context: CheckContext) => void,
): void {
  const { report, version } = context;
  const section = version === "2.1" ? "2.1 §3.2" : "2.0 part 3 §2";
  if (!isJsonObject(value)) {
    report.error("stix/property-type", section, `${shown(value)} stands where a dictionary of extensions is expected.`); // prettier-ignore
    return;
  }
  const names = Object.keys(value);
  if (names.length === 0) {
    report.error("stix/dictionary-empty", section, "A dictionary must not be empty; leave the property out."); // prettier-ignore
  }
  for (const name of names) {
    const extension = value[name];
    report.enter(name);
    const table = Object.hasOwn(kind.predefined, name) ? kind.predefined[name] : undefined;
    if (!isJsonObject(extension)) {
      report.error("stix/property-type", section, `${shown(extension)} stands where an extension is expected.`); // prettier-ignore
    } else if (table !== undefined) checkRecord(extension, table, context);
    else if (name.startsWith("extension-definition--")) {
      checkDefined(name, ownValue(extension, "extension_type"), context);
    } else {
      report.warn("stix/extension-custom", version === "2.1" ? "2.1 §11.3" : "2.0 part 3 §3", `${shown(name)} is no extension of this type and has no extension definition.`); // prettier-ignore
    }
    report.leave();
  }
}

function checkDefined(name: string, type: unknown, { report }: CheckContext): void {
  if (parseIdentifier(name) === undefined) {
    report.error("stix/id-invalid", "2.1 §2.9", `${shown(name)} is no identifier (type--UUID).`);
  }
  if (type === undefined) {
    report.error("stix/property-missing", "2.1 §7.3", `"extension_type" is required.`, "extension_type"); // prettier-ignore
  } else if (typeof type !== "string" || !EXTENSION_TYPES.includes(type)) {
    report.error("stix/enumeration-value", "2.1 §7.3", `${shown(type)} is not in extension-type-enum.`, "extension_type"); // prettier-ignore
  }
}
