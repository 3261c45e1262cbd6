import type { Clock } from "../../core/ports.ts";
import { messageOf } from "../../core/errors.ts";
import { askCapabilities, type Capabilities } from "./capabilities.ts";
import type { EngineClient } from "./client.ts";
import { deletedUuids } from "./deleted-indices.ts";
import { isOfOneIndex } from "./failure.ts";
import { askIndexFacts, type IndexFacts } from "./index-facts.ts";
import { pathOf } from "./index-patterns.ts";
import type { Limitations } from "./limitations.ts";
import { formatPartitionId, parsePartitionId } from "./partition-id.ts";
import { listByReading } from "./read-only-shards.ts";
import { unreadable, type ShardTarget } from "./search-shard.ts";
import { listShards, type ShardLog } from "./shard-stats.ts";
import { VisibleBounds, type ReachedShard } from "./visible-bounds.ts";

/** A shard's log, where it is found, and up to where it can be read. */
export interface Log {
  readonly id: string;
  readonly target: ShardTarget;
  readonly facts: IndexFacts;
  readonly bound: number;
  /** Node of the primary. */
  readonly node: string;
  /** Its identity rests on what searches show. */
  readonly bySearchAlone: boolean;
}

export interface CatalogOptions {
  readonly indices: readonly string[];
  readonly now: Clock;
  readonly holeWaitMs: number;
}

/** Settings change seldom; they are asked for again after this time. */
const FACTS_MS = 60_000;

type Shard = Omit<Log, "bound"> & ReachedShard;

interface Found {
  readonly log: ShardLog;
  readonly bySearchAlone: boolean;
}

/** Knows the logs behind the configured names: identity, place and safe bound of each. */
export class LogCatalog {
  readonly #client: EngineClient;
  readonly #options: CatalogOptions;
  readonly #limitations: Limitations;
  readonly #bounds: VisibleBounds;
  readonly #facts = new Map<string, { readonly facts: IndexFacts; readonly at: number }>();
  #logs: ReadonlyMap<string, Log> = new Map();
  #capabilities: Capabilities | undefined;

  constructor(client: EngineClient, options: CatalogOptions, limitations: Limitations) {
    this.#client = client;
    this.#options = options;
    this.#limitations = limitations;
    this.#bounds = new VisibleBounds(client, options);
  }

  /** Lists all logs that can be read now, in order of index name and shard. */
  async list(): Promise<readonly Log[]> {
    const failures = new Map<string, unknown>();
    const shards: Shard[] = [];
    for (const found of await this.#find(failures)) {
      await apart(found.log.index, failures, async () => {
        const shard = await this.#shardOf(found);
        shards.push(...(shard === undefined ? [] : [shard]));
      });
    }
    const { bounds, notRefreshed, failed } = await this.#bounds.of(shards);
    this.#tell(new Map([...failures, ...failed]), bounds.size);
    for (const index of notRefreshed) {
      this.#limitations.note({
        code: "store/not-refreshed",
        subject: index,
        reason: "no right to refresh: events are seen later, after the index's own refresh",
      });
    }
    const logs = shards.flatMap((shard) => {
      const bound = bounds.get(shard.id);
      return bound === undefined ? [] : [{ ...shard, bound }];
    });
    this.#logs = new Map(logs.map((log) => [log.id, log]));
    return logs;
  }

  /** What failed is told and left out, so that it counts as not covered; where nothing is left, it is a failure. */
  #tell(failures: ReadonlyMap<string, unknown>, left: number): void {
    this.#limitations.clearAll("store/index-failed");
    for (const [subject, error] of failures) {
      if (left === 0) {
        throw error;
      }
      this.#limitations.note({ code: "store/index-failed", subject, reason: messageOf(error) });
    }
  }

  /** Finds a log that can be read up to a position; throws `store/partition-unreadable`. */
  async reach(id: string, to: number): Promise<Log> {
    const known = this.#logs.get(id);
    if (known !== undefined && known.bound >= to) {
      return known;
    }
    await this.list();
    const log = this.#logs.get(id);
    if (log === undefined || log.bound < to) {
      throw unreadable(id, log === undefined ? "it is not there" : `it ends at ${log.bound}`);
    }
    return log;
  }

  /** Makes sure, after reading, that what was read was this log all the time; throws `store/partition-unreadable`. */
  async confirm({ id, target, bySearchAlone, bound, node }: Log): Promise<void> {
    if (bySearchAlone) {
      return;
    }
    const shards = await listShards(this.#client, pathOf([target.index]));
    const now = shards?.find((shard) => formatPartitionId(shard) === id);
    // Another primary than the one that was refreshed may not have shown everything.
    const isPromoted = target.onPrimary && now?.node !== node;
    if (now === undefined || now.highest + 1 < bound || isPromoted) {
      this.#logs = new Map([...this.#logs].filter(([known]) => known !== id));
      throw unreadable(id, "it was closed, replaced or cut while it was read");
    }
  }

  /** Those of the logs that are deleted for certain: their index is in the cluster's list of deleted ones, or it has begun another log. */
  async gone(ids: readonly string[]): Promise<readonly string[]> {
    const deleted = await deletedUuids(this.#client);
    const current = new Map(
      [...this.#logs.keys()].map((id) => [id.slice(0, id.lastIndexOf("/")), id] as const),
    );
    return ids.filter((id) => {
      const parsed = parsePartitionId(id);
      if (parsed === undefined || this.#logs.has(id)) {
        return false;
      }
      return deleted.has(parsed.uuid) || current.has(id.slice(0, id.lastIndexOf("/")));
    });
  }

  async capabilities(index: string): Promise<Capabilities> {
    this.#capabilities ??= await askCapabilities(this.#client, index);
    return this.#capabilities;
  }

  /** A shard that can be read; undefined where its documents have no numbers. */
  async #shardOf({ log, bySearchAlone }: Found): Promise<Shard | undefined> {
    const facts = await this.#factsOf(log.index, log.uuid);
    if (facts.lacksNumbers) {
      this.#limitations.note({
        code: "store/numbers-disabled",
        subject: log.index,
        reason: "index.disable_sequence_numbers is set: its documents have no order of arrival",
      });
      return undefined;
    }
    const { canNamePrimary } = await this.capabilities(log.index);
    const id = formatPartitionId(log);
    const onPrimary = canNamePrimary && facts.mayCopySegments;
    const target = { index: log.index, shard: log.shard, onPrimary };
    const [position, highest] = [log.checkpoint + 1, log.highest + 1];
    return { id, target, facts, bySearchAlone, position, highest, node: log.node };
  }

  /** Shards behind each configured name, each once. */
  async #find(failures: Map<string, unknown>): Promise<readonly Found[]> {
    const found = new Map<string, Found>();
    for (const name of this.#options.indices) {
      await apart(name, failures, async () => {
        const shards = await listShards(this.#client, pathOf([name]));
        const logs = shards ?? (await listByReading(this.#client, pathOf([name])));
        if (shards === undefined) {
          this.#noteReadOnly(name, logs.length);
        }
        for (const log of logs) {
          found.set(`${log.index}/${log.shard}`, { log, bySearchAlone: shards === undefined });
        }
      });
    }
    return [...found.values()].toSorted(
      (a, b) => compare(a.log.index, b.log.index) || a.log.shard - b.log.shard,
    );
  }

  #noteReadOnly(subject: string, logs: number): void {
    this.#limitations.note(
      logs === 0
        ? {
            code: "store/index-forbidden",
            subject,
            reason: "no right to read it, or nothing there",
          }
        : {
            code: "store/not-exact",
            subject,
            reason:
              "no right to monitor: a restored or replaced index may go unseen, and so may events that were written together with later ones",
          },
    );
  }

  async #factsOf(index: string, uuid: string): Promise<IndexFacts> {
    const now = this.#options.now();
    const known = this.#facts.get(uuid);
    if (known !== undefined && now - known.at < FACTS_MS) {
      return known.facts;
    }
    const facts = await askIndexFacts(this.#client, index);
    this.#facts.set(uuid, { facts, at: now });
    return facts;
  }
}

/** Does what concerns one index or name: what fails there does not keep the others from being read. */
async function apart(
  subject: string,
  failures: Map<string, unknown>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isOfOneIndex(error)) {
      throw error;
    }
    failures.set(subject, error);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
