import type {
  EntryReport,
  FeedContent,
  FeedIndicator,
} from "../../services/core/ingest/feed-content.ts";
import { type JsonObject, isJsonObject, textOf } from "./json-object.ts";
import { markingsOf } from "./stix/markings.ts";
import { readIndicator } from "./stix/read-indicator.ts";
import { indexRelations } from "./stix/relations.ts";
import { type StixEntry, stixEntries } from "./stix/stix-entries.ts";

/** Reads STIX 2.0 or 2.1: a bundle, a list of objects, or one object. One bad entry costs nothing but itself. */
export function readStix(name: string, document: unknown): FeedContent {
  const { bundleVersion, entries } = stixEntries(name, document);
  const newest = newestVersions(entries);
  const known = (id: string): JsonObject | undefined => newest.get(id)?.object;
  const relations = indexRelations(currentObjects(entries, newest), known);

  const indicators: FeedIndicator[] = [];
  const reports: EntryReport[] = [];
  const ignored = new Map<string, number>();
  for (const { where, value } of entries) {
    if (!isJsonObject(value) || typeof value["type"] !== "string") {
      const reason = isJsonObject(value) ? `It has no "type".` : "It is no object.";
      reports.push({ status: "rejected", where, code: "feed/not-an-object", reason });
      continue;
    }
    if (value["type"] !== "indicator") {
      ignored.set(value["type"], (ignored.get(value["type"]) ?? 0) + 1);
      continue;
    }
    const id = textOf(value, "id");
    const winner = id === undefined ? undefined : newest.get(id);
    if (id !== undefined && winner !== undefined && winner.object !== value) {
      const reason = `Another entry with this id is newer or came first: ${winner.where}.`;
      reports.push({ status: "ignored", id, where, code: "feed/duplicate-id", reason });
      continue;
    }
    const around = { markings: markingsOf(value, known), context: relations.contextOf(value) };
    const { indicator, report } = readIndicator(value, where, around);
    reports.push(report);
    if (indicator !== undefined) indicators.push(indicator);
  }
  const version = versionOf(bundleVersion, entries);
  return {
    format: "stix",
    version,
    indicators,
    entries: reports,
    ignored: Object.fromEntries(ignored),
  };
}

interface Version {
  readonly object: JsonObject;
  readonly where: string;
  readonly modified: number;
}

/** Gives for each id the entry with the latest `modified` (STIX 2.1 §3.6); the first where they are equal. */
function newestVersions(entries: readonly StixEntry[]): ReadonlyMap<string, Version> {
  const newest = new Map<string, Version>();
  for (const { where, value } of entries) {
    const id = isJsonObject(value) ? textOf(value, "id") : undefined;
    if (!isJsonObject(value) || id === undefined) continue;
    const time = Date.parse(textOf(value, "modified") ?? "");
    const modified = Number.isNaN(time) ? -Infinity : time;
    const other = newest.get(id);
    if (other === undefined || modified > other.modified)
      newest.set(id, { object: value, where, modified });
  }
  return newest;
}

function* currentObjects(
  entries: readonly StixEntry[],
  newest: ReadonlyMap<string, Version>,
): Generator<JsonObject> {
  for (const { value } of entries) {
    if (isJsonObject(value) && newest.get(textOf(value, "id") ?? "")?.object === value) yield value;
  }
}

/** STIX 2.1 puts `spec_version` on the objects, 2.0 on the bundle; an object with neither is 2.0 (STIX 2.1 §3.2). */
function versionOf(bundleVersion: string | undefined, entries: readonly StixEntry[]): string {
  const own = entries.map(({ value }) => (isJsonObject(value) ? value["spec_version"] : undefined));
  return own.includes("2.1") ? "2.1" : (bundleVersion ?? "2.0");
}
