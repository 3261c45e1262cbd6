import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import { endpoint } from "./endpoint.ts";
import { label } from "./query.ts";

/** Takes NDJSON, one document a line; broken lines are counted and the rest is kept. */
export const postEvents = endpoint(
  "post",
  "/api/v1/events",
  z.strictObject({ source: label }),
  async ({ addEvents }, { source }, { body }) => addEvents(source, decode(body)),
);

/** Fails on what is not UTF-8: replacement characters would be stored as if the host had logged them. */
function decode(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new ServiceError("api/bad-request", "the body is not UTF-8", { cause: error });
  }
}
