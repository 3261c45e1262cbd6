import { ServiceError } from "../../core/errors.ts";
import type { Wanted } from "../../core/match/wanted.ts";
import type {
  EventSink,
  EventStore,
  Limitation,
  NewEvent,
  Partition,
  StoredEvent,
} from "../../core/ports.ts";

interface Segment {
  readonly id: string;
  readonly events: NewEvent[];
}

/** Events in memory, for tests: a new partition after every `sealEvery` events. */
export class MemoryEventStore implements EventStore, EventSink {
  readonly #sealEvery: number;
  readonly #segments: Segment[] = [];
  readonly #loaded = new Map<string, number>();
  #counter = 0;

  constructor({ sealEvery = Infinity }: { readonly sealEvery?: number } = {}) {
    this.#sealEvery = sealEvery;
  }

  async append(events: readonly NewEvent[]): Promise<void> {
    for (const event of events) {
      let segment = this.#segments.at(-1);
      if (segment === undefined || segment.events.length >= this.#sealEvery) {
        this.#counter += 1;
        segment = { id: `memory-${this.#counter}`, events: [] };
        this.#segments.push(segment);
      }
      segment.events.push(event);
      if (event.source !== "") {
        const known = this.#loaded.get(event.source) ?? 0;
        this.#loaded.set(event.source, Math.max(known, event.line));
      }
    }
  }

  async loadedThrough(source: string): Promise<number> {
    return this.#loaded.get(source) ?? 0;
  }

  async partitions(): Promise<readonly Partition[]> {
    return this.#segments.map(({ id, events }) => ({ id, bound: events.length }));
  }

  limitations(): readonly Limitation[] {
    return [];
  }

  async gone(): Promise<readonly string[]> {
    return [];
  }

  async *read(
    partition: string,
    from: number,
    to: number,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    yield this.#stored(partition, from, to, () => true);
  }

  async *search(
    partition: string,
    from: number,
    to: number,
    wanted: Wanted,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const { keys, wide } = wanted.anchors;
    yield this.#stored(
      partition,
      from,
      to,
      (event) => wide.length > 0 || event.keys.some((key) => keys.has(key)),
    );
  }

  /** Loses a partition, as a deleted file or index does. */
  drop(partition: string): void {
    const at = this.#segments.findIndex(({ id }) => id === partition);
    if (at >= 0) {
      this.#segments.splice(at, 1);
    }
  }

  /** Cuts the last partition, as a restored copy does: its positions are given out again. */
  cut(events: number): void {
    this.#segments.at(-1)?.events.splice(-events, events);
  }

  #stored(
    partition: string,
    from: number,
    to: number,
    accepts: (event: NewEvent) => boolean,
  ): StoredEvent[] {
    const segment = this.#segments.find(({ id }) => id === partition);
    if (segment === undefined || segment.events.length < to) {
      throw new ServiceError("events/segment-damaged", `partition ${partition} can't be read`, {
        facts: { partition },
      });
    }
    const found: StoredEvent[] = [];
    for (let at = from; at < to; at++) {
      const event = segment.events[at];
      if (event !== undefined && accepts(event)) {
        const document: unknown = JSON.parse(event.text);
        found.push({ position: at + 1, locator: event.locator, document });
      }
    }
    return found;
  }
}
