import { z } from "zod";
import { bodyText } from "./body.ts";
import { endpoint, list } from "./endpoint.ts";
import { label } from "./query.ts";

export const postEvents = endpoint({
  method: "post",
  path: "/api/v1/events",
  summary:
    "Takes events, a document of JSON a line; broken lines are counted and told, and the rest is kept.",
  query: z.strictObject({ source: label }),
  body: { mediaTypes: ["application/x-ndjson", "text/plain"] },
  answers: z.strictObject({
    stored: z.number(),
    notSysmon: z.number(),
    broken: list(z.strictObject({ line: z.number(), reason: z.string() })),
    brokenCount: z.number(),
  }),
  handle: async ({ addEvents }, { query: { source }, body }) => addEvents(source, bodyText(body)),
});
