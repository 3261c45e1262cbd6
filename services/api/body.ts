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

/** Reads a JSON body; throws with everything that is wrong with it. */
export function readBody<S extends z.ZodType>(schema: S, body: Uint8Array): z.output<S> {
  const text = bodyText(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ServiceError("api/bad-request", "the body is not JSON", { cause: error });
  }
  return readFields(schema, value, "api/invalid-body");
}
