/** What a feed says of its CSV files: which columns hold what. */
import { z } from "zod";

/** A column by its name, or by its number from 1. */
const column = z.union([z.string().min(1).max(200), z.number().int().min(1).max(1000)]);

/** Kinds of values that a row may have. */
export const VALUE_KINDS = [
  "md5",
  "sha1",
  "sha256",
  "imphash",
  "ip",
  "ip:port",
  "cidr",
  "domain",
  "hostname",
  "url",
  "filename",
  "path",
  "registry-key",
  "command-line",
  "process-name",
  "pipe",
  "any",
] as const;
const kind = z.enum(VALUE_KINDS);
export type ValueKind = z.output<typeof kind>;

const sign = z.string().length(1).regex(/^[^\s"\r\n]$|^\t$/, "must be one sign"); // prettier-ignore

/** The layout of CSV files. */
export const csvLayout = z.strictObject({
  kind: z.literal("csv"),
  columns: z.strictObject({
    value: column,
    /** What kind of value it is, in the file's own words. */
    type: column.optional(),
    /** The feed's own name of the row. */
    id: column.optional(),
    name: column.optional(),
    description: column.optional(),
    /** 0 to 100, or one of the words high, medium, low, none. */
    confidence: column.optional(),
    tags: column.optional(),
    modified: column.optional(),
    validFrom: column.optional(),
    validUntil: column.optional(),
    /** Whether the row is meant for detection; rows that say no are counted and not used. */
    detect: column.optional(),
  }),
  /** Of all rows, where no column says it; `any`: told by the value. */
  type: kind.default("any"),
  /** The file's words for types, whatever their case, beside those that are known. */
  types: z.record(z.string().min(1).max(100), kind).default({}),
  delimiter: sign.default(","),
  /** What a line begins with that is no row. */
  comment: z.string().min(1).max(3).optional(),
  /** Whether the first row names the columns; `comment`: the last comment before the first row does. */
  header: z.union([z.boolean(), z.literal("comment")]).default(true),
});
export type CsvLayout = z.output<typeof csvLayout>;
