/** What a hunter asks of single events, and whether an event has it. */
import { parseAddress, type AddressRange, type CompiledPattern, type RegexEngine } from "stix2-ts";
import { messageOf, ServiceError } from "../errors.ts";
import { observe, type SysmonEvent } from "../schema/index.ts";

export const TEXT_OPERATORS = ["is", "contains", "startsWith", "endsWith", "matches"] as const;
export const OPERATORS = [...TEXT_OPERATORS, "in", "cidr", "lt", "lte", "gt", "gte", "exists"] as const; // prettier-ignore
export type Operator = (typeof OPERATORS)[number];

/** A condition on one field, or several joined; frozen data, as it came through the border's schema. */
export type Criteria =
  | { readonly all: readonly Criteria[] }
  | { readonly any: readonly Criteria[] }
  | { readonly not: Criteria }
  | { readonly pattern: string }
  | { readonly field: string; readonly op: Operator; readonly value?: string | readonly string[] };

/** Fields that are the event's own, beside those that Sysmon names. */
export const OWN_FIELDS = ["Host", "EventId", "Channel", "Layout"] as const;

export type EventTest = (event: SysmonEvent) => boolean;

export interface CriteriaDeps {
  readonly regex: RegexEngine;
  /** Compiles a STIX pattern that one event can satisfy. */
  readonly compile: (pattern: string) => CompiledPattern;
}

/**
 * Makes the test of criteria. Texts compare without regard to case, numbers as numbers; of a field with several values one is
 * enough; a field that an event does not have meets no condition but the denial of one. Throws StixError for a
 * pattern that is none, ServiceError for a regex or a
 * value that does not fit its operator.
 */
export function testOf(criteria: Criteria, deps: CriteriaDeps): EventTest {
  if ("all" in criteria) {
    const tests = criteria.all.map((one) => testOf(one, deps));
    return (event) => tests.every((test) => test(event));
  }
  if ("any" in criteria) {
    const tests = criteria.any.map((one) => testOf(one, deps));
    return (event) => tests.some((test) => test(event));
  }
  if ("not" in criteria) {
    const test = testOf(criteria.not, deps);
    return (event) => !test(event);
  }
  if ("pattern" in criteria) {
    const compiled = deps.compile(criteria.pattern);
    return (event) => compiled.test(observe(event).observation) !== undefined;
  }
  const { field, op, value = "" } = criteria;
  const texts = typeof value === "string" ? [value] : value;
  const test = op === "exists" ? () => true : anyOf(texts.map((one) => valueTest(op, one, deps.regex))); // prettier-ignore
  return (event) => valuesOf(event, field).some(test);
}

/** The values of a field, as the log has them. */
export function valuesOf(event: SysmonEvent, field: string): readonly string[] {
  switch (field) {
    case "Host":
      return event.host === undefined ? [] : [event.host];
    case "EventId":
      return [String(event.eventId)];
    case "Channel":
      return event.channel === undefined ? [] : [event.channel];
    case "Layout":
      return [event.layout];
    default:
      return event.fields.get(field)?.map(({ value }) => value) ?? [];
  }
}

type ValueTest = (value: string) => boolean;

function anyOf(tests: readonly ValueTest[]): ValueTest {
  return (value) => tests.some((test) => test(value));
}

function valueTest(op: Exclude<Operator, "exists">, wanted: string, regex: RegexEngine): ValueTest {
  const text = folded(wanted);
  switch (op) {
    case "is":
    case "in":
      return (value) => folded(value) === text;
    case "contains":
      return (value) => folded(value).includes(text);
    case "startsWith":
      return (value) => folded(value).startsWith(text);
    case "endsWith":
      return (value) => folded(value).endsWith(text);
    case "matches": {
      const test = regexOf(wanted, regex);
      return (value) => test.test(value);
    }
    case "cidr": {
      const range = parseAddress(wanted);
      if (range === undefined) throw unfit(wanted, "an address or a range of addresses");
      return (value) => isWithin(parseAddress(value), range);
    }
    case "lt":
      return compared(wanted, (a, b) => a < b);
    case "lte":
      return compared(wanted, (a, b) => a <= b);
    case "gt":
      return compared(wanted, (a, b) => a > b);
    case "gte":
      return compared(wanted, (a, b) => a >= b);
  }
}

function regexOf(wanted: string, regex: RegexEngine): ReturnType<RegexEngine> {
  try {
    return regex(`(?i)${wanted}`);
  } catch (error) {
    throw new ServiceError(
      "hunt/regex-unsupported",
      `${wanted.slice(0, 200)}: ${messageOf(error)}`,
    );
  }
}

function unfit(wanted: string, kind: string): ServiceError {
  return new ServiceError("hunt/value-unfit", `${wanted.slice(0, 200)} is not ${kind}`);
}

function compared(wanted: string, holds: (a: number, b: number) => boolean): ValueTest {
  const bound = wanted.trim() === "" ? Number.NaN : Number(wanted);
  if (Number.isNaN(bound)) throw unfit(wanted, "a number");
  return (value) => value.trim() !== "" && holds(Number(value), bound);
}

function isWithin(inner: AddressRange | undefined, outer: AddressRange): boolean {
  if (inner?.family !== outer.family || inner.prefix < outer.prefix) {
    return false;
  }
  const shift = BigInt((outer.family === 4 ? 32 : 128) - outer.prefix);
  return inner.base >> shift === outer.base >> shift;
}

function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
