import { StixError } from "stix2-ts";
import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import { OPERATORS, OWN_FIELDS, type Criteria } from "../../core/hunt/criteria.ts";
import type { EventPlace } from "../../core/hunt/search-events.ts";
import { sysmonFields } from "../../core/schema/index.ts";
import { endpoint, list } from "../endpoint.ts";
import { QueryError } from "../problem.ts";
import { time, word } from "../query.ts";
import { describeFound, eventAnswer, eventRef, readEventRef } from "./event-answer.ts";

const FIELDS = [...new Set([...OWN_FIELDS, ...[...sysmonFields.values()].flat()])].toSorted();
const MOST_CONDITIONS = 500;
const LONGEST_VALUE = 4096;

const value = z.string().max(LONGEST_VALUE, `is longer than ${LONGEST_VALUE} characters`);
const condition = z.strictObject({
  field: word(...FIELDS),
  op: word(...OPERATORS),
  value: z.union([value, z.array(value).min(1).max(MOST_CONDITIONS)]),
});
const presence = z.strictObject({ field: word(...FIELDS), op: z.literal("exists") });

/** Conditions on fields, or a STIX pattern over one event, joined as one likes. */
const criteria: z.ZodType<Criteria> = z
  .lazy(() =>
    z.union([
      condition,
      presence,
      z.strictObject({ all: z.array(criteria).min(1).max(MOST_CONDITIONS) }),
      z.strictObject({ any: z.array(criteria).min(1).max(MOST_CONDITIONS) }),
      z.strictObject({ not: criteria }),
      z.strictObject({ pattern: z.string().min(1).max(20_000) }),
    ]),
  )
  .meta({ id: "Criteria" });

const CURSOR = /^(-?\d{1,16}(?:\.\d{1,9})?)\.([A-Za-z0-9_-]+)$/;

const search = z.strictObject({
  where: criteria,
  from: time.optional(),
  to: time.optional(),
  order: word("asc", "desc").optional(),
  limit: z.number().int().min(1).max(1000).optional(),
  cursor: z.string().max(2000).regex(CURSOR, "must be the `next` of an answer").optional(),
});

const LIMIT = 100;
const MOST_BYTES = 40_000;

export const searchEvents = endpoint({
  method: "post",
  path: "/api/v1/events/search",
  summary:
    "Searches the stored events by fields, with AND, OR and NOT, or by a STIX pattern; the newest first. `complete` says whether all was searched; `total` is exact then.",
  body: search,
  // All that is wrong is told of all alternatives of each node: of a long body that takes long.
  mostBytes: MOST_BYTES,
  isChange: () => false,
  answers: z.strictObject({
    events: list(eventAnswer),
    total: z.number(),
    complete: z.boolean(),
    stoppedBy: z.enum(["time", "events"]).nullable(),
    problems: list(z.string()),
    next: z.string().nullable(),
  }),
  handle: async (
    { hunter },
    { body: { where, from, to, order = "desc", limit = LIMIT, cursor } },
  ) => {
    if (conditionsIn(where) > MOST_CONDITIONS) {
      const message = `has more than ${MOST_CONDITIONS} conditions`;
      throw new QueryError([{ parameter: "where", message }], "api/invalid-body");
    }
    const query = {
      criteria: where,
      order,
      limit,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(cursor !== undefined && { after: readCursor(cursor) }),
    };
    const found = await hunter.search(query).catch((error: unknown) => {
      // A pattern or a regex that is none.
      throw error instanceof StixError
        ? new QueryError([{ parameter: "where", message: error.message }], "api/invalid-body")
        : error;
    });
    const { next, stoppedBy = null, ...rest } = found;
    return {
      ...rest,
      events: found.events.map(describeFound),
      stoppedBy,
      next: next === undefined ? null : `${next.time}.${eventRef(next)}`,
    };
  },
});

export const getEvent = endpoint({
  method: "get",
  path: "/api/v1/events/:id",
  summary: "Gives one stored event, with the document as it came.",
  answers: eventAnswer.extend({ document: z.unknown() }),
  handle: async ({ hunter, events }, { id }) => {
    const { partition, position } = readEventRef(id);
    const there = (await events.partitions()).find((one) => one.id === partition);
    const found =
      there === undefined || position > there.bound
        ? undefined
        : await hunter.at(partition, position);
    if (found === undefined) {
      throw new ServiceError("api/not-found", "there is no such event");
    }
    return { ...describeFound(found), document: found.document };
  },
});

function readCursor(cursor: string): EventPlace {
  const [, at, ref = ""] = CURSOR.exec(cursor) ?? [];
  return { time: Number(at), ...readEventRef(ref) };
}

function conditionsIn(where: Criteria): number {
  if ("all" in where) return where.all.reduce((sum, one) => sum + conditionsIn(one), 0);
  if ("any" in where) return where.any.reduce((sum, one) => sum + conditionsIn(one), 0);
  if ("not" in where) return conditionsIn(where.not);
  return "field" in where && Array.isArray(where.value) ? where.value.length : 1;
}
