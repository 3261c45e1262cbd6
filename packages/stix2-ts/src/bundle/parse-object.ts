import { checkObject, specVersionOf } from "../check/check-object.ts";
import type { Issue } from "../check/issue.ts";
import { Report } from "../check/report.ts";
import { isJsonObject } from "../json/json-value.ts";
import { parseJsonText } from "../json/parse-json-text.ts";
import { refuseDeepValue } from "../json/refuse-deep-value.ts";
import { liftChecked, type Stix20Object } from "../lift/lift-to-21.ts";
import type { StixObject } from "../model/stix-object.ts";
import { type ParseOptions, type ParseSettings, parseSettings } from "./parse-options.ts";

/** What came of one object. */
export interface ParsedObject<T = StixObject> {
  /** The object, or undefined where an error rejects it. */
  readonly object: T | undefined;
  /** Observables that lifting made of 2.0 observed data. */
  readonly observables: readonly StixObject[];
  readonly issues: readonly Issue[];
}

/**
 * Checks one object, given as value or as JSON text, against STIX 2.0 or 2.1, and gives it its type. Every error is reported,
 * with its JSON Pointer and section. Throws JsonTextError for text that is no JSON, StixError for what is beyond a limit, and
 * nothing else.
 */
export function parseObject(
  input: unknown,
  options: ParseOptions & { readonly lift: false },
): ParsedObject<StixObject | Stix20Object>;
export function parseObject(input: unknown, options?: ParseOptions): ParsedObject;
export function parseObject(
  input: unknown,
  options: ParseOptions = {},
): ParsedObject<StixObject | Stix20Object> {
  const settings = parseSettings(options);
  return parseEntry(readInput(input, settings), "", settings);
}

/** Gives the value of JSON text, or a value as it is, if neither is nested too deeply. */
export function readInput(input: unknown, { maxDepth }: ParseSettings): unknown {
  if (typeof input === "string") return parseJsonText(input, maxDepth);
  refuseDeepValue(input, maxDepth);
  return input;
}

/** Checks a value that stands at a pointer of what was given. */
export function parseEntry(
  value: unknown,
  pointer: string,
  settings: ParseSettings,
): ParsedObject<StixObject | Stix20Object> {
  const report = new Report(pointer, settings.maxIssues, settings.tolerated);
  checkObject(value, report);
  const issues = allIssues(report, pointer);
  if (report.fatal > 0 || !isJsonObject(value)) {
    return { object: undefined, observables: [], issues };
  }
  // The check has made sure that the value is what the type says.
  if (specVersionOf(value) === "2.1" || !settings.lift) {
    return { object: value as unknown as StixObject | Stix20Object, observables: [], issues };
  }
  const [object, ...observables] = liftChecked(value as unknown as Stix20Object);
  return { object, observables, issues };
}

function allIssues(report: Report, pointer: string): readonly Issue[] {
  if (report.left === 0) return report.issues;
  return [
    ...report.issues,
    {
      severity: "warning",
      code: "stix/more-issues",
      pointer,
      section: "2.1 §3",
      message: `${report.left} more issues of this object are left out.`,
    },
  ];
}
