import { uuidV5 } from "stix2-ts";
import type {
  EntryReport,
  FeedContent,
  FeedIndicator,
  IndicatorContext,
} from "../../services/core/ingest/feed-content.ts";
import { patternProblem } from "./checked-pattern.ts";
import { FEED_NAMESPACE } from "./feed-namespace.ts";
import { textOf } from "./json-object.ts";
import { readerOf, RULES } from "./misp/attribute-types.ts";
import { type MispAttribute, tagsOf } from "./misp/misp-events.ts";
import { repairValue } from "./repair-value.ts";
import { printComparisons } from "./terms/expression.ts";

/** Types whose values are made harmless where people write them down. */
const OF_NETWORKS = /^(?:ip-|domain|hostname|url|uri|md5$|sha1$|sha256$|imphash$)/;

/** What can be said of an attribute's value. */
type Reading =
  | { readonly pattern: string; readonly lost?: string }
  | { readonly code: string; readonly reason: string };

/**
 * Makes an indicator of each attribute that is marked for detection (`to_ids`), also of those in objects; the others are no
 * indicators, and an event that has no other is reported. A deleted attribute becomes a revoked indicator, so that one imported
 * before stops.
 */
export function readMisp(attributes: readonly MispAttribute[]): FeedContent {
  const indicators: FeedIndicator[] = [];
  const entries: EntryReport[] = [];
  const ignored = new Map<string, number>();
  const taken = new Map<string, string>();
  for (const [event, all] of Map.groupBy(attributes, (one) => one.event)) {
    if (all.every(({ value }) => textOf(value, "type") !== undefined && !isTrue(value["to_ids"]))) {
      const reason = `None of the ${all.length} attributes of ${JSON.stringify(textOf(event, "info") ?? "it")} is marked for detection (to_ids).`;
      const where = all[0]?.where.replace(/\/(?:Attribute|Object)\/.*$/, "") ?? "";
      entries.push({ status: "rejected", where, code: "feed/not-for-detection", reason });
    }
  }
  for (const attribute of attributes) {
    const { value, where } = attribute;
    const type = textOf(value, "type");
    const text = textOf(value, "value")?.trim();
    if (type === undefined || text === undefined) {
      const reason = "It is no attribute: it has no type or no value.";
      entries.push({ status: "rejected", where, code: "feed/not-an-object", reason });
      continue;
    }
    if (!isTrue(value["to_ids"])) {
      ignored.set(type, (ignored.get(type) ?? 0) + 1);
      continue;
    }
    const id = idOf(attribute, type, text);
    const same = taken.get(id);
    if (same !== undefined) {
      const reason = `The same attribute stands at ${same} already.`;
      entries.push({ status: "ignored", id, where, code: "feed/duplicate-id", reason });
      continue;
    }
    taken.set(id, where);
    const { value: meant, repairs } = OF_NETWORKS.test(type)
      ? repairValue(text)
      : { value: text, repairs: [] };
    const reading = readValue(attribute, type, meant);
    if ("code" in reading) {
      entries.push({ status: "rejected", id, where, ...reading });
      continue;
    }
    entries.push({
      status: reading.lost === undefined && repairs.length === 0 ? "accepted" : "partly",
      id,
      where,
      ...(repairs.length > 0 && {
        code: "feed/value-repaired",
        reason: `${JSON.stringify(text)} was read as ${JSON.stringify(meant)}.`,
        repaired: repairs,
      }),
      ...(reading.lost !== undefined && { code: "feed/partly-visible", lost: [reading.lost] }),
    });
    indicators.push(indicatorOf(attribute, id, reading.pattern, `${type} ${text}`));
  }
  return {
    format: "misp",
    version: "2",
    indicators,
    entries,
    ignored: Object.fromEntries(ignored),
  };
}

function readValue({ value, object }: MispAttribute, type: string, text: string): Reading {
  if (type === "stix2-pattern") {
    const problem = patternProblem(text);
    return problem === undefined
      ? { pattern: text }
      : { code: "feed/pattern-syntax", reason: problem.message };
  }
  if (RULES.has(type)) {
    return { code: "feed/pattern-type-unsupported", reason: `${type} is a language of its own.` };
  }
  const relation = object && `${textOf(object, "name")}/${textOf(value, "object_relation")}`;
  const read = readerOf(type, relation);
  if (read === undefined) {
    return { code: "feed/term-unknown", reason: `${type}: no Sysmon event shows it.` };
  }
  const meaning = read(text);
  if ("reason" in meaning) {
    return { code: meaning.code, reason: `${type} ${JSON.stringify(text)}: ${meaning.reason}.` };
  }
  const pattern = `[${printComparisons(meaning.expression)}]`;
  const problem = patternProblem(pattern);
  if (problem !== undefined) return { code: "feed/pattern-syntax", reason: problem.message };
  return { pattern, ...(meaning.lost !== undefined && { lost: meaning.lost }) };
}

function indicatorOf(
  { value, event, object }: MispAttribute,
  id: string,
  pattern: string,
  original: string,
): FeedIndicator {
  const info = textOf(event, "info");
  const comment = textOf(value, "comment") ?? (object && textOf(object, "comment"));
  const time = timestamp(value["timestamp"]) ?? timestamp(event["timestamp"]);
  const tags = [...new Set([...tagsOf(event), ...tagsOf(value)])];
  return {
    id,
    pattern,
    patternType: "stix",
    ...(info !== undefined && { name: info }),
    ...(comment !== undefined && { description: comment }),
    ...(time !== undefined && { created: time, modified: time }),
    revoked: isTrue(value["deleted"]),
    labels: tags.filter((tag) => !/^(?:tlp:|misp-galaxy:)/i.test(tag)),
    markings: tags.filter((tag) => /^tlp:/i.test(tag)).map((tag) => tag.toUpperCase()),
    killChain: [],
    context: tags.flatMap(contextOf),
    original: { format: "misp", id: textOf(value, "uuid") ?? id, text: original },
  };
}

const GALAXIES: Readonly<Record<string, string>> = {
  "threat-actor": "threat-actor",
  "mitre-intrusion-set": "intrusion-set",
  "mitre-malware": "malware",
  "mitre-attack-pattern": "attack-pattern",
  malpedia: "malware",
  ransomware: "malware",
  rat: "malware",
  tool: "tool",
  "mitre-tool": "tool",
};

/** Who or what a tag like `misp-galaxy:threat-actor="Sofacy"` names. */
function contextOf(tag: string): readonly IndicatorContext[] {
  const [, galaxy = "", name = ""] = /^misp-galaxy:([\w-]+)="(.+)"$/.exec(tag) ?? [];
  const type = GALAXIES[galaxy];
  return type === undefined ? [] : [{ relationship: "indicates", type, id: tag, name }];
}

/** The attribute's own UUID, as MISP's STIX export uses it; else one derived from what it says. */
function idOf({ value, event }: MispAttribute, type: string, text: string): string {
  const uuid = textOf(value, "uuid")?.toLowerCase();
  const isUuid = uuid !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid);
  const name = `misp|${textOf(event, "uuid") ?? ""}|${type}|${text}`;
  return `indicator--${isUuid ? uuid : uuidV5(FEED_NAMESPACE, name)}`;
}

/** Seconds since 1970, as text or number. */
function timestamp(value: unknown): string | undefined {
  const seconds = typeof value === "string" || typeof value === "number" ? Number(value) : 0;
  return Number.isInteger(seconds) && seconds > 0 && seconds < 1e11
    ? new Date(seconds * 1000).toISOString()
    : undefined;
}

/** MISP writes yes as `true`, `1` or `"1"`. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === "1";
}
