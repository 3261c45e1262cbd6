import { uuidV5 } from "stix2-ts";
import type {
  EntryReport,
  FeedContent,
  FeedIndicator,
} from "../../services/core/ingest/feed-content.ts";
import { patternProblem } from "./checked-pattern.ts";
import { FEED_NAMESPACE } from "./feed-namespace.ts";
import { isJsonObject, type JsonObject } from "./json-object.ts";
import { readTerm, type RuleTerm } from "./sysmonsearch/rule-terms.ts";
import { all, any, printComparisons } from "./terms/expression.ts";
import { isUndecidable } from "./terms/term.ts";

const MOST_TERMS = 1000;

/** Whether JSON is a saved detection rule of SysmonSearch, or a list of them. */
export function isSysmonSearchRule(document: unknown): boolean {
  const rules: readonly unknown[] = Array.isArray(document) ? document : [document];
  return rules.length > 0 && rules.every(isRule);
}

function isRule(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || !Array.isArray(value["patterns"]) || "type" in value) return false;
  return (
    typeof value["operator"] === "string" &&
    value["patterns"].every((one) => isJsonObject(one) && "key" in one && "value" in one)
  );
}

/**
 * Reads rules as what they were meant to find: one event that has all of the terms, or any of them, each as a part of its field
 * in any case. `docs/formats.md` says where that is not what SysmonSearch finds.
 */
export function readSysmonSearch(name: string, document: unknown): FeedContent {
  const rules: readonly unknown[] = Array.isArray(document) ? document : [document];
  const indicators: FeedIndicator[] = [];
  const entries: EntryReport[] = [];
  const taken = new Map<string, string>();
  rules.filter(isRule).forEach((rule, i) => {
    const where = Array.isArray(document) ? `/${i}` : "";
    const made = convert(rule);
    if ("code" in made) {
      entries.push({ status: "rejected", where, ...made });
      return;
    }
    const { pattern, lost } = made;
    const id = `indicator--${uuidV5(FEED_NAMESPACE, `sysmonsearch|${pattern}`)}`;
    const same = taken.get(id);
    const problem = patternProblem(pattern);
    if (same !== undefined) {
      const reason = `The same rule stands at ${same || "the beginning"} already.`;
      entries.push({ status: "ignored", id, where, code: "feed/duplicate-id", reason });
      return;
    }
    taken.set(id, where);
    if (problem !== undefined) {
      const reason = problem.message;
      entries.push({ status: "rejected", id, where, code: "feed/pattern-syntax", reason });
      return;
    }
    entries.push({
      status: lost.length === 0 ? "accepted" : "partly",
      id,
      where,
      ...(lost.length > 0 && { code: "feed/partly-visible", lost }),
    });
    indicators.push(indicatorOf(name, id, pattern, rule));
  });
  return { format: "sysmonsearch", version: "2", indicators, entries, ignored: {} };
}

function indicatorOf(name: string, id: string, pattern: string, rule: JsonObject): FeedIndicator {
  return {
    id,
    pattern,
    patternType: "stix",
    name: name.slice(-200),
    revoked: false,
    labels: [],
    markings: [],
    killChain: [],
    context: [],
    original: { format: "sysmonsearch", id: name, text: JSON.stringify(rule).slice(0, 10_000) },
  };
}

type Converted =
  | { readonly pattern: string; readonly lost: readonly string[] }
  | { readonly code: string; readonly reason: string; readonly lost?: readonly string[] };

function convert(rule: JsonObject): Converted {
  const operator = String(rule["operator"]).trim().toUpperCase();
  const patterns: readonly unknown[] = Array.isArray(rule["patterns"]) ? rule["patterns"] : [];
  if (!["AND", "OR", ""].includes(operator)) {
    const reason = `The operator ${JSON.stringify(operator.slice(0, 40))} is neither AND nor OR.`;
    return { code: "feed/condition-unsupported", reason };
  }
  if (patterns.length === 0) {
    return { code: "feed/value-missing", reason: "It has no terms, and would find every event." };
  }
  if (patterns.length > MOST_TERMS) {
    return { code: "feed/too-complex", reason: `It has more than ${MOST_TERMS} terms.` };
  }
  const terms: RuleTerm[] = [];
  const lost: string[] = [];
  for (const one of patterns.filter(isJsonObject)) {
    const term = readTerm(one["key"], one["value"]);
    if (!isUndecidableTerm(term)) terms.push(term);
    else if (operator === "AND")
      return { code: term.code, reason: `${term.reason}; without it the rule would find more than was meant.` }; // prettier-ignore
    else lost.push(term.reason);
  }
  for (const time of ["start_time", "end_time"]) {
    if (typeof rule[time] === "string" && rule[time] !== "")
      lost.push(`${time}: events of any time are found`);
  }
  if (terms.length === 0) {
    return { code: "feed/term-unknown", reason: "None of its terms can be asked for.", lost };
  }
  if (operator !== "AND") {
    return { pattern: `[${printComparisons(any(terms.map((term) => term.expression)))}]`, lost };
  }
  const pattern = allOf(terms);
  if (pattern.includes("] AND [")) {
    lost.push("no one event shows all terms: they are looked for in several events of one host");
  }
  return { pattern, lost };
}

function isUndecidableTerm(
  term: ReturnType<typeof readTerm>,
): term is Exclude<typeof term, RuleTerm> {
  return !("thing" in term) && isUndecidable(term);
}

/** Terms of one thing must hold for one event; a process's name stands in every event that it makes. */
function allOf(terms: readonly RuleTerm[]): string {
  const processes = terms.filter(({ thing }) => thing === "process");
  const things = Map.groupBy(terms.filter(({ thing }) => thing !== "process"), ({ thing }) => thing); // prettier-ignore
  const groups = things.size === 0 ? [[]] : [...things.values()];
  return groups
    .map((group) => [...processes, ...group].map(({ expression }) => expression))
    .map((expressions) => `[${printComparisons(all(expressions))}]`)
    .join(" AND ");
}
