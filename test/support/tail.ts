import { ServiceError } from "../../services/core/errors.ts";
import type { EventStore } from "../../services/core/ports.ts";
import { collect } from "../conformance/event-store.ts";

/** Reads a store as a sweep does: from where it was to each bound, never the same twice. */
export class Tail {
  readonly #store: EventStore;
  readonly #at = new Map<string, number>();
  readonly seen: string[] = [];

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** Reads what is new again and again while something goes on. */
  async followDuring(work: Promise<unknown>): Promise<void> {
    const state = { isOver: false };
    const end = work.finally(() => {
      state.isOver = true;
    });
    while (!state.isOver) {
      await this.follow();
    }
    await end;
  }

  /** Reads what is new; returns how many documents that were. */
  async follow(): Promise<number> {
    let read = 0;
    for (const { id, bound } of await this.#store.partitions()) {
      const from = this.#at.get(id) ?? 0;
      if (bound > from) {
        const events = await collect(this.#store.read(id, from, bound)).catch(notNow);
        if (events === undefined) {
          continue;
        }
        this.seen.push(...events.map(({ locator }) => locator));
        read += events.length;
        this.#at.set(id, bound);
      }
    }
    return read;
  }
}

/** A log that changed under the reading is read again at the next look, as a sweep's job is. */
function notNow(error: unknown): undefined {
  if (error instanceof ServiceError && error.code === "store/partition-unreadable") {
    return undefined;
  }
  throw error;
}
