import type { Wanted } from "../../core/match/wanted.ts";
import type { Clock, EventStore, Partition, StoredEvent } from "../../core/ports.ts";
import { CandidateSearch } from "./candidate-search.ts";
import type { EngineClient } from "./client.ts";
import { LogCatalog, type Log } from "./log-catalog.ts";
import { Limitations, type StoreLimitation } from "./limitations.ts";
import { readPages } from "./read-pages.ts";
import { searchShard, type Query } from "./search-shard.ts";

export interface ElasticsearchEventStoreOptions {
  /** Names, patterns, aliases and data streams whose shards are read. */
  readonly indices: readonly string[];
  readonly now?: Clock;
  /** Least time before a hole in the numbers counts as a lasting one, where the index may not be refreshed. */
  readonly holeWaitMs?: number;
  /** How many values of a field are listed before it is told how many it has. */
  readonly listedFirst?: number;
}

const HOLE_WAIT_MS = 10_000;

/** Events as they stand in Elasticsearch or OpenSearch: every shard of an index is a log, its sequence numbers are positions. */
export class ElasticsearchEventStore implements EventStore {
  readonly #client: EngineClient;
  readonly #catalog: LogCatalog;
  readonly #candidates: CandidateSearch;
  readonly #limitations = new Limitations();

  constructor(client: EngineClient, options: ElasticsearchEventStoreOptions) {
    const { indices, now = () => Date.now(), holeWaitMs = HOLE_WAIT_MS } = options;
    this.#client = client;
    this.#candidates = new CandidateSearch(client, this.#limitations, options.listedFirst);
    this.#catalog = new LogCatalog(client, { indices, now, holeWaitMs }, this.#limitations);
  }

  async partitions(): Promise<readonly Partition[]> {
    const logs = await this.#catalog.list();
    return logs.map(({ id, bound, facts }) => ({ id, bound, isCold: facts.isCold }));
  }

  async gone(partitions: readonly string[]): Promise<readonly string[]> {
    return this.#catalog.gone(partitions);
  }

  async *read(
    partition: string,
    from: number,
    to: number,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const log = await this.#catalog.reach(partition, to);
    yield* this.#pages(log, from, to);
    await this.#catalog.confirm(log);
  }

  async *search(
    partition: string,
    from: number,
    to: number,
    wanted: Wanted,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const log = await this.#catalog.reach(partition, to);
    const capabilities = await this.#catalog.capabilities(log.target.index);
    const { query, confirm } = await this.#candidates.prepare(log, capabilities, {
      from,
      to,
      wanted,
    });
    yield* this.#pages(log, from, to, query === undefined ? [] : [query]);
    await this.#catalog.confirm(log);
    await confirm();
  }

  /** What is not read, or not exactly, and why; as of the last look. */
  limitations(): readonly StoreLimitation[] {
    return this.#limitations.list();
  }

  #pages(
    log: Log,
    from: number,
    to: number,
    filter: readonly Query[] = [],
  ): AsyncGenerator<readonly StoredEvent[], void> {
    return readPages((body) => searchShard(this.#client, log.target, body), from, to, {
      window: log.facts.window,
      filter,
    });
  }
}
