import { z } from "zod";
import { ServiceError } from "../../../core/errors.ts";
import type { EngineClient } from "../client.ts";
import type { Query } from "../search-shard.ts";
import { writeAll, type Write, type Written } from "./bulk-writes.ts";
import type { Document } from "./document.ts";
import { readDocuments } from "./read-documents.ts";
import type { Found } from "./search-whole.ts";
import { stateCalls, type StateCalls } from "./state-calls.ts";

/** Documents of one page of a search. */
const PAGE = 2000;
/** Values of one page of an aggregation. */
const VALUES = 10_000;
/** Terms of one query; engines allow 65,536. */
const MOST_TERMS = 10_000;

export interface PageOptions {
  /** Sequence numbers from here on. */
  readonly from?: number;
  readonly through?: number;
  readonly size?: number;
}

/** One index of one shard that holds one kind of state. */
export class StateIndex {
  readonly client: EngineClient;
  readonly name: string;
  readonly onPrimary: boolean;
  readonly #calls: StateCalls;

  constructor(
    client: EngineClient,
    name: string,
    onPrimary: boolean,
    calls = stateCalls(client, onPrimary),
  ) {
    // prettier-ignore
    this.client = client;
    this.name = name;
    this.onPrimary = onPrimary;
    this.#calls = calls;
  }

  /** Reads documents by id as they are now; those that are not there are left out. */
  async read(ids: Iterable<string>): Promise<ReadonlyMap<string, Document>> {
    const places = [...new Set(ids)].map((id) => ({ index: this.name, id }));
    const found = new Map<string, Document>();
    const [only, second] = places;
    const readings =
      only !== undefined && second === undefined
        ? [await this.#calls.read(only)]
        : await readDocuments(this.client, places, this.onPrimary);
    for (const reading of readings) {
      if (reading === "no-index") {
        throw new ServiceError("store/rejected", `the index ${this.name} is gone`, {
          facts: { index: this.name },
        });
      }
      if (reading !== "absent") {
        found.set(reading.id, reading);
      }
    }
    return found;
  }

  async readOne(id: string): Promise<Document | undefined> {
    return (await this.read([id])).get(id);
  }

  async write(writes: readonly Omit<Write, "index">[]): Promise<readonly Written[]> {
    const all = writes.map((write) => ({ ...write, index: this.name }));
    const [only, second] = all;
    return only !== undefined && second === undefined
      ? [await this.#calls.write(only)]
      : writeAll(this.client, all);
  }

  /** Writes one document; false where another was first. */
  async writeOne(write: Omit<Write, "index">): Promise<boolean> {
    const [written] = await this.write([write]);
    return written?.outcome === "written";
  }

  async refresh(): Promise<void> {
    await this.#calls.refresh(encodeURIComponent(this.name));
  }

  /** Searches what is visible. */
  async search(body: Query): Promise<Found> {
    const target = { path: encodeURIComponent(this.name), onPrimary: this.onPrimary };
    return this.#calls.search({ target, body });
  }

  async count(query: Query): Promise<number> {
    return (await this.search({ size: 0, track_total_hits: true, query })).total;
  }

  /**
   * Yields every visible document that a query finds, by sequence number. One that is written meanwhile moves
   * behind the others, so it may come twice and is never missed.
   */
  async *pages(
    query: Query,
    { from = 0, through = Number.MAX_SAFE_INTEGER, size = PAGE }: PageOptions = {},
  ): AsyncGenerator<readonly Document[], void> {
    let after = from;
    while (after <= through) {
      const range = { range: { _seq_no: { gte: after, lte: through } } };
      const { documents } = await this.search({
        size,
        sort: [{ _seq_no: "asc" }],
        query: { bool: { filter: [range, query] } },
      });
      yield documents;
      const last = documents.at(-1);
      if (last === undefined || documents.length < size) {
        return;
      }
      after = last.seqNo + 1;
    }
  }

  /** Every visible document that a query finds, each once. */
  async all(query: Query, options: PageOptions = {}): Promise<readonly Document[]> {
    const found = new Map<string, Document>();
    for await (const page of this.pages(query, options)) {
      for (const document of page) {
        found.set(document.id, document);
      }
    }
    return [...found.values()];
  }

  /** Every visible document with one of these values in a field, each once. */
  async allWith(field: string, values: Iterable<string>): Promise<readonly Document[]> {
    const distinct = [...new Set(values)];
    const found: Document[] = [];
    for (let at = 0; at < distinct.length; at += MOST_TERMS) {
      found.push(...(await this.all({ terms: { [field]: distinct.slice(at, at + MOST_TERMS) } })));
    }
    return found;
  }

  /** The distinct values of a field among the documents that a query finds. */
  async valuesOf(field: string, query: Query): Promise<readonly string[]> {
    return [...(await this.countsOf(field, query)).keys()];
  }

  /** The distinct values of a field among the documents that a query finds, each with how many have it. */
  async countsOf(field: string, query: Query): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    let after: unknown;
    for (;;) {
      const sources = [{ value: { terms: { field } } }];
      const composite = { size: VALUES, sources, ...(after !== undefined && { after }) };
      const answer = await this.search({ size: 0, query, aggs: { values: { composite } } });
      const page = buckets.parse(answer.aggregations).values;
      for (const { key, doc_count: count } of page.buckets) counts.set(key.value, count);
      if (page.after_key === undefined) {
        return counts;
      }
      after = page.after_key;
    }
  }
}

const buckets = z.object({
  values: z.object({
    after_key: z.unknown().optional(),
    buckets: z.array(z.object({ key: z.object({ value: z.string() }), doc_count: z.number() })),
  }),
});
