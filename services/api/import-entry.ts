import { z } from "zod";
import { list } from "./endpoint.ts";

/** What became of one entry of a feed file. */
export const importEntry = z.strictObject({
  status: z.enum(["accepted", "partly", "rejected", "unmatchable", "not-yet-evaluated"]),
  id: z.string().optional(),
  where: z.string(),
  code: z.string().optional(),
  reason: z.string().optional(),
  lost: list(z.string()),
  repaired: list(z.string()).optional(),
  warningLists: list(z.string()).optional(),
});
