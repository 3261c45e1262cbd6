/** How a property of a CybOX object compares: its attributes (CybOX 2.1, BaseObjectPropertyType) and its text. */
import { repairValue } from "../repair-value.ts";
import type { Condition } from "../terms/condition.ts";
import type { Term } from "../terms/term.ts";
import type { XmlElement } from "../xml/xml-tree.ts";
import { type Criteria, groupOf, lostPart } from "./criteria.ts";

type Verb = Pick<Condition, "verb" | "negated">;

/** Conditions by name, in lower case: files write them in any. */
const CONDITIONS: Readonly<Record<string, Verb>> = {
  equals: { verb: "is", negated: false },
  doesnotequal: { verb: "is", negated: true },
  contains: { verb: "contains", negated: false },
  doesnotcontain: { verb: "contains", negated: true },
  startswith: { verb: "starts-with", negated: false },
  endswith: { verb: "ends-with", negated: false },
  greaterthan: { verb: "greater-than", negated: false },
  lessthan: { verb: "less-than", negated: false },
};

const IS: Verb = { verb: "is", negated: false };
const WHOLE = /^\d{1,15}$/;
const LARGEST = 999_999_999_999_999;

/**
 * A range as terms of numbers take it. It is one comparison and no denial of the opposite: "no port is below" is something else
 * than "a port is at or above".
 */
function rangeOf(condition: string, values: readonly string[]): string | undefined {
  const [low = "", high = ""] = values;
  if (values.length !== 2 || !WHOLE.test(low) || !WHOLE.test(high)) return undefined;
  if (condition === "inclusivebetween") return `${low} TO ${high}`;
  return condition === "exclusivebetween" ? `${Number(low) + 1} TO ${Number(high) - 1}` : undefined;
}

const DELIMITER = "##comma##";
/** Values of one property; a list of more is a feed of its own. */
const MOST_VALUES = 10_000;

export interface ReadProperty {
  readonly term: Term;
  /** Changes a value before it is compared. */
  readonly change?: (value: string) => string;
  /** What was done to values, in words. */
  readonly repairs: Set<string>;
  /** Words for the report. */
  readonly what: string;
}

/** Reads a property as comparisons of its term; a list of values as a group of them. */
export function readProperty(element: XmlElement, how: ReadProperty): Criteria {
  const { what } = how;
  const attribute = (name: string) => element.attributes.get(name)?.toLowerCase();
  const lose = (reason: string) =>
    lostPart("feed/condition-unsupported", `${what} (${element.where}): ${reason}`);
  if (attribute("has_changed") === "true" || element.attributes.has("trend")) {
    return lose("one event does not show that a value changes");
  }
  if (element.attributes.has("bit_mask")) return lose("a bit mask is not compared");
  const values = valuesOf(element);
  if (values.length === 0) {
    return lostPart("feed/value-missing", `${what} (${element.where}): it has no content`);
  }
  if (values.length > MOST_VALUES) return lose(`it has more than ${MOST_VALUES} values`);
  const condition = attribute("condition") ?? "equals";
  const isCase = attribute("is_case_sensitive") === "true";
  const item = (verb: Verb, value: string): Criteria => ({
    kind: "item",
    term: how.term,
    condition: { ...verb, caseSensitive: isCase, value: prepared(value, how) },
    what,
  });
  if (condition.endsWith("between")) {
    const range = rangeOf(condition, values);
    return range === undefined ? lose("a range has two whole numbers") : item(IS, range);
  }
  const bound = condition === "greaterthanorequal" || condition === "lessthanorequal";
  if (bound) {
    return alternatives(element, values, (value) =>
      WHOLE.test(value)
        ? item(IS, condition === "lessthanorequal" ? `0 TO ${value}` : `${value} TO ${LARGEST}`)
        : lose("only whole numbers are greater or less"),
    );
  }
  if (condition === "fitspattern") {
    const language = attribute("pattern_type") ?? "regex";
    if (language !== "regex") return lose(`a pattern of type ${language.slice(0, 40)}`);
    return alternatives(element, values, (value) => ({
      kind: "item",
      term: how.term,
      condition: { verb: "matches", negated: false, caseSensitive: isCase, value },
      what,
    }));
  }
  const verb = Object.hasOwn(CONDITIONS, condition) ? CONDITIONS[condition] : undefined;
  if (verb === undefined) return lose(`the condition ${condition.slice(0, 40)} is not known`);
  return alternatives(element, values, (value) => item(verb, value), verb.negated);
}

/**
 * Joins the comparisons of a list. What must not be any of the values is none of them: read by the letter, "differs from any"
 * would hold for everything.
 */
function alternatives(
  element: XmlElement,
  values: readonly string[],
  make: (value: string) => Criteria,
  negated = false,
): Criteria {
  const apply = element.attributes.get("apply_condition")?.toUpperCase() ?? "ANY";
  const parts = values.map((value) => make(value));
  if (apply === "NONE") return groupOf("or", parts, true);
  return groupOf(apply === "ALL" || negated ? "and" : "or", parts);
}

/** The values of a property; the delimiter is not looked for where the text is a pattern that may hold it. */
export function valuesOf(element: XmlElement): readonly string[] {
  const delimiter = element.attributes.get("delimiter") ?? DELIMITER;
  const values = delimiter === "" ? [element.text] : element.text.split(delimiter);
  return values.map((value) => value.trim()).filter((value) => value !== "");
}

function prepared(value: string, { change, repairs, what }: ReadProperty): string {
  const changed = change?.(value) ?? value;
  if (changed !== value && change === refangValue) {
    repairs.add(`${what} ${JSON.stringify(value)} was read as ${JSON.stringify(changed)}`);
  }
  return changed;
}

/** Values that were made harmless, as they were meant. */
export const refangValue = (value: string): string => repairValue(value).value;
