import { z } from "zod";
import type { Query } from "./search-shard.ts";

export type Search = (body: Query) => Promise<unknown>;

/** Buckets that all aggregations of one search may have together is 65,535 by default. */
const MOST_BUCKETS = 60_000;
const FIRST_BUCKETS = 1000;
const MOST_PARTS = 1024;

const bucketsShape = z.object({
  sum_other_doc_count: z.number(),
  buckets: z.array(z.object({ key: z.string(), doc_count: z.number() })),
});
const answerShape = z.object({
  hits: z.object({ total: z.object({ value: z.number() }).optional() }),
  aggregations: z.record(z.string(), bucketsShape).optional(),
});

type Bucket = z.infer<typeof bucketsShape>["buckets"][number];

/** A value, and how many documents have it. */
export interface ListedValue {
  readonly value: string;
  readonly documents: number;
}

/** A field whose values are listed; those of the form `exclude` (a regular expression of the engine's) are left out. */
export interface ListedField {
  readonly field: string;
  readonly exclude: string | undefined;
}

/** Thrown out of a listing that would cost more than reading. */
export class TooManyValues extends Error {}

/**
 * Lists every value of the fields among the documents of a query, in parts. A part that leaves values out is asked
 * again in smaller ones. Throws TooManyValues beyond `most(documents)`.
 */
export async function listValues(
  search: Search,
  query: Query,
  fields: readonly ListedField[],
  most: (documents: number) => number,
  give: (field: string, values: readonly ListedValue[]) => void,
): Promise<void> {
  let left = Infinity;
  const take = (field: string, buckets: readonly Bucket[]): void => {
    left -= buckets.length;
    if (left < 0) {
      throw new TooManyValues();
    }
    give(
      field,
      buckets.map(({ key, doc_count: documents }) => ({ value: key, documents })),
    );
  };
  const perSearch = Math.floor(MOST_BUCKETS / FIRST_BUCKETS);
  for (let at = 0; at < fields.length; at += perSearch) {
    const some = fields.slice(at, at + perSearch);
    const aggs = Object.fromEntries(
      some.map(({ field, exclude }, i) => [`f${i}`, terms(field, FIRST_BUCKETS, { exclude })]),
    );
    const answer = answerShape.parse(
      await search({ size: 0, track_total_hits: true, query, aggs }),
    );
    left = Math.min(left, most(answer.hits.total?.value ?? 0));
    for (const [i, { field }] of some.entries()) {
      const found = answer.aggregations?.[`f${i}`];
      if (found?.sum_other_doc_count === 0) {
        take(field, found.buckets);
      } else {
        take(field, await listInParts(search, query, field, left));
      }
    }
  }
}

/** Lists a field's values in as many parts as it takes; each value once. Throws TooManyValues beyond `most`. */
async function listInParts(
  search: Search,
  query: Query,
  field: string,
  most: number,
): Promise<readonly Bucket[]> {
  for (let parts = 1; parts <= MOST_PARTS; parts *= 4) {
    const all: Bucket[] = [];
    let part = 0;
    for (; part < parts; part++) {
      const include = parts === 1 ? undefined : { partition: part, num_partitions: parts };
      const aggs = { f: terms(field, MOST_BUCKETS, { include }) };
      const answer = answerShape.parse(
        await search({ size: 0, track_total_hits: false, query, aggs }),
      );
      const found = answer.aggregations?.["f"];
      if (found?.sum_other_doc_count !== 0) {
        break;
      }
      for (const bucket of found.buckets) all.push(bucket);
      if (all.length > most) {
        throw new TooManyValues();
      }
    }
    if (part === parts) {
      return all;
    }
  }
  throw new TooManyValues();
}

function terms(
  field: string,
  size: number,
  {
    include,
    exclude,
  }: { readonly include?: Query | undefined; readonly exclude?: string | undefined },
): Query {
  return {
    terms: {
      field,
      size,
      ...(include !== undefined && { include }),
      ...(exclude !== undefined && { exclude }),
    },
  };
}
