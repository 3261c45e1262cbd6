import type { Issue } from "../check/issue.ts";
import { Report, shown } from "../check/report.ts";
import { StixError } from "../errors.ts";
import { parseIdentifier } from "../id/identifier.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import type { Stix20Object } from "../lift/lift-to-21.ts";
import type { StixObject } from "../model/stix-object.ts";
import { parseEntry, readInput } from "./parse-object.ts";
import { type ParseOptions, parseSettings } from "./parse-options.ts";

/** An object that was left out, as it was given, and why. */
export interface RejectedObject {
  /** Where it stands, as a JSON Pointer. */
  readonly pointer: string;
  readonly raw: unknown;
  readonly issues: readonly Issue[];
}

/** What came of a bundle. */
export interface ParsedBundle<T = StixObject> {
  /** The bundle's own id; undefined where it has none that is valid, or where no bundle was given. */
  readonly id: string | undefined;
  /** The objects without errors, in their order; observables that lifting made stand after their observed data. */
  readonly objects: readonly T[];
  readonly rejected: readonly RejectedObject[];
  /** All issues, of the bundle, of the objects kept and of those rejected. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a bundle of STIX 2.0 or 2.1 (STIX 2.1 §8), given as JSON text or as value; also a list of objects, a TAXII envelope
 * or one object, with a warning. A bad object costs nothing but itself. Throws JsonTextError, with line and column, for text
 * that is no JSON, StixError for what is beyond a limit, and nothing else.
 */
export function parseBundle(
  input: unknown,
  options: ParseOptions & { readonly lift: false },
): ParsedBundle<StixObject | Stix20Object>;
export function parseBundle(input: unknown, options?: ParseOptions): ParsedBundle;
export function parseBundle(
  input: unknown,
  options: ParseOptions = {},
): ParsedBundle<StixObject | Stix20Object> {
  const settings = parseSettings(options);
  const document = readInput(input, settings);
  const report = new Report("", settings.maxIssues, settings.tolerated);
  const { entries, base, id } = entriesOf(document, report);
  if (entries.length > settings.maxObjects) {
    throw new StixError("stix/too-large", `The bundle has ${entries.length} objects, more than ${settings.maxObjects}.`); // prettier-ignore
  }
  const objects: (StixObject | Stix20Object)[] = [];
  const rejected: RejectedObject[] = [];
  const issues: Issue[] = [...report.issues];
  const seen = new SeenVersions();
  const made = new Map<string, string>();
  for (const [index, raw] of entries.entries()) {
    const pointer = base === undefined ? "" : `${base}/${index}`;
    const parsed = parseEntry(raw, pointer, settings);
    for (const issue of parsed.issues) issues.push(issue);
    if (parsed.object === undefined) {
      rejected.push({ pointer, raw, issues: parsed.issues });
      continue;
    }
    const twice = seen.twice(parsed.object, pointer);
    if (twice !== undefined) issues.push(twice);
    objects.push(parsed.object);
    for (const observable of parsed.observables) {
      const text = canonicalJson(observable);
      if (made.get(observable.id) === text) continue;
      made.set(observable.id, text);
      objects.push(observable);
    }
  }
  return { id, objects, rejected, issues };
}

interface Entries {
  readonly entries: readonly unknown[];
  /** Pointer to the list; undefined where one bare object was given. */
  readonly base: string | undefined;
  readonly id: string | undefined;
}

function entriesOf(document: unknown, report: Report): Entries {
  const none = { entries: [], base: "", id: undefined };
  if (Array.isArray(document)) {
    report.warn("stix/not-a-bundle", "2.1 §8", "This is a list of objects, not a bundle.");
    return { entries: document, base: "", id: undefined };
  }
  if (!isJsonObject(document)) {
    report.error("stix/not-a-bundle", "2.1 §8", `${shown(document)} is no bundle.`);
    return none;
  }
  const type = ownValue(document, "type");
  const objects = ownValue(document, "objects");
  if (type === "bundle") {
    return {
      entries: bundleObjects(objects, report),
      base: "/objects",
      id: checkHeader(document, report),
    };
  }
  if (type === undefined && Array.isArray(objects)) {
    report.warn("stix/not-a-bundle", "2.1 §8", "This is a TAXII envelope, not a bundle.");
    return { entries: objects, base: "/objects", id: undefined };
  }
  if (type === undefined) {
    report.error("stix/not-a-bundle", "2.1 §8", "This has neither a type nor objects.");
    return none;
  }
  report.warn("stix/not-a-bundle", "2.1 §8", "This is one object, not a bundle.");
  return { entries: [document], base: undefined, id: undefined };
}

function bundleObjects(objects: unknown, report: Report): readonly unknown[] {
  if (objects === undefined) return [];
  if (!Array.isArray(objects)) {
    report.error("stix/property-type", "2.1 §8", `${shown(objects)} stands where a list is expected.`, "objects"); // prettier-ignore
    return [];
  }
  if (objects.length === 0) {
    report.error("stix/list-empty", "2.1 §2.12", "A list must not be empty; leave the property out.", "objects"); // prettier-ignore
  }
  return objects;
}

/** Checks what a bundle says of itself (STIX 2.1 §8), and gives its id. */
export function checkHeader(bundle: JsonObject, report: Report): string | undefined {
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

/** Notices the same version of an object given twice (STIX 2.1 §3.6): id and `modified` are equal. */
export class SeenVersions {
  readonly #seen = new Map<string, string>();

  /** Gives a warning if the same version came before. */
  twice(object: StixObject | Stix20Object, pointer: string): Issue | undefined {
    const modified = "modified" in object ? String(object.modified) : "";
    const version = `${object.id} ${modified}`;
    const first = this.#seen.get(version);
    if (first === undefined) {
      this.#seen.set(version, pointer);
      return undefined;
    }
    return {
      severity: "warning",
      code: "stix/duplicate-id",
      pointer: `${pointer}/id`,
      section: "2.1 §3.6",
      message: `This version of ${object.id} stands already at ${first}.`,
    };
  }
}
