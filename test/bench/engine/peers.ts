/** The query shapes by which others look for indicators in an index, on the same data. */
import type { EngineApi, Json } from "../../engines/engine-api.ts";
import type { Indicators } from "../workload.ts";

/** Terms of one query: the engines' own limit. */
const TERMS = 65_536;
/** Clauses of one query: engines allow 1,024, some kinds count twice; Elastic's rule makes pages of its indicators likewise. */
const CLAUSES = 500;
const PAGE = 10_000;

/** The fields that hold each kind of value, as ECS has them. */
const FIELDS = {
  hashes: "process.hash.sha256",
  addresses: "destination.ip",
  ranges: "destination.ip",
  domains: "dns.question.name",
} as const;

type Kind = keyof typeof FIELDS;
const KINDS = Object.keys(FIELDS) as Kind[];

async function hitIds(api: EngineApi, index: string, query: object): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: unknown;
  for (;;) {
    const answer = await api.call("POST", `/${index}/_search`, {
      size: PAGE,
      query,
      sort: [{ _seq_no: "asc" }],
      track_total_hits: false,
      ...(after !== undefined && { search_after: after }),
    });
    const { hits } = answer["hits"] as { hits: { _id: string; sort: unknown }[] };
    ids.push(...hits.map(({ _id }) => _id));
    after = hits.at(-1)?.sort;
    if (hits.length < PAGE) {
      return ids;
    }
  }
}

function pages<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}

/** Elastic's best case: the values of a kind as one `terms` query, 65,536 at a time. Finds events, not which value hit. */
export async function pagedTerms(
  api: EngineApi,
  index: string,
  indicators: Indicators,
): Promise<number> {
  const found = new Set<string>();
  for (const kind of KINDS) {
    for (const values of pages(indicators[kind], TERMS)) {
      const query = { bool: { filter: [{ terms: { [FIELDS[kind]]: values } }] } };
      for (const id of await hitIds(api, index, query)) found.add(id);
    }
  }
  return found.size;
}

/** Elastic's usual case: one named clause an indicator, so that each hit says which it was. */
export async function clauseEach(
  api: EngineApi,
  index: string,
  indicators: Indicators,
): Promise<number> {
  const clauses = KINDS.flatMap((kind) =>
    indicators[kind].map((value, at) => ({
      match: { [FIELDS[kind]]: { query: value, _name: `${kind} ${at}` } },
    })),
  );
  const found = new Set<string>();
  for (const should of pages(clauses, CLAUSES)) {
    const query = { bool: { should, minimum_should_match: 1 } };
    for (const id of await hitIds(api, index, query)) found.add(id);
  }
  return found.size;
}

/** One wildcard query a pattern, as a rule with `*text*` is. */
export async function wildcardEach(
  api: EngineApi,
  index: string,
  texts: readonly string[],
): Promise<number> {
  const found = new Set<string>();
  for (const text of texts) {
    const value = `*${text}*`;
    const query = { wildcard: { "process.command_line": { value, case_insensitive: true } } };
    for (const id of await hitIds(api, index, query)) found.add(id);
  }
  return found.size;
}

/** Stores each exact indicator as a percolator query. */
export async function storePercolator(
  api: EngineApi,
  index: string,
  indicators: Indicators,
): Promise<void> {
  const keyword = { type: "keyword" };
  await api.call("PUT", `/${index}`, {
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: {
      dynamic: false,
      properties: {
        query: { type: "percolator" },
        "process.hash.sha256": keyword,
        "destination.ip": { type: "ip" },
        "dns.question.name": keyword,
      },
    },
  });
  const queries = KINDS.flatMap((kind) =>
    indicators[kind].map((value) => ({
      source: JSON.stringify({ query: { term: { [FIELDS[kind]]: value } } }),
    })),
  );
  await api.index(index, queries);
  await api.call("POST", `/${index}/_refresh`);
}

/** Asks the percolator for documents, so many a search; gives how many (document, query) pairs it names. */
export async function percolate(
  api: EngineApi,
  index: string,
  documents: readonly string[],
): Promise<number> {
  let pairs = 0;
  for (const some of pages(documents, 200)) {
    const answer: Json = await api.call("POST", `/${index}/_search`, {
      size: PAGE,
      query: {
        percolate: { field: "query", documents: some.map((text) => JSON.parse(text) as Json) },
      },
    });
    const { hits } = answer["hits"] as {
      hits: { fields: { _percolator_document_slot: number[] } }[];
    };
    for (const { fields } of hits) pairs += fields._percolator_document_slot.length;
  }
  return pairs;
}
