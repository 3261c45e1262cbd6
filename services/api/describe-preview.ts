import { z } from "zod";
import type { Preview } from "../core/preview/preview.ts";
import { answeredTime, list } from "./endpoint.ts";
import { importEntry } from "./import-entry.ts";
import { isoTime } from "./iso-time.ts";

const hit = {
  matches: z.number(),
  heldBack: z.number(),
  first: answeredTime,
  last: answeredTime,
};
const hits = z.strictObject({ ...hit, hosts: z.number() }).nullable();

/** What importing a file would do, entry by entry, and what it would have hit. */
export const previewAnswer = z.strictObject({
  name: z.string(),
  format: z.string().nullable(),
  error: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
  since: answeredTime,
  search: z
    .strictObject({
      complete: z.boolean(),
      stoppedBy: z.enum(["time", "matches"]).nullable(),
      events: z.number(),
      parts: list(z.strictObject({ patterns: z.number(), events: z.number() })),
      problems: list(z.string()),
    })
    .nullable(),
  hits,
  patternsHit: z.number(),
  hosts: list(z.strictObject({ ...hit, host: z.string(), patterns: z.number() })),
  entries: list(importEntry.extend({ duplicateOf: list(z.string()), hits })),
});

/** A preview as clients see it. */
export function describePreview(preview: Preview): z.input<typeof previewAnswer> {
  const { name, format, error, counts, entries, since, search, hosts, patternsHit } = preview;
  return {
    name,
    format: format ?? null,
    error: error ?? null,
    counts,
    since: isoTime(since),
    search: search === undefined ? null : { ...search, stoppedBy: search.stoppedBy ?? null },
    hits: preview.hits === undefined ? null : dated(preview.hits),
    patternsHit,
    hosts: hosts.map(dated),
    entries: entries.map((entry) => ({
      ...entry,
      hits: entry.hits === undefined ? null : dated(entry.hits),
    })),
  };
}

function dated<T extends { readonly first: number; readonly last: number }>(counted: T) {
  return { ...counted, first: isoTime(counted.first), last: isoTime(counted.last) };
}
