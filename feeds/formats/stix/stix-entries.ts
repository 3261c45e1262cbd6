import { FeedError } from "../feed-error.ts";
import { unsupported } from "../detect-format.ts";
import { type JsonObject, isJsonObject } from "../json-object.ts";

/** An entry of a STIX file before anything is known of it. */
export interface StixEntry {
  readonly where: string;
  readonly value: unknown;
}

export interface StixEntries {
  /** `spec_version` of the (first) bundle, which STIX 2.0 has. */
  readonly bundleVersion: string | undefined;
  readonly entries: readonly StixEntry[];
}

/**
 * Finds the objects of a STIX 2 document: a bundle, an array of objects or bundles, a TAXII envelope (`objects` without
 * `type`), or a bare object. Throws FeedError for JSON that is none of these, saying what it looks like.
 */
export function stixEntries(name: string, document: unknown): StixEntries {
  if (Array.isArray(document)) {
    const parts = document.map((value: unknown, index) => expand(value, `/${index}`));
    const objects = parts.some(({ entries }) => entries.some(({ value }) => isStixObject(value)));
    if (document.length > 0 && !objects) throw notStix(name, document[0]);
    return {
      bundleVersion: parts.find(({ bundleVersion }) => bundleVersion !== undefined)?.bundleVersion,
      entries: parts.flatMap(({ entries }) => entries),
    };
  }
  if (isJsonObject(document) && (isStixObject(document) || isEnvelope(document)))
    return expand(document, "");
  throw notStix(name, document);
}

/** Tells a STIX object by its type and by an id of that type; an indicator is known without an id. */
function isStixObject(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || typeof value["type"] !== "string") return false;
  const { type, id } = value;
  return (
    type === "bundle" ||
    type === "indicator" ||
    (typeof id === "string" && id.startsWith(`${type}--`))
  );
}

function isEnvelope(value: JsonObject): boolean {
  return value["type"] === undefined && Array.isArray(value["objects"]);
}

function expand(value: unknown, where: string): StixEntries {
  if (!isJsonObject(value) || (value["type"] !== "bundle" && !isEnvelope(value))) {
    return { bundleVersion: undefined, entries: [{ where, value }] };
  }
  const objects = value["objects"] ?? [];
  if (!Array.isArray(objects)) {
    throw new FeedError("feed/not-stix", `"objects" of the bundle is no list.`, `${where}/objects`);
  }
  const version = value["spec_version"];
  return {
    bundleVersion: typeof version === "string" ? version : undefined,
    entries: objects.map((entry: unknown, index) => ({
      where: `${where}/objects/${index}`,
      value: entry,
    })),
  };
}

function notStix(name: string, document: unknown): FeedError {
  if (isJsonObject(document)) {
    if (isMispManifest(document)) return unsupported(name, "a MISP feed's manifest (JSON)");
  }
  return new FeedError(
    "feed/not-stix",
    `${name} is JSON, but not STIX 2: a bundle, an object with "type" and "id", or a list of these is expected.`,
  );
}

function isMispManifest(document: JsonObject): boolean {
  const [key, value] = Object.entries(document)[0] ?? [];
  return (
    key !== undefined && /^[0-9a-f-]{36}$/i.test(key) && isJsonObject(value) && "Orgc" in value
  );
}
