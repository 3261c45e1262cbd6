import type { Kind } from "../model/kind.ts";
import { parseTimestamp } from "../value/timestamp.ts";
import { type CheckContext, invalid, wrongType } from "./check-context.ts";
import { FORMATS } from "./check-text.ts";
import { shown } from "./report.ts";

/** Checks text against the form that its property asks for. */
export function checkFormat(
  value: string,
  name: (Kind & { kind: "string" })["format"],
  section: string,
  { report, defanged }: CheckContext,
): void {
  if (name === undefined || (defanged && name !== "language" && name !== "selector")) return;
  const format = FORMATS[name];
  if (format.test(value)) return;
  const at = format.section === "" ? section : format.section;
  const message = `${shown(value)} is not ${format.what}.`;
  if (format.must) report.error(format.code, at, message);
  else report.warn(format.code, at, message);
}

/** Checks a number and its range (STIX 2.1 §2.6 and §2.10). */
export function checkNumber(
  value: unknown,
  kind: Kind & { kind: "integer" | "float" },
  section: string,
  context: CheckContext,
): void {
  if (typeof value !== "number" || (kind.kind === "integer" && !Number.isInteger(value))) {
    wrongType(value, kind.kind === "integer" ? "a whole number" : "a number", kind, context);
  } else if (kind.kind === "integer" && !Number.isSafeInteger(value)) {
    context.report.error(
      "stix/number-range",
      "2.1 §2.10",
      `${value} does not fit into 54 bits with a sign.`,
    );
  } else if (value < (kind.min ?? -Infinity) || value > (kind.max ?? Infinity)) {
    const upper = kind.max === undefined ? "" : ` to ${kind.max}`;
    const message = `${value} is not in the range from ${kind.min ?? "any"}${upper}.`;
    context.report.error("stix/number-range", section, message);
  }
}

/** The length of a timestamp in UTC with three digits after the second. */
const MILLIS_LENGTH = "2020-01-01T00:00:00.000Z".length;

/** Checks a timestamp (STIX 2.1 §2.16). */
export function checkTimestamp(
  value: string,
  kind: Kind & { kind: "timestamp" },
  context: CheckContext,
): void {
  if (value[10] !== "T" || !value.endsWith("Z") || parseTimestamp(value) === undefined) {
    invalid("stix/timestamp-invalid", `${shown(value)} is no timestamp (RFC 3339, in UTC, with "T" and "Z").`, kind, context); // prettier-ignore
  } else if (kind.millis === true && value.length < MILLIS_LENGTH) {
    const section = context.version === "2.1" ? "2.1 §3.2" : "2.0 part 1 §3.1";
    context.report.error("stix/timestamp-precision", section, `${shown(value)} is not precise to the millisecond.`); // prettier-ignore
  }
}
