import { StixError } from "../errors.ts";
import { parseIdentifier } from "../id/identifier.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import { categoryOf } from "../model/object-tables.ts";
import { isNamedRelationship } from "../model/relationship-types.ts";
import { parsePattern } from "../pattern/parse-pattern.ts";
import type { CheckContext } from "./check-context.ts";
import { FORMATS } from "./check-text.ts";
import { checkMarkingDefinition } from "./check-markings.ts";
import { shown } from "./report.ts";

type Particular = (object: JsonObject, section: string, context: CheckContext) => void;

/** What the specification asks of single types, beyond what a table can say. */
const PARTICULARS: ReadonlyMap<string, Particular> = new Map<string, Particular>([
  ["attack-pattern", checkExternalId("capec", /^CAPEC-\d+$/)],
  ["vulnerability", checkExternalId("cve", /^CVE-\d{4}-\d{4,}$/)],
  ["indicator", checkIndicator],
  ["malware", checkMalware],
  ["relationship", checkRelationship],
  ["observed-data", checkObservedData],
  ["network-traffic", checkNetworkTraffic],
  ["email-message", checkEmailMessage],
  ["windows-registry-key", checkRegistryKey],
  ["location", checkLocation],
  ["language-content", checkLanguageContent],
  ["marking-definition", checkMarkingDefinition],
]);

/** Checks what is particular to one type. */
export function checkParticulars(
  type: string,
  object: JsonObject,
  section: string,
  context: CheckContext,
): void {
  PARTICULARS.get(type)?.(object, section, context);
}

/** Where an external reference gives the id of a catalogue, source and id are written in one way (STIX 2.1 §4.1, §4.19). */
function checkExternalId(source: string, id: RegExp): Particular {
  return (object, section, { report }) => {
    const references = ownValue(object, "external_references");
    if (!Array.isArray(references)) return;
    for (const [index, reference] of references.entries()) {
      if (!isJsonObject(reference)) continue;
      const externalId = ownValue(reference, "external_id");
      if (typeof externalId !== "string") continue;
      const fromThere = ownValue(reference, "source_name") === source;
      if (fromThere === id.test(externalId)) continue;
      const message = fromThere
        ? `${shown(externalId)} is not how an id of ${source} is written.`
        : `The "source_name" of ${shown(externalId)} must be "${source}".`;
      report.error("stix/external-id", section, message, "external_references", index, fromThere ? "external_id" : "source_name"); // prettier-ignore
    }
  };
}

function checkIndicator(object: JsonObject, section: string, context: CheckContext): void {
  const pattern = ownValue(object, "pattern");
  const language = context.version === "2.0" ? "stix" : ownValue(object, "pattern_type");
  if (typeof pattern !== "string" || language !== "stix") return;
  try {
    parsePattern(pattern);
  } catch (error) {
    if (!(error instanceof StixError)) throw error;
    context.report.error(error.code, section, error.message, "pattern");
  }
}

function checkMalware(object: JsonObject, section: string, { report }: CheckContext): void {
  if (ownValue(object, "is_family") === true && ownValue(object, "name") === undefined) {
    report.error("stix/property-dependency", section, `A malware family needs "name".`, "name");
  }
}

function checkRelationship(object: JsonObject, section: string, { report }: CheckContext): void {
  const [source, target] = ["source_ref", "target_ref"].map((name) => {
    const ref = ownValue(object, name);
    return typeof ref === "string" ? parseIdentifier(ref)?.type : undefined;
  });
  const relationship = ownValue(object, "relationship_type");
  if (typeof relationship !== "string" || source === undefined || target === undefined) return;
  if (!/^[a-z0-9-]+$/.test(relationship)) {
    report.error("stix/relationship-type", section, `${shown(relationship)} is no type of a relationship: a-z, 0-9 and hyphens.`, "relationship_type"); // prettier-ignore
  } else if (!isNamedRelationship(source, relationship, target)) {
    report.warn("stix/relationship-unnamed", section, `The specification names no "${relationship}" from ${source} to ${target}.`, "relationship_type"); // prettier-ignore
  }
}

function checkObservedData(object: JsonObject, section: string, { report }: CheckContext): void {
  const refs = ownValue(object, "object_refs");
  if (!Array.isArray(refs) || refs.length === 0) return;
  const types = refs.map((ref) =>
    typeof ref === "string" ? parseIdentifier(ref)?.type : undefined,
  );
  // A custom type may be an observable: only its definition says so.
  const some = types.some(
    (type) => type === undefined || (categoryOf(type) ?? "observable") === "observable",
  );
  if (!some) {
    report.error("stix/at-least-one", section, `"object_refs" needs at least one observable.`, "object_refs"); // prettier-ignore
  }
}

function checkNetworkTraffic(object: JsonObject, section: string, { report }: CheckContext): void {
  if (ownValue(object, "end") !== undefined && ownValue(object, "is_active") === true) {
    report.error("stix/not-both", section, `Traffic that has an "end" is not active.`, "is_active");
  }
}

function checkEmailMessage(object: JsonObject, section: string, { report }: CheckContext): void {
  const multipart = ownValue(object, "is_multipart");
  if (multipart === true && ownValue(object, "body") !== undefined) {
    report.error("stix/not-both", section, `A multipart message has "body_multipart", no "body".`, "body"); // prettier-ignore
  }
  if (multipart === false && ownValue(object, "body_multipart") !== undefined) {
    report.error("stix/not-both", section, `A message that is not multipart has no "body_multipart".`, "body_multipart"); // prettier-ignore
  }
}

function checkRegistryKey(object: JsonObject, section: string, { report }: CheckContext): void {
  const key = ownValue(object, "key");
  if (typeof key === "string" && /^(?:HKLM|HKCC|HKCR|HKCU|HKU)(?:\\|$)/i.test(key)) {
    report.error("stix/value-format", section, "The hive of a registry key must be written in full.", "key"); // prettier-ignore
  }
}

function checkLocation(object: JsonObject, section: string, { report }: CheckContext): void {
  const country = ownValue(object, "country");
  if (typeof country === "string" && !/^[A-Za-z]{2}$/.test(country)) {
    report.warn("stix/value-format", section, `${shown(country)} is no ISO 3166-1 alpha-2 code.`, "country"); // prettier-ignore
  }
}

function checkLanguageContent(object: JsonObject, section: string, { report }: CheckContext): void {
  const contents = ownValue(object, "contents");
  if (!isJsonObject(contents)) return;
  for (const code of Object.keys(contents)) {
    if (FORMATS.language.test(code)) continue;
    report.error("stix/value-format", section, `${shown(code)} is not ${FORMATS.language.what}.`, "contents", code); // prettier-ignore
  }
}

/** Tells whether an object is marked as one that a toplevel-property-extension or a new type extends (STIX 2.1 §7.3). */
export function hasExtensionOfType(object: JsonObject, ...types: readonly string[]): boolean {
  const extensions = ownValue(object, "extensions");
  if (!isJsonObject(extensions)) return false;
  return Object.values(extensions).some((extension) => {
    const type = isJsonObject(extension) ? ownValue(extension, "extension_type") : undefined;
    return typeof type === "string" && types.includes(type);
  });
}
