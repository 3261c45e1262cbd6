import { parseJsonText, StixError } from "stix2-ts";
import type { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import { readFields } from "./query.ts";

/** Decodes a body; fails on what is not UTF-8: replacement characters would be stored as if they had been sent. */
export function bodyText(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new ServiceError("api/bad-request", "the body is not UTF-8", { cause: error });
  }
}

/** Schemas walk a body by recursion; none that is meant is so deep. */
const MAX_DEPTH = 64;

/** Reads a JSON body; throws with everything that is wrong with it. */
export function readBody<S extends z.ZodType>(schema: S, body: Uint8Array): z.output<S> {
  const text = bodyText(body);
  let value: unknown;
  try {
    value = parseJsonText(text, MAX_DEPTH);
  } catch (error) {
    const message = error instanceof StixError && error.code === "stix/too-deep" ? "is nested too deeply" : "is not JSON"; // prettier-ignore
    throw new ServiceError("api/bad-request", `the body ${message}`, { cause: error });
  }
  return readFields(schema, value, "api/invalid-body");
}
