import { type Report, shown } from "../check/report.ts";
import { parseIdentifier } from "../id/identifier.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";

/** What a document is, and where its objects stand. */
export interface Header {
  /** The bundle's id; undefined where it has none that is valid, or where the document is no bundle. */
  readonly id: string | undefined;
  readonly entries: readonly unknown[];
  /** Pointer to the list of objects. */
  readonly base: string;
  /** The document itself is an object, and its only one. */
  readonly single: boolean;
}

/** Finds out what a document is, and checks what a bundle says of itself (STIX 2.1 §8). */
export function checkHeader(document: unknown, report: Report): Header {
  const none: Header = { id: undefined, entries: [], base: "", single: false };
  if (Array.isArray(document)) {
    report.warn("stix/not-a-bundle", "2.1 §8", "This is a list of objects, not a bundle.");
    return { ...none, entries: document };
  }
  if (!isJsonObject(document)) {
    report.error("stix/not-a-bundle", "2.1 §8", `${shown(document)} is no bundle.`);
    return none;
  }
  const type = ownValue(document, "type");
  const objects = ownValue(document, "objects");
  if (type === "bundle") {
    const entries = checkList(objects, report);
    return { ...none, id: checkBundle(document, report), entries, base: "/objects" };
  }
  if (type === undefined && Array.isArray(objects)) {
    report.warn("stix/not-a-bundle", "2.1 §8", "This is a TAXII envelope, not a bundle.");
    return { ...none, entries: objects, base: "/objects" };
  }
  if (type === undefined) {
    report.error("stix/not-a-bundle", "2.1 §8", "This has neither a type nor objects.");
    return none;
  }
  report.warn("stix/not-a-bundle", "2.1 §8", "This is one object, not a bundle.");
  return { ...none, entries: [document], single: true };
}

function checkList(objects: unknown, report: Report): readonly unknown[] {
  if (objects === undefined) return [];
  if (Array.isArray(objects)) return objects;
  report.error("stix/property-type", "2.1 §8", `${shown(objects)} stands where a list is expected.`, "objects"); // prettier-ignore
  return [];
}

function checkBundle(bundle: JsonObject, report: Report): string | undefined {
  for (const name of Object.keys(bundle)) {
    if (["type", "id", "objects"].includes(name)) continue;
    if (name === "spec_version" && bundle[name] === "2.0") continue;
    report.warn("stix/property-custom", "2.1 §8", `A bundle has no "${name}".`, name);
  }
  const id = ownValue(bundle, "id");
  if (id === undefined) {
    report.error("stix/property-missing", "2.1 §8", `"id" is required.`, "id");
    return undefined;
  }
  if (typeof id !== "string" || parseIdentifier(id)?.type !== "bundle") {
    report.error("stix/id-invalid", "2.1 §2.9", `${shown(id)} is no identifier of a bundle.`, "id");
    return undefined;
  }
  return id;
}
