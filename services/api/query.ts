/** The parts that queries are made of, and how one is read: all errors at once, unknown parameters too. */
import { z } from "zod";
import { QueryError, type QueryProblem } from "./problem.ts";

/** Reads a query; throws a QueryError with everything that is wrong with it. */
export function readQuery<S extends z.ZodType>(schema: S, query: object): z.output<S> {
  return readFields(schema, { ...query }, "api/invalid-query");
}

/** Reads named values; throws a QueryError with the code and everything that is wrong with them. */
export function readFields<S extends z.ZodType>(
  schema: S,
  given: unknown,
  code: "api/invalid-query" | "api/invalid-body",
): z.output<S> {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new QueryError(parsed.error.issues.flatMap(toProblems), code);
  }
  return parsed.data;
}

function toProblems(issue: z.core.$ZodIssue): readonly QueryProblem[] {
  return issue.code === "unrecognized_keys"
    ? issue.keys.map((parameter) => ({ parameter, message: "there is no such parameter" }))
    : [{ parameter: issue.path.join("."), message: issue.message }];
}

const ONCE = "must be given at most once";
const MAX_LIMIT = 1000;

/** A text to compare with. */
export const text = z.string(ONCE).min(1, "must not be empty").max(2048, "is too long");

/** A name that people will read in reports and logs: no control characters. */
export const label = z
  .string("must be given once")
  .trim()
  .max(255, "is longer than 255 characters")
  .regex(/\S/, "must not be empty")
  // What Unicode calls Cc, written so that every dialect of regular expressions reads it.
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, "must not contain control characters");

/** One of a few words. */
export function word<const T extends string>(...words: readonly T[]) {
  return z.enum(words, `must be one of ${words.join(", ")}`);
}

const WRONG_TIME =
  "must be an RFC 3339 time like 2024-01-31T12:00:00Z (in a URL, the + of an offset is written %2B)";

const isoDatetime = z.iso.datetime({ offset: true });

/** An RFC 3339 time, as milliseconds since 1970. Unlike ISO 8601 it always has its seconds (§5.6). */
export const time = z
  .string(ONCE)
  .refine(
    (given) => /T\d\d:\d\d:\d\d/.test(given) && isoDatetime.safeParse(given).success,
    WRONG_TIME,
  )
  .meta({ format: "date-time" })
  .transform((given) => Date.parse(given));

const WRONG_CURSOR = "must be the `next` of an answer";

/** Where a page begins: the number of the last entry of the page before; 0 at the start. */
const cursor = z
  .string(ONCE)
  .regex(/^[1-9]\d{0,15}$/, WRONG_CURSOR)
  .transform(Number)
  .optional()
  .transform((after) => after ?? 0);

const WRONG_LIMIT = `must be a whole number from 1 to ${MAX_LIMIT}`;

const limit = z
  .string(ONCE)
  // Whole, as the description of the API gives it to others.
  .regex(/^(?:[1-9]\d{0,2}|1000)$/, WRONG_LIMIT)
  .transform(Number)
  .optional()
  .transform((n) => n ?? 100);

/** Parameters of every list. */
export const paging = { cursor, limit };

/** Cuts a page from one entry more than it holds, which tells whether there is a next one. */
export function toPage<T extends { readonly number: number }>(
  found: readonly T[],
  size: number,
): { readonly page: readonly T[]; readonly next: string | null } {
  const page = found.slice(0, size);
  const last = page.at(-1);
  const next = last !== undefined && found.length > size ? String(last.number) : null;
  return { page, next };
}
