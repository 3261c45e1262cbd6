import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import type { ImportRecord } from "../core/records.ts";
import { describePreview, previewAnswer } from "./describe-preview.ts";
import { answeredTime, endpoint, list, next } from "./endpoint.ts";
import { importEntry } from "./import-entry.ts";
import { isoTime } from "./iso-time.ts";
import { label, paging, toPage, word } from "./query.ts";

const importSummary = z.strictObject({
  id: z.string(),
  feed: z.string(),
  name: z.string(),
  content: z.string(),
  format: z.string().nullable(),
  state: z.enum(["running", "done", "failed"]),
  error: z.string().nullable(),
  startedAt: answeredTime,
  finishedAt: answeredTime,
  counts: z.record(z.string(), z.number()),
});

/** What became of a file, entry by entry. */
const importReport = importSummary.extend({
  entries: list(importEntry),
});

export const listImports = endpoint({
  method: "get",
  path: "/api/v1/imports",
  summary:
    "Lists imports in the order of arrival, without their entries: one feed may have 100,000.",
  query: z.strictObject(paging),
  answers: z.strictObject({ imports: list(importSummary), next }),
  handle: async ({ state }, { query: { cursor, limit } }) => {
    const paged = toPage(await state.imports.list(cursor, limit + 1), limit);
    return { imports: paged.page.map(summarize), next: paged.next };
  },
});

export const getImport = endpoint({
  method: "get",
  path: "/api/v1/imports/:id",
  summary: "Gives the report of one import, with what became of each entry.",
  answers: importReport,
  handle: async ({ state }, { id }) => {
    const record = await state.imports.get(id);
    if (record === undefined) {
      throw new ServiceError("api/not-found", `there is no import ${id}`);
    }
    return report(record);
  },
});

const DAYS = 30;
const DAY_MS = 86_400_000;
const days = z
  .string("must be given at most once")
  .regex(/^[1-9]\d{0,3}$/, "must be a whole number from 1 to 9999")
  .transform(Number)
  .optional();

/** A file that is unusable as a whole has a report like any other: its `state` is "failed", `error` says why. */
export const postImport = endpoint({
  method: "post",
  path: "/api/v1/imports",
  summary:
    "Imports a feed file, of any format that is known, and reports what became of each entry; with dryRun=true tells what would, and what it would have hit in the last days, and writes nothing.",
  query: z.strictObject({ name: label, dryRun: word("true", "false").optional(), days }),
  body: { mediaTypes: ["application/octet-stream"] },
  isChange: (query) => !("dryRun" in query) || query.dryRun !== "true",
  answers: z.union([importReport, previewAnswer]),
  handle: async ({ importFile, preview, now }, { query, body }) =>
    query.dryRun === "true"
      ? describePreview(await preview(query.name, body, now() - (query.days ?? DAYS) * DAY_MS))
      : report(await importFile(query.name, body)),
});

function summarize(record: ImportRecord): z.input<typeof importSummary> {
  return {
    id: record.id,
    feed: record.feed,
    name: record.name,
    content: record.content,
    format: record.format ?? null,
    state: record.state,
    error: record.error ?? null,
    startedAt: isoTime(record.startedAt),
    finishedAt: isoTime(record.finishedAt),
    counts: record.counts,
  };
}

function report(record: ImportRecord): z.input<typeof importReport> {
  return { ...summarize(record), entries: record.entries };
}
