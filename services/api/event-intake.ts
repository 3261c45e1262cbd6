import { z } from "zod";
import { bodyText } from "./body.ts";
import { endpoint } from "./endpoint.ts";
import { label } from "./query.ts";

/** Takes NDJSON, one document a line; broken lines are counted and the rest is kept. */
export const postEvents = endpoint(
  "post",
  "/api/v1/events",
  z.strictObject({ source: label }),
  async ({ addEvents }, { source }, { body }) => addEvents(source, bodyText(body)),
);
