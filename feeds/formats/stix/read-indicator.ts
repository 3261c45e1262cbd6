import { uuidV5 } from "stix2-ts";
import type { EntryReport, FeedIndicator } from "../../../services/core/ingest/feed-content.ts";
import { patternProblem } from "../checked-pattern.ts";
import { FEED_NAMESPACE } from "../feed-namespace.ts";
import { type JsonObject, objectsOf, textOf, textsOf } from "../json-object.ts";
import { repairPattern } from "./repair-pattern.ts";

/** What the rest of the file says about an indicator. */
export interface IndicatorSurroundings {
  readonly markings: FeedIndicator["markings"];
  readonly context: FeedIndicator["context"];
}

export interface IndicatorReading {
  readonly indicator?: FeedIndicator;
  readonly report: EntryReport;
}

/** RFC 3339, as STIX 2.1 §2.16 asks; a missing zone is read as UTC by nobody, so such a time is not accepted. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Reads an indicator object of STIX 2.0 or 2.1 (STIX 2.1 §4.7). What is wrong beside the pattern costs that property only. */
export function readIndicator(
  object: JsonObject,
  where: string,
  around: IndicatorSurroundings,
): IndicatorReading {
  const id = textOf(object, "id");
  const named = id === undefined ? {} : { id };
  const rejected = (code: string, reason: string): IndicatorReading => ({
    report: { status: "rejected", ...named, where, code, reason },
  });

  const patternType = textOf(object, "pattern_type") ?? "stix";
  if (patternType.toLowerCase() !== "stix") {
    return rejected(
      "feed/pattern-type-unsupported",
      `pattern_type "${patternType.slice(0, 40)}" is kept, not evaluated: only STIX patterns are.`,
    );
  }
  const text = textOf(object, "pattern");
  if (text === undefined) {
    const reason =
      object["pattern"] === undefined ? "It has no pattern." : "Its pattern is no text, or empty.";
    return rejected("feed/pattern-missing", reason);
  }
  const problem = patternProblem(text);
  const repair =
    problem === undefined
      ? undefined
      : repairPattern(text, (tried) => patternProblem(tried) === undefined);
  if (problem !== undefined && repair === undefined)
    return rejected("feed/pattern-syntax", problem.message);

  const pattern = repair?.pattern ?? text;
  const ownId = id ?? `indicator--${uuidV5(FEED_NAMESPACE, pattern)}`;
  const lost: string[] = [];
  const notes = repair === undefined ? [] : [`Repaired: ${repair.repairs.join("; ")}.`];
  if (id === undefined) notes.push("It has no id; one was made of its pattern.");
  const indicator: FeedIndicator = {
    id: ownId,
    pattern,
    patternType: "stix",
    ...texts(object),
    ...timestamps(object, lost),
    revoked: object["revoked"] === true,
    ...confidence(object, lost),
    labels: [...new Set([...textsOf(object, "labels"), ...textsOf(object, "indicator_types")])],
    markings: around.markings,
    killChain: killChain(object),
    context: around.context,
    original: { format: "stix", id: ownId, ...(repair === undefined ? {} : { text }) },
  };
  const whole = notes.length === 0 && lost.length === 0;
  return {
    indicator,
    report: {
      status: whole ? "accepted" : "partly",
      id: ownId,
      where,
      ...(repair === undefined ? {} : { code: "feed/pattern-repaired" }),
      ...(notes.length === 0 ? {} : { reason: notes.join(" ") }),
      ...(lost.length === 0 ? {} : { lost }),
      ...(repair === undefined ? {} : { repaired: repair.repairs }),
    },
  };
}

function texts(object: JsonObject): { name?: string; description?: string } {
  const name = textOf(object, "name");
  const description = textOf(object, "description");
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

const TIMES = [
  ["created", "created"],
  ["modified", "modified"],
  ["valid_from", "validFrom"],
  ["valid_until", "validUntil"],
] as const;

type Times = { -readonly [K in (typeof TIMES)[number][1]]?: string };

function timestamps(object: JsonObject, lost: string[]): Times {
  const times: Times = {};
  for (const [property, key] of TIMES) {
    const value = object[property];
    if (value === undefined) continue;
    if (typeof value === "string" && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value)))
      times[key] = value;
    else lost.push(`${property}: ${JSON.stringify(value)?.slice(0, 60)} is no STIX timestamp`);
  }
  return times;
}

function confidence(object: JsonObject, lost: string[]): { confidence?: number } {
  const value = object["confidence"];
  if (value === undefined) return {};
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100)
    return { confidence: value };
  lost.push(`confidence: ${JSON.stringify(value)?.slice(0, 60)} is no whole number from 0 to 100`);
  return {};
}

function killChain(object: JsonObject): readonly string[] {
  return objectsOf(object, "kill_chain_phases").flatMap((phase) => {
    const chain = textOf(phase, "kill_chain_name");
    const name = textOf(phase, "phase_name");
    return chain === undefined || name === undefined ? [] : [`${chain}:${name}`];
  });
}
