import { setTimeout as pause } from "node:timers/promises";
import { ServiceError } from "../../../core/errors.ts";
import { formatPartitionId } from "../partition-id.ts";
import { unreadable } from "../search-shard.ts";
import { listShards, type ShardLog } from "../shard-stats.ts";
import type { StateIndex } from "./state-index.ts";

/** How far a log of one shard can be read. */
export interface Look {
  /** Index, shard and history: another one means that numbers are handed out again. */
  readonly identity: string;
  /** Writes with a sequence number below this are there for good. */
  readonly through: number;
  /** The log ends before what was once read of it. */
  readonly isCut: boolean;
}

const TRIES = 50;
const PAUSE_MS = 200;

/**
 * An index of one shard as a log: its sequence numbers are positions. The safe rule: global checkpoint first, then a
 * refresh, then a search up to that checkpoint. A checkpoint runs ahead of what a search can see, and the largest
 * number that a search shows may stand behind a hole.
 */
export class SafeLog {
  readonly #index: StateIndex;
  #identity = "";
  #through = 0;
  #visible = 0;

  constructor(index: StateIndex) {
    this.#index = index;
  }

  /** Takes the bound; searches show all that stands below it. */
  async look(): Promise<Look> {
    const look = await this.lookUnseen();
    // What was refreshed up to a position stays visible, so a log that did not grow costs nothing.
    if (look.through > this.#visible) {
      await this.#index.refresh();
      this.#visible = look.through;
    }
    return look;
  }

  /** Takes the bound of a log that is read by id alone. */
  async lookUnseen(): Promise<Look> {
    const shard = await this.#shard();
    const identity = formatPartitionId(shard);
    const isSame = identity === this.#identity;
    const isCut = isSame && shard.highest + 1 < this.#through;
    if (!isSame || isCut) {
      this.#identity = identity;
      this.#through = 0;
      this.#visible = 0;
    }
    // A copy may report an older checkpoint than one that was seen; what was safe stays safe.
    this.#through = Math.max(this.#through, shard.checkpoint + 1);
    return { identity, through: this.#through, isCut };
  }

  async #shard(): Promise<ShardLog> {
    const { client, name } = this.#index;
    for (let tried = 0; tried < TRIES; tried++) {
      const shards = await listShards(client, encodeURIComponent(name));
      if (shards === undefined) {
        throw new ServiceError("store/forbidden", `no right to ask for the shards of ${name}`, {
          facts: { index: name },
        });
      }
      const [shard, second] = shards;
      if (second !== undefined) {
        throw new ServiceError("store/rejected", `${name} must be one index of one shard`, {
          facts: { index: name },
        });
      }
      if (shard !== undefined) {
        return shard;
      }
      // An index that was just made, or whose node has just gone, takes a moment.
      await pause(PAUSE_MS);
    }
    throw unreadable(name, "its shard is not running");
  }
}
