import { z } from "zod";
import type { AuditEntry } from "../core/records.ts";
import type { ApiDeps } from "./api-deps.ts";
import { answeredTime, endpoint, list, next, type ApiRequest, type Endpoint } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { paging, text, time, toPage } from "./query.ts";

/** A body is kept up to here; of a longer one, and of a file, the length. */
const MOST_BODY = 10_000;

export const listAudit = endpoint({
  method: "get",
  path: "/api/v1/audit",
  summary: "Lists what was changed, when and by whom, the newest first.",
  query: z.strictObject({
    ...paging,
    by: text.optional(),
    action: text.optional(),
    subject: text.optional(),
    since: time.optional(),
    until: time.optional(),
  }),
  answers: z.strictObject({
    entries: list(
      z.strictObject({
        at: answeredTime,
        by: z.string(),
        action: z.string(),
        subject: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    next,
  }),
  handle: async ({ state }, { query: { cursor, limit, ...given } }) => {
    const filter = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    const { page, next: following } = toPage(await state.audit.list(filter, cursor, limit + 1), limit); // prettier-ignore
    return {
      entries: page.map(({ number: _number, at, ...entry }) => ({ ...entry, at: isoTime(at) })),
      next: following,
    };
  },
});

/**
 * Keeps that something was changed; called once it was, before that is answered. What can't be kept is told aloud in the
 * log: the change is made.
 */
export async function keepChange(
  { state, now, logger }: ApiDeps,
  { method, path, body: taken }: Endpoint,
  { id, query, body, keyId }: ApiRequest,
): Promise<void> {
  const isJson = taken instanceof z.ZodType && body.length <= MOST_BODY;
  const entry: AuditEntry = {
    at: now(),
    by: keyId ?? "local",
    action: `${method.toUpperCase()} ${path}`,
    subject: id,
    detail: {
      ...(Object.keys(query).length > 0 && { query }),
      ...(body.length > 0 && (isJson ? { body: asJson(body) } : { bytes: body.length })),
    },
  };
  try {
    await state.audit.add(entry);
  } catch (error) {
    const { by, action, subject } = entry;
    logger.error(
      { err: error, by, action, subject },
      "a change could not be kept in the audit log",
    );
  }
}

/** It was read once by the schema that took it. */
function asJson(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString("utf8"));
}
