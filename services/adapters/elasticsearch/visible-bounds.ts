import { z } from "zod";
import type { Clock } from "../../core/ports.ts";
import type { EngineClient } from "./client.ts";
import { isOfOneIndex } from "./failure.ts";
import { look, NOTHING_SEEN, type HoleWatch } from "./hole-watch.ts";
import type { IndexFacts } from "./index-facts.ts";
import { refreshIndices } from "./refresh.ts";
import { searchShard, type ShardTarget } from "./search-shard.ts";

/** A shard whose log reaches `position`, whether or not a search shows it already. */
export interface ReachedShard {
  readonly id: string;
  readonly target: ShardTarget;
  readonly position: number;
  /** The highest position that it has, safe or not. */
  readonly highest: number;
  /** Node of the primary. */
  readonly node: string;
  readonly facts: IndexFacts;
  /** Only searches may be used: the position is the last that one has shown. */
  readonly bySearchAlone: boolean;
}

export interface BoundOptions {
  /** Least time before a hole counts as a lasting one. */
  readonly holeWaitMs: number;
  readonly now: Clock;
}

/** An index whose refresh interval is not known is given this long. */
const UNKNOWN_REFRESH_MS = 60_000;

const count = z.object({ hits: z.object({ total: z.object({ value: z.number() }) }) });

/**
 * Up to where a search shows all that a log has. A checkpoint runs ahead of what a search can see [measured: without
 * refresh most documents were missed], so it counts after a refresh only. What was refreshed up to a position stays
 * visible up to there; so a log that did not grow costs nothing.
 */
export class VisibleBounds {
  readonly #client: EngineClient;
  readonly #options: BoundOptions;
  readonly #refreshed = new Map<string, number>();
  readonly #watches = new Map<string, HoleWatch>();
  /** The primary that was refreshed, where it alone is read. */
  readonly #nodes = new Map<string, string>();

  constructor(client: EngineClient, options: BoundOptions) {
    this.#client = client;
    this.#options = options;
  }

  /**
   * The bound of each shard; one that has none yet is left out. `notRefreshed`: indices that we may not refresh.
   * `failed`: those that can't be looked at now, while others can.
   */
  async of(shards: readonly ReachedShard[]): Promise<{
    readonly bounds: ReadonlyMap<string, number>;
    readonly notRefreshed: ReadonlySet<string>;
    readonly failed: ReadonlyMap<string, unknown>;
  }> {
    this.#forgetCut(shards);
    const grown = shards.filter(
      ({ id, position, bySearchAlone }) =>
        !bySearchAlone && position > (this.#refreshed.get(id) ?? 0),
    );
    const names = [...new Set(grown.map(({ target }) => target.index))];
    const { done, forbidden, failed: unrefreshed } = await refreshIndices(this.#client, names);
    const failed = new Map(unrefreshed);
    const bounds = new Map<string, number>();
    for (const shard of shards) {
      const isWatched = shard.bySearchAlone || forbidden.has(shard.target.index);
      if (done.has(shard.target.index)) {
        this.#refreshed.set(shard.id, shard.position);
        this.#nodes.set(shard.id, shard.node);
      }
      let bound = this.#refreshed.get(shard.id) ?? (shard.position === 0 ? 0 : undefined);
      if (isWatched) {
        try {
          bound = await this.#watch(shard);
        } catch (error) {
          if (!isOfOneIndex(error)) {
            throw error;
          }
          failed.set(shard.target.index, error);
          continue;
        }
      }
      if (bound !== undefined) {
        bounds.set(shard.id, bound);
      }
    }
    return { bounds, notRefreshed: forbidden, failed };
  }

  /** A log that ends before what was read of it was set back: its numbers will be given out again. */
  #forgetCut(shards: readonly ReachedShard[]): void {
    for (const { id, highest, bySearchAlone, target, node } of shards) {
      // Copied by segment, a promoted copy may not show yet what the primary before it did.
      const isPromoted = target.onPrimary && (this.#nodes.get(id) ?? node) !== node;
      if (!bySearchAlone && (isPromoted || highest < (this.#refreshed.get(id) ?? 0))) {
        this.#refreshed.delete(id);
      }
      if (!bySearchAlone && highest < (this.#watches.get(id)?.bound ?? 0)) {
        this.#watches.delete(id);
      }
    }
  }

  async #watch(shard: ReachedShard): Promise<number | undefined> {
    const { id, position, facts } = shard;
    const watch = this.#watches.get(id) ?? NOTHING_SEEN;
    if (watch.bound === position) {
      return position;
    }
    const isUnique = watch.bound !== undefined || !facts.mayShareNumbers;
    const isWhole =
      isUnique && (await this.#seen(shard, watch.bound ?? 0)) === position - (watch.bound ?? 0);
    const { holeWaitMs, now } = this.#options;
    const { refreshMs } = facts;
    const next = look(watch, {
      position,
      isWhole,
      now: now(),
      waitMs:
        refreshMs === undefined
          ? undefined
          : Math.max(holeWaitMs, 4 * refreshMs, refreshMs === 0 ? UNKNOWN_REFRESH_MS : 0),
    });
    this.#watches.set(id, next);
    return next.bound;
  }

  /** Documents that a search shows after a bound. It also wakes a shard that rests for want of searches. */
  async #seen({ target, position }: ReachedShard, bound: number): Promise<number> {
    const answer = await searchShard(this.#client, target, {
      size: 0,
      track_total_hits: true,
      query: { range: { _seq_no: { gte: bound, lte: position - 1 } } },
    });
    return count.parse(answer).hits.total.value;
  }
}
