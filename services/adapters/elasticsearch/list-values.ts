import { z } from "zod";
import type { PlainSpellings } from "../../core/schema/index.ts";
import type { Query } from "./search-shard.ts";

export type Search = (body: Query) => Promise<unknown>;

/** Buckets that all aggregations of one search may have together is 65,535 by default. */
const MOST_BUCKETS = 60_000;
const FIRST_BUCKETS = 1000;
/** Terms of one clause; engines allow 65,536. */
const CLAUSE_TERMS = 10_000;
/** Terms of one search. */
const SEARCH_TERMS = 60_000;
/** So few terms are asked for at once, whatever a field has. */
const FEW_TERMS = 5000;
/** A listed value costs an engine as much as so many terms [measured: 5 µs and 1.5 µs]. */
const TERMS_PER_VALUE = 3;

const togetherShape = z.object({
  hits: z.object({ total: z.object({ value: z.number() }) }),
  aggregations: z
    .record(
      z.string(),
      z.object({
        sum_other_doc_count: z.number(),
        buckets: z.array(z.object({ key: z.string(), doc_count: z.number() })),
      }),
    )
    .optional(),
});
const aloneShape = z.object({
  aggregations: z.object({
    values: z.object({
      after_key: z.record(z.string(), z.unknown()).optional(),
      buckets: z.array(z.object({ key: z.object({ v: z.string() }), doc_count: z.number() })),
    }),
  }),
});
const NONE = { sum_other_doc_count: 0, buckets: [] };

/** A value, and how many documents have it. */
export interface ListedValue {
  readonly value: string;
  readonly documents: number;
}

/** A field whose values are asked for. */
export interface ListedField {
  readonly field: string;
  /** Which of its values need not be listed, since it is known which of them matter; the index must hold its terms. */
  readonly plain: PlainSpellings | undefined;
}

/** Thrown out of a listing that would cost more than reading. */
export class TooManyValues extends Error {}

export interface ListingLimits {
  /** The most values that may be listed among so many documents. */
  readonly most: (documents: number) => number;
  /** How many values of a field are listed beside other fields' before it is listed alone. */
  readonly first?: number | undefined;
}

/**
 * Lists the values of the fields among the documents of a query: each, or, where that is cheaper, at least those in no
 * plain form and those of `plain.terms`. Throws TooManyValues beyond the limit.
 */
export async function listValues(
  search: Search,
  query: Query,
  fields: readonly ListedField[],
  { most, first = FIRST_BUCKETS }: ListingLimits,
  give: (field: string, values: readonly ListedValue[]) => void,
): Promise<void> {
  const isFew = ({ plain }: ListedField): boolean => {
    const count = plain?.terms.length ?? 0;
    return count > 0 && count <= FEW_TERMS;
  };
  const alone: { readonly field: string; readonly filter: Query }[] = [];
  let left = Infinity;
  const take = (field: string, values: readonly ListedValue[]): void => {
    left -= values.length;
    if (left < 0) {
      throw new TooManyValues();
    }
    give(field, values);
  };
  const together = fields.filter((one) => !isFew(one));
  for (const some of portions(together, Math.floor(MOST_BUCKETS / first), true)) {
    const answer = await listTogether(search, query, some, first);
    left = Math.min(left, most(answer.documents));
    for (const [i, { field, plain }] of some.entries()) {
      const { others, values } = answer.lists[i] ?? { others: 0, values: [] };
      if (others === 0) {
        take(field, values);
        continue;
      }
      // The others have as many documents each as the last of these, or fewer.
      const count = others / Math.sqrt(values.at(-1)?.documents ?? 1);
      const isAsked = plain !== undefined && plain.terms.length < count * TERMS_PER_VALUE;
      alone.push(
        ...(isAsked ? filtersFor(field, plain) : [query]).map((filter) => ({ field, filter })),
      );
    }
  }
  for (const { field, plain } of fields.filter(isFew)) {
    alone.push(
      ...(plain === undefined ? [] : filtersFor(field, plain)).map((filter) => ({ field, filter })),
    );
  }
  for (const { field, filter } of alone) {
    const both = { bool: { filter: [query, filter] } };
    for await (const values of listAlone(search, both, field)) {
      take(field, values);
    }
  }
}

/** The first values of fields, by how many documents have them, and how many values of documents there are besides. */
async function listTogether(
  search: Search,
  query: Query,
  fields: readonly ListedField[],
  size: number,
) {
  const aggs = Object.fromEntries(
    fields.map(({ field }, i) => [`f${i}`, { terms: { field, size } }]),
  );
  const { hits, aggregations = {} } = togetherShape.parse(
    await search({ size: 0, track_total_hits: true, query, ...(fields.length > 0 && { aggs }) }),
  );
  return {
    documents: hits.total.value,
    lists: fields.map((_, i) => {
      const { sum_other_doc_count: others, buckets } = aggregations[`f${i}`] ?? NONE;
      return { others, values: buckets.map(({ key, doc_count: documents }) => ({ value: key, documents })) }; // prettier-ignore
    }),
  };
}

/** Every value of a field among the documents of a query, once, in pages. */
async function* listAlone(
  search: Search,
  query: Query,
  field: string,
): AsyncGenerator<readonly ListedValue[], void> {
  const sources = [{ v: { terms: { field } } }];
  let after: Query | undefined;
  do {
    const composite = { size: MOST_BUCKETS, sources, ...(after !== undefined && { after }) };
    const answer = aloneShape.parse(
      await search({ size: 0, track_total_hits: false, query, aggs: { values: { composite } } }),
    );
    const { buckets, after_key: last } = answer.aggregations.values;
    yield buckets.map(({ key, doc_count: documents }) => ({ value: key.v, documents }));
    after = buckets.length < MOST_BUCKETS ? undefined : last;
  } while (after !== undefined);
}

/** Queries that together find the documents with a value in no plain form, or with one of the terms. */
function filtersFor(field: string, { pattern, terms }: PlainSpellings): readonly Query[] {
  // The index of terms tells which are in no plain form, without a look at the documents.
  const odd = { regexp: { [field]: { value: `~(${pattern})`, flags: "COMPLEMENT" } } };
  return portions(terms, SEARCH_TERMS, true).map((some, i) => ({
    bool: {
      should: [
        ...portions(some, CLAUSE_TERMS).map((one) => ({ terms: { [field]: one } })),
        ...(i === 0 ? [odd] : []),
      ],
      minimum_should_match: 1,
    },
  }));
}

/** Cuts a list; into one empty portion where there must be one. */
function portions<T>(all: readonly T[], size: number, isOne = false): readonly (readonly T[])[] {
  const count = Math.max(isOne ? 1 : 0, Math.ceil(all.length / size));
  return Array.from({ length: count }, (_, at) => all.slice(at * size, (at + 1) * size));
}
