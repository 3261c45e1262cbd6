import { z } from "zod";
import type { PlainSpellings } from "../../core/schema/index.ts";
import type { Query } from "./search-shard.ts";

export type Search = (body: Query) => Promise<unknown>;

/** Buckets that all aggregations of one search may have together is 65,535 by default. */
const MOST_BUCKETS = 60_000;
const FIRST_BUCKETS = 1000;
const MOST_PARTS = 1024;
/** Terms asked for in one search; engines allow 65,536. */
const SEARCH_TERMS = 30_000;
/** What a listed value costs an engine, in terms asked for [measured: 10 µs and 3 µs]. */
const TERMS_PER_VALUE = 3;
/** A count of distinct values is an estimate. */
const MARGIN = 1.1;

const bucketsShape = z.object({
  sum_other_doc_count: z.number(),
  buckets: z.array(z.object({ key: z.string(), doc_count: z.number() })),
});
const answerShape = z.object({
  hits: z.object({ total: z.object({ value: z.number() }).optional() }),
  aggregations: z.record(z.string(), bucketsShape).optional(),
});
const countsShape = z.object({
  aggregations: z.record(z.string(), z.object({ value: z.number() })),
});

type Bucket = z.infer<typeof bucketsShape>["buckets"][number];

/** A value, and how many documents have it. */
export interface ListedValue {
  readonly value: string;
  readonly documents: number;
}

/** A field whose values are asked for. */
export interface ListedField {
  readonly field: string;
  /** Which of its values need not be listed, since it is known which of them matter. */
  readonly plain: PlainSpellings | undefined;
  /** Nearly every document has another value. */
  readonly isUnique: boolean;
}

/** Thrown out of a listing that would cost more than reading. */
export class TooManyValues extends Error {}

export interface ListingLimits {
  /** The most values `listValues` may list among so many documents. */
  readonly most: (documents: number) => number;
  /** How many values of a field are listed at first, before it is told how many there are. */
  readonly first?: number | undefined;
}

/**
 * Lists the values of the fields among the documents of a query: each, or, where that is cheaper, those in no plain form
 * and those of `plain.terms` that are there. Throws TooManyValues beyond the limit.
 */
export async function listValues(
  search: Search,
  query: Query,
  fields: readonly ListedField[],
  { most, first = FIRST_BUCKETS }: ListingLimits,
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
  const ask = async (aggs: Query, filter: Query, counts: boolean) =>
    answerShape.parse(await search({ size: 0, track_total_hits: counts, query: filter, aggs }));
  const listOnce = async (field: string, which: Which, filter = query) => {
    const { aggregations } = await ask({ f: terms(field, MOST_BUCKETS, which) }, filter, false);
    const found = aggregations?.["f"];
    return found?.sum_other_doc_count === 0 ? found.buckets : undefined;
  };
  const long: ListedField[] = [];
  for (const some of portions(fields, Math.floor(MOST_BUCKETS / first))) {
    const { hits, aggregations } = await ask(
      Object.fromEntries(
        some.map(({ field, plain, isUnique }, i) => [
          `f${i}`,
          terms(field, first, isUnique && plain !== undefined ? { exclude: plain.pattern } : {}),
        ]),
      ),
      query,
      true,
    );
    left = Math.min(left, most(hits.total?.value ?? 0));
    for (const [i, one] of some.entries()) {
      const found = aggregations?.[`f${i}`];
      const isWhole = found?.sum_other_doc_count === 0;
      if (isWhole) {
        take(one.field, found.buckets);
      }
      if (!isWhole || (one.isUnique && one.plain !== undefined)) {
        // A unique field whose other values did not fit is listed like any other.
        long.push(isWhole ? one : { ...one, isUnique: false });
      }
    }
  }
  const counts = await countValues(search, query, long.filter(({ isUnique }) => !isUnique).map(({ field }) => field)); // prettier-ignore
  for (const { field, plain, isUnique } of long) {
    const count = counts.get(field) ?? Infinity;
    const isAsked = plain !== undefined && plain.terms.length < count * TERMS_PER_VALUE;
    const others = isAsked && !isUnique ? await listOnce(field, { exclude: plain.pattern }) : [];
    if (!isAsked || others === undefined) {
      take(field, await listInParts(search, query, field, left, count));
      continue;
    }
    take(field, others);
    for (const include of portions(plain.terms, SEARCH_TERMS)) {
      const filter = { bool: { filter: [query, { terms: { [field]: include } }] } };
      take(field, (await listOnce(field, { include }, filter)) ?? []);
    }
  }
}

/** Estimates how many values each field has. */
async function countValues(
  search: Search,
  query: Query,
  fields: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (fields.length === 0) {
    return new Map();
  }
  const aggs = Object.fromEntries(
    fields.map((field, i) => [`f${i}`, { cardinality: { field, precision_threshold: 1000 } }]),
  );
  const answer = countsShape.parse(await search({ size: 0, track_total_hits: false, query, aggs }));
  return new Map(fields.map((field, i) => [field, answer.aggregations[`f${i}`]?.value ?? 0]));
}

/** Lists a field's values in as many parts as it takes; each value once. Throws TooManyValues beyond `most`. */
async function listInParts(
  search: Search,
  query: Query,
  field: string,
  most: number,
  count: number,
): Promise<readonly Bucket[]> {
  if (count > most * MARGIN) {
    throw new TooManyValues();
  }
  const first = Math.max(1, Math.ceil((count * MARGIN) / MOST_BUCKETS));
  for (let parts = first; parts <= MOST_PARTS; parts *= 2) {
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

interface Which {
  readonly include?: unknown;
  readonly exclude?: string;
}

function terms(field: string, size: number, { include, exclude }: Which): Query {
  return {
    terms: {
      field,
      size,
      ...(include !== undefined && { include }),
      ...(exclude !== undefined && { exclude }),
    },
  };
}

function portions<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}
