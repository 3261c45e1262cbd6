import type { Wanted } from "../../services/core/match/wanted.ts";
import type {
  EventSink,
  EventStore,
  Limitation,
  NewEvent,
  Partition,
  StoredEvent,
} from "../../services/core/ports.ts";
import type { EngineApi } from "../engines/engine-api.ts";

/** An engine's event store with a way to write: an index for every `sealEvery` events. For tests only. */
export class IndexedEvents implements EventStore, EventSink {
  readonly store: EventStore;
  readonly #api: EngineApi;
  readonly #prefix: string;
  readonly #sealEvery: number;
  readonly #settings: object;
  readonly #loaded = new Map<string, number>();
  #count = 0;

  constructor(
    store: EventStore,
    api: EngineApi,
    prefix: string,
    sealEvery: number,
    settings: object = { settings: { number_of_replicas: 0 } },
  ) {
    this.store = store;
    this.#api = api;
    this.#prefix = prefix;
    this.#sealEvery = sealEvery;
    this.#settings = settings;
  }

  /** The same indices and memory of sources behind another store. */
  through(store: EventStore): IndexedEvents {
    const other = new IndexedEvents(
      store,
      this.#api,
      this.#prefix,
      this.#sealEvery,
      this.#settings,
    );
    other.#count = this.#count;
    for (const [source, line] of this.#loaded) {
      other.#loaded.set(source, line);
    }
    return other;
  }

  async append(events: readonly NewEvent[]): Promise<void> {
    for (let at = 0; at < events.length;) {
      const index = `${this.#prefix}${String(Math.floor(this.#count / this.#sealEvery)).padStart(6, "0")}`;
      const room = this.#sealEvery - (this.#count % this.#sealEvery);
      if (room === this.#sealEvery) {
        await this.#api.call("PUT", `/${index}`, this.#settings);
      }
      const part = events.slice(at, at + room);
      await this.#api.index(
        index,
        part.map(({ locator, text }) => ({ id: locator, source: text })),
      );
      at += part.length;
      this.#count += part.length;
    }
    for (const { source, line } of events.filter((event) => event.source !== "")) {
      this.#loaded.set(source, Math.max(this.#loaded.get(source) ?? 0, line));
    }
  }

  async loadedThrough(source: string): Promise<number> {
    return this.#loaded.get(source) ?? 0;
  }

  async partitions(): Promise<readonly Partition[]> {
    return this.store.partitions();
  }

  limitations(): readonly Limitation[] {
    return this.store.limitations();
  }

  async gone(partitions: readonly string[]): Promise<readonly string[]> {
    return this.store.gone(partitions);
  }

  read(partition: string, from: number, to: number): AsyncIterable<readonly StoredEvent[]> {
    return this.store.read(partition, from, to);
  }

  search(
    partition: string,
    from: number,
    to: number,
    wanted: Wanted,
  ): AsyncIterable<readonly StoredEvent[]> {
    return this.store.search(partition, from, to, wanted);
  }
}
