import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import type { ImportRecord } from "../core/records.ts";
import { endpoint } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { label, paging, toPage } from "./query.ts";

/** Imports in the order of arrival, without their entries: one feed may have 100,000. */
export const listImports = endpoint(
  "get",
  "/api/v1/imports",
  z.strictObject(paging),
  async ({ state }, { cursor, limit }) => {
    const { page, next } = toPage(await state.imports.list(cursor, limit + 1), limit);
    return { imports: page.map(summarize), next };
  },
);

export const getImport = endpoint(
  "get",
  "/api/v1/imports/:id",
  z.strictObject({}),
  async ({ state }, _query, { id }) => {
    const record = await state.imports.get(id);
    if (record === undefined) {
      throw new ServiceError("api/not-found", `there is no import ${id}`);
    }
    return report(record);
  },
);

/** A file that is unusable as a whole has a report like any other: its `state` is "failed", `error` says why. */
export const postImport = endpoint(
  "post",
  "/api/v1/imports",
  z.strictObject({ name: label }),
  async ({ importFile }, { name }, { body }) => report(await importFile(name, body)),
);

function summarize(record: ImportRecord): object {
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

function report(record: ImportRecord): object {
  return { ...summarize(record), entries: record.entries };
}
