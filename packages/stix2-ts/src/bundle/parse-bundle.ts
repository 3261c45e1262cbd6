import type { Issue } from "../check/issue.ts";
import { Report } from "../check/report.ts";
import { StixError } from "../errors.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { isJsonObject, ownValue } from "../json/json-value.ts";
import type { Stix20Object } from "../lift/lift-to-21.ts";
import type { StixObject } from "../model/stix-object.ts";
import { checkHeader } from "./check-header.ts";
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
  const { entries, base, id, single } = checkHeader(document, report);
  const list = isJsonObject(document) ? ownValue(document, "objects") : document;
  if (Array.isArray(list) && list.length === 0) {
    report.error("stix/list-empty", "2.1 §2.12", "A list must not be empty; leave it out.", ...(list === document ? [] : ["objects"])); // prettier-ignore
  }
  if (entries.length > settings.maxObjects) {
    throw new StixError("stix/too-large", `The bundle has ${entries.length} objects, more than ${settings.maxObjects}.`); // prettier-ignore
  }
  const objects: (StixObject | Stix20Object)[] = [];
  const rejected: RejectedObject[] = [];
  const issues: Issue[] = [...report.issues];
  const seen = new SeenVersions();
  const made = new Map<string, string>();
  for (const [index, raw] of entries.entries()) {
    const pointer = single ? "" : `${base}/${index}`;
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

/** Notices the same version of an object given twice (STIX 2.1 §3.6): id and `modified` are equal. */
class SeenVersions {
  readonly #first = new Map<string, { readonly modified: string; readonly pointer: string }>();
  /** Pointers of the other versions of an object, by id and `modified`: few bundles have any. */
  readonly #others = new Map<string, string>();

  /** Gives a warning if the same version came before. */
  twice(object: StixObject | Stix20Object, pointer: string): Issue | undefined {
    const modified = "modified" in object ? String(object.modified) : "";
    const first = this.#first.get(object.id);
    if (first === undefined) {
      this.#first.set(object.id, { modified, pointer });
      return undefined;
    }
    const version = `${object.id} ${modified}`;
    const before = first.modified === modified ? first.pointer : this.#others.get(version);
    if (before === undefined) {
      this.#others.set(version, pointer);
      return undefined;
    }
    return {
      severity: "warning",
      code: "stix/duplicate-id",
      pointer: `${pointer}/id`,
      section: "2.1 §3.6",
      message: `This version of ${object.id} stands already at ${before}.`,
    };
  }
}
