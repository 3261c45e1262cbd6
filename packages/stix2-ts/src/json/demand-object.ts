import { StixError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "./json-value.ts";
import { MAX_JSON_DEPTH } from "./parse-json-text.ts";
import { refuseDeepValue } from "./refuse-deep-value.ts";

/**
 * Makes sure that what a caller has given is an object that can be walked through: the types say so, but a caller in
 * JavaScript may not have them. Throws StixError `stix/not-an-object`, or `stix/too-deep` for one that contains itself.
 */
export function demandObject(value: unknown, what: string): JsonObject {
  if (!isJsonObject(value)) {
    const given = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
    throw new StixError("stix/not-an-object", `${what} must be an object, not ${given}.`);
  }
  refuseDeepValue(value, MAX_JSON_DEPTH);
  return value;
}
