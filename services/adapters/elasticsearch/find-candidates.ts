import { plainSpellings, type KeyProbe } from "../../core/schema/index.ts";
import { listValues, TooManyValues, type Search } from "./list-values.ts";
import type { Lookup, LookupPlan } from "./lookup-plan.ts";
import type { Query } from "./search-shard.ts";

/** Reading a document costs an engine about as much as listing this many values [measured: 15 to 30 µs and 4 to 6 µs]. */
const VALUES_PER_DOCUMENT = 3;
const FEW_VALUES = 20_000;
/** Where more of the documents than this are candidates, all are read. */
const MOST_SHARE = 0.5;
/** Terms of one clause; engines allow 65,536. */
const CLAUSE_TERMS = 10_000;
/** A query beyond these is dearer than reading, or refused. */
const MOST_CLAUSES = 500;
const MOST_BYTES = 20_000_000;

/**
 * Makes the query that finds every document from `from` on which may have one of the anchors. Undefined where reading them
 * all is cheaper.
 */
export async function candidateQuery(
  search: Search,
  plan: LookupPlan,
  probe: KeyProbe,
  { from, listedFirst }: { readonly from: number; readonly listedFirst?: number | undefined },
): Promise<Query | undefined> {
  const values = plan.lookups.filter((lookup) => lookup.kind === "values");
  const byField = new Map(values.map((lookup) => [lookup.field, lookup.keyed]));
  const hits = new Map<string, string[]>();
  let [candidates, mostCandidates] = [0, Infinity];
  try {
    await listValues(
      search,
      { range: { _seq_no: { gte: from } } },
      values.map(({ field, keyed, hasTerms }) => ({
        field,
        plain: hasTerms ? plainSpellings(keyed, probe) : undefined,
      })),
      {
        most: (documents) => {
          mostCandidates = documents * MOST_SHARE;
          return Math.max(FEW_VALUES, documents * VALUES_PER_DOCUMENT);
        },
        first: listedFirst,
      },
      (field, listed) => {
        const keyed = byField.get(field);
        if (keyed === undefined) {
          return;
        }
        const found = hits.get(field) ?? [];
        hits.set(field, found);
        for (const { value, documents } of listed) {
          if (probe.hits(keyed, value)) {
            found.push(value);
            candidates += documents;
          }
        }
        if (candidates > mostCandidates) {
          throw new TooManyValues(); // a text that nearly all have: reading them all is cheaper
        }
      },
    );
  } catch (error) {
    if (error instanceof TooManyValues) {
      return undefined;
    }
    throw error;
  }
  const should = [
    ...plan.lookups.flatMap((lookup) => clausesOf(lookup, hits)),
    ...termsClauses("_ignored", plan.ignorable),
  ];
  const bytes = [...hits.values()].flat().reduce((sum, value) => sum + value.length, 0);
  return should.length > MOST_CLAUSES || bytes > MOST_BYTES
    ? undefined
    : { bool: { should, minimum_should_match: 1 } };
}

function clausesOf(lookup: Lookup, hits: ReadonlyMap<string, readonly string[]>): Query[] {
  switch (lookup.kind) {
    case "values": {
      const { field, within } = lookup;
      const clauses = termsClauses(field, hits.get(field) ?? []);
      return within === undefined ? clauses : [...clauses, onlyIn(within, field)];
    }
    case "terms":
      return termsClauses(lookup.field, lookup.terms);
    case "present":
      return [{ exists: { field: lookup.field } }];
  }
}

/** Documents from before the field's other form was added to the mapping. */
function onlyIn(field: string, other: string): Query {
  return { bool: { filter: [{ exists: { field } }], must_not: [{ exists: { field: other } }] } };
}

function termsClauses(field: string, terms: readonly string[]): Query[] {
  const clauses: Query[] = [];
  for (let at = 0; at < terms.length; at += CLAUSE_TERMS) {
    clauses.push({ terms: { [field]: terms.slice(at, at + CLAUSE_TERMS) } });
  }
  return clauses;
}
