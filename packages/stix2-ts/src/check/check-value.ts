import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import type { Kind, Property, RecordTable } from "../model/kind.ts";
import {
  type CheckContext,
  invalid,
  isDictionary,
  isText,
  typeSection,
  wrongType,
} from "./check-context.ts";
import { checkCustomProperty } from "./check-custom-property.ts";
import { checkExtensions } from "./check-extensions.ts";
import { checkHashes } from "./check-hashes.ts";
import { checkReference } from "./check-reference.ts";
import { checkRules } from "./check-rules.ts";
import { checkFormat, checkNumber, checkTimestamp } from "./check-scalar.ts";
import { BASE64, DICTIONARY_KEY, HEX } from "./check-text.ts";
import { shown } from "./report.ts";

/** Checks a value against its kind (STIX 2.1 §2); `section` is that of the object around it. */
export function checkValue(
  value: unknown,
  kind: Kind,
  section: string,
  context: CheckContext,
): void {
  switch (kind.kind) {
    case "string":
      if (isText(value, "text", kind, context)) checkFormat(value, kind.format, section, context);
      return;
    case "identifier": // the whole object's check knows what it must be
      isText(value, "an identifier", kind, context);
      return;
    case "boolean":
      if (typeof value !== "boolean") wrongType(value, "true or false", kind, context);
      return;
    case "integer":
    case "float":
      checkNumber(value, kind, section, context);
      return;
    case "timestamp":
      if (isText(value, "a timestamp", kind, context)) checkTimestamp(value, kind, context);
      return;
    case "binary":
      if (
        isText(value, "binary data", kind, context) &&
        (value.length % 4 !== 0 || !BASE64.test(value))
      ) {
        invalid("stix/binary-invalid", `${shown(value)} is not base64 (RFC 4648 §4).`, kind, context); // prettier-ignore
      }
      return;
    case "hex":
      if (isText(value, "hexadecimal data", kind, context) && !HEX.test(value)) {
        invalid("stix/hex-invalid", `${shown(value)} is not hexadecimal with an even number of digits.`, kind, context); // prettier-ignore
      }
      return;
    case "enumeration":
      if (isText(value, "text", kind, context) && !kind.values.includes(value)) {
        const values = kind.values.slice(0, 8).join(", ");
        invalid("stix/enumeration-value", `${shown(value)} is not in ${kind.name} (${values}).`, kind, context); // prettier-ignore
      }
      return;
    case "vocabulary":
      if (isText(value, "text", kind, context) && !kind.values.includes(value)) {
        const message = `${shown(value)} is not in ${kind.name}.`;
        context.report.warn("stix/vocabulary-value", typeSection(kind.kind, context), message);
      }
      return;
    case "reference":
      if (isText(value, "a reference", kind, context)) checkReference(value, kind.to, context);
      return;
    case "list":
      checkList(value, kind, section, context);
      return;
    case "hashes":
      checkHashes(value, kind, context);
      return;
    case "dictionary":
      checkDictionary(value, kind, section, context);
      return;
    case "record":
      if (!isJsonObject(value)) wrongType(value, "an object", kind, context);
      else checkRecord(value, kind.table, context);
      return;
    case "extensions":
      checkExtensions(value, kind, context, checkRecord);
      return;
    case "observables": // checked with the whole object, whose keys the references name
      if (!isJsonObject(value)) wrongType(value, "an object", kind, context);
      return;
    case "any":
      if (value === null) wrongType(value, "a value", kind, context);
      return;
  }
}

/** Checks an object that stands inside of another. */
export function checkRecord(value: JsonObject, table: RecordTable, context: CheckContext): void {
  checkProperties(value, table, context);
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(table.properties, name)) checkCustomProperty(name, table.section, context);
  }
  checkRules(value, table, context.report);
}

/** Checks the properties that a table has, and that the required ones are there. */
export function checkProperties(
  value: JsonObject,
  table: { readonly properties: Readonly<Record<string, Property>>; readonly section: string },
  context: CheckContext,
): void {
  const { report } = context;
  for (const name in table.properties) {
    const property = table.properties[name];
    if (property === undefined) continue;
    if (!Object.hasOwn(value, name) || value[name] === undefined) {
      if (property.required === true) {
        report.error("stix/property-missing", table.section, `"${name}" is required.`, name);
      }
      continue;
    }
    report.enter(name);
    if (property.deprecated === true) {
      report.warn("stix/property-deprecated", table.section, `"${name}" is deprecated.`);
    }
    checkValue(value[name], property, table.section, context);
    report.leave();
  }
}

function checkList(
  value: unknown,
  kind: Kind & { kind: "list" },
  section: string,
  context: CheckContext,
): void {
  if (!Array.isArray(value)) {
    wrongType(value, "a list", kind, context);
    return;
  }
  if (value.length === 0) {
    invalid("stix/list-empty", "A list must not be empty; leave the property out.", kind, context);
  }
  for (let i = 0; i < value.length; i += 1) {
    context.report.enter(i);
    checkValue(value[i], kind.of, section, context);
    context.report.leave();
  }
}

function checkDictionary(
  value: unknown,
  kind: Kind & { kind: "dictionary" },
  section: string,
  context: CheckContext,
): void {
  if (!isDictionary(value, kind, context)) return;
  for (const [key, entry] of Object.entries(value)) {
    context.report.enter(key);
    if (!DICTIONARY_KEY.test(key) || key === "__proto__") {
      invalid("stix/dictionary-key", `${shown(key)} is no key: 1 to 250 of a-z, A-Z, 0-9, - and _.`, kind, context); // prettier-ignore
    }
    checkValue(entry, kind.of, section, context);
    context.report.leave();
  }
}
