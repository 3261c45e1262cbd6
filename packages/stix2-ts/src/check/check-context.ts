import { isJsonObject, type JsonObject } from "../json/json-value.ts";
import type { Kind } from "../model/kind.ts";
import { type Report, shown } from "./report.ts";

/** What a validator knows while it walks. */
export interface CheckContext {
  readonly report: Report;
  readonly version: "2.0" | "2.1";
  /** The object says that its values are defanged: they are not in their format on purpose. */
  readonly defanged: boolean;
  /** Types of the objects that surround this one in an observable container, by key; references name these there. */
  readonly local?: ReadonlyMap<string, string>;
}

const SECTIONS: Readonly<Record<Kind["kind"], string>> = {
  binary: "2.1 §2.1",
  boolean: "2.1 §2.2",
  dictionary: "2.1 §2.3",
  any: "2.1 §2.3",
  enumeration: "2.1 §2.4",
  record: "2.1 §2",
  float: "2.1 §2.6",
  hashes: "2.1 §2.7",
  hex: "2.1 §2.8",
  identifier: "2.1 §2.9",
  reference: "2.1 §2.9",
  integer: "2.1 §2.10",
  list: "2.1 §2.12",
  observables: "2.1 §2.13",
  vocabulary: "2.1 §2.14",
  string: "2.1 §2.15",
  timestamp: "2.1 §2.16",
  extensions: "2.1 §3.2",
};

/** The section that describes a data type. */
export function typeSection(kind: Kind["kind"], { version }: CheckContext): string {
  return version === "2.1" ? SECTIONS[kind] : "2.0 part 1 §2";
}

/** Reports a value of the wrong type. */
export function wrongType(value: unknown, wanted: string, kind: Kind, context: CheckContext): void {
  const message = `${shown(value)} stands where ${wanted} is expected.`;
  context.report.error("stix/property-type", typeSection(kind.kind, context), message);
}

/** Reports a value that has the right type and the wrong content. */
export function invalid(code: string, message: string, kind: Kind, context: CheckContext): void {
  context.report.error(code, typeSection(kind.kind, context), message);
}

/** Tells text, and reports what is none. */
export function isText(
  value: unknown,
  wanted: string,
  kind: Kind,
  context: CheckContext,
): value is string {
  if (typeof value === "string") return true;
  wrongType(value, wanted, kind, context);
  return false;
}

/** Tells a dictionary that is not empty (STIX 2.1 §2.3), and reports what is none. */
export function isDictionary(
  value: unknown,
  kind: Kind,
  context: CheckContext,
): value is JsonObject {
  if (!isJsonObject(value)) {
    wrongType(value, "an object", kind, context);
    return false;
  }
  if (Object.keys(value).length === 0) {
    invalid("stix/dictionary-empty", "A dictionary must not be empty; leave the property out.", kind, context); // prettier-ignore
  }
  return true;
}
