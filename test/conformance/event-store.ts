import { describe, expect, test } from "@jest/globals";
import type { EventSink, EventStore, NewEvent, StoredEvent } from "../../services/core/ports.ts";

type Store = EventStore & EventSink;

interface Subject {
  readonly name: string;
  /** Opens a store that begins a new partition after 10 events; `reopen` opens the same again. */
  readonly make: () => Promise<{
    readonly store: Store;
    readonly reopen?: () => Promise<Store>;
    readonly close: () => Promise<void>;
  }>;
}

function event(n: number): NewEvent {
  const text = JSON.stringify({ n, text: `line "${n}"\u2028 ü` });
  return { locator: `id-${n}`, text, keys: [`key-${n}`, `even-${n % 2}`], source: "log", line: n };
}

/** Events with the numbers from … to. */
export function events(from: number, to: number): NewEvent[] {
  return Array.from({ length: to - from + 1 }, (_, i) => event(from + i));
}

async function collect(batches: AsyncIterable<readonly StoredEvent[]>): Promise<StoredEvent[]> {
  return (await Array.fromAsync(batches)).flat();
}

/** The locators of all events, in order. */
export async function readAll(store: Store): Promise<string[]> {
  const all: string[] = [];
  for (const { id, bound } of await store.partitions()) {
    all.push(...(await collect(store.read(id, 0, bound))).map(({ locator }) => locator));
  }
  return all;
}

/** Every EventStore passes this suite. */
export function runEventStoreSuite({ name, make }: Subject): void {
  describe(`EventStore: ${name}`, () => {
    test("events come back whole, in order, across partitions", async () => {
      const { store, close } = await make();
      await store.append(events(1, 7));
      await store.append(events(8, 25));
      expect((await store.partitions()).map(({ bound }) => bound)).toEqual([10, 10, 5]);
      expect(await readAll(store)).toEqual(events(1, 25).map(({ locator }) => locator));
      const [first] = await store.partitions();
      expect(await collect(store.read(first?.id ?? "", 3, 4))).toEqual([
        { position: 4, locator: "id-4", document: JSON.parse(event(4).text) as unknown },
      ]);
      await close();
    });

    test("a search yields every holder of a key, each once, in order, only inside the range", async () => {
      const { store, close } = await make();
      await store.append(events(1, 25));
      for (const { id, bound } of await store.partitions()) {
        const all = await collect(store.read(id, 1, bound));
        const found = await collect(store.search(id, 1, bound, ["even-0", "key-3", "nowhere"]));
        const positions = found.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
        expect(positions.every((position) => position > 1 && position <= bound)).toBe(true);
        for (const one of all) {
          const n = Number(one.locator.slice(3));
          if (n % 2 === 0 || n === 3) {
            expect(found).toContainEqual(one);
          }
        }
      }
      await close();
    });

    test("a range that is not there fails instead of coming short", async () => {
      const { store, close } = await make();
      await store.append(events(1, 12));
      const [first] = await store.partitions();
      await expect(collect(store.read(first?.id ?? "", 0, 11))).rejects.toThrow();
      await expect(collect(store.read("no-such", 0, 1))).rejects.toThrow();
      await close();
    });

    test("what was acknowledged is there after opening again, under the same ids and positions", async () => {
      const { store, reopen, close } = await make();
      expect(await store.loadedThrough("log")).toBe(0);
      await store.append(events(1, 25));
      const before = await store.partitions();
      const again = reopen === undefined ? store : await reopen();
      expect(await again.partitions()).toEqual(before);
      expect(await readAll(again)).toEqual(events(1, 25).map(({ locator }) => locator));
      expect(await again.loadedThrough("log")).toBe(25);
      await again.append(events(26, 31));
      expect(await readAll(again)).toHaveLength(31);
      await close();
    });
  });
}
