import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Wanted } from "../../services/core/match/wanted.ts";
import type { EventSink, EventStore, NewEvent, StoredEvent } from "../../services/core/ports.ts";

type Store = EventStore & EventSink;

export interface EventStoreSuite<S extends Store> {
  readonly name: string;
  /** An empty store that begins a partition after every `sealEvery` events. */
  readonly make: (sealEvery: number) => Promise<S>;
  /** Opens the same store again, as after a restart. */
  readonly reopen: (store: S) => Promise<S>;
  readonly close?: (store: S) => Promise<void>;
  /** Code of the failure to read what is not there. */
  readonly unreadable: string;
}

/** Event number `line` of a source; every third holds the key `third`. */
export function numbered(line: number, source = "log"): NewEvent {
  const third = line % 3 === 0 ? { CurrentDirectory: "Third" } : {};
  return {
    locator: `${source}:${line}`,
    text: JSON.stringify({
      line,
      source,
      note: 'it\'s \u2028 "odd"\n',
      winlog: {
        channel: "Microsoft-Windows-Sysmon/Operational",
        event_id: 1,
        event_data: { CommandLine: `Line ${line}`, ...third },
      },
    }),
    keys: [`line ${line}`, ...(line % 3 === 0 ? ["third"] : [])],
    source,
    line,
  };
}

export function numberedRange(from: number, to: number, source?: string): NewEvent[] {
  return Array.from({ length: to - from }, (_, at) => numbered(from + at + 1, source));
}

export async function collect(
  batches: AsyncIterable<readonly StoredEvent[]>,
): Promise<StoredEvent[]> {
  return (await Array.fromAsync(batches)).flat();
}

/** Everything a store lists, by partition. */
export async function everything(store: EventStore): Promise<Record<string, StoredEvent[]>> {
  const all: Record<string, StoredEvent[]> = {};
  for (const { id, bound } of await store.partitions()) {
    all[id] = await collect(store.read(id, 0, bound));
  }
  return all;
}

async function locators(store: EventStore): Promise<string[]> {
  return Object.values(await everything(store)).flatMap((events) =>
    events.map(({ locator }) => locator),
  );
}

/** What every event store promises. */
export function runEventStoreSuite<S extends Store>(suite: EventStoreSuite<S>): void {
  describe(`event store: ${suite.name}`, () => {
    let store: S;
    beforeEach(async () => {
      store = await suite.make(10);
    });
    afterEach(async () => {
      await suite.close?.(store);
    });

    test("is empty at first", async () => {
      expect(await store.partitions()).toEqual([]);
      expect(await store.loadedThrough("log")).toBe(0);
    });

    test("reads back what was appended, in order, over partitions", async () => {
      const events = numberedRange(0, 25);
      await store.append(events.slice(0, 7));
      await store.append(events.slice(7));
      expect((await store.partitions()).map(({ bound }) => bound)).toEqual([10, 10, 5]);
      const read = Object.values(await everything(store)).flat();
      expect(read.map(({ document }) => document)).toEqual(
        events.map(({ text }) => JSON.parse(text) as unknown),
      );
      expect(read.map(({ position }) => position)).toEqual(events.map((_, at) => (at % 10) + 1));
    });

    test("reads half-open ranges", async () => {
      await store.append(numberedRange(0, 15));
      for (const { id, bound } of await store.partitions()) {
        const part = await collect(store.read(id, 2, 4));
        expect(part.map(({ position }) => position)).toEqual([3, 4]);
        expect(await collect(store.read(id, bound, bound))).toEqual([]);
      }
    });

    test("fails rather than leaving events out", async () => {
      await store.append(numberedRange(0, 15));
      for (const { id, bound } of await store.partitions()) {
        await expect(collect(store.read(id, 0, bound + 1))).rejects.toMatchObject({
          code: suite.unreadable,
        });
        await expect(
          collect(store.search(id, 0, bound + 1, Wanted.ofKeys(["third"]))),
        ).rejects.toMatchObject({
          code: suite.unreadable,
        });
      }
      await expect(collect(store.read("nowhere", 0, 1))).rejects.toMatchObject({
        code: suite.unreadable,
      });
    });

    test("search leaves no candidate out, gives each once and in order", async () => {
      await store.append(numberedRange(0, 25));
      for (const { id, bound } of await store.partitions()) {
        const within = (await collect(store.read(id, 1, bound))).filter(
          ({ document }) => (document as { line: number }).line % 3 === 0,
        );
        const found = await collect(
          store.search(id, 1, bound, Wanted.ofKeys(["third", "line 6", "absent"])),
        );
        expect(found).toEqual(expect.arrayContaining(within));
        const positions = found.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
        expect(Math.min(...positions)).toBeGreaterThan(1);
      }
    });

    test("search for parts of values, ranges and endings leaves no candidate out", async () => {
      await store.append(numberedRange(0, 25));
      const anchors = Wanted.ofKeys(["third"]);
      anchors.add({ kind: "literal", text: "line 2" });
      for (const { id, bound } of await store.partitions()) {
        const within = (await collect(store.read(id, 1, bound))).filter(({ document }) => {
          const { line } = document as { line: number };
          return line % 3 === 0 || `${line}`.startsWith("2");
        });
        const found = await collect(store.search(id, 1, bound, anchors));
        expect(found).toEqual(expect.arrayContaining(within));
        const positions = found.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
      }
    });

    test("calls no partition gone that is there, or that it does not know", async () => {
      await store.append(numberedRange(0, 15));
      const ids = (await store.partitions()).map(({ id }) => id);
      expect(await store.gone([...ids, "nowhere"])).toEqual([]);
    });

    test("remembers how far each source was loaded", async () => {
      await store.append([...numberedRange(0, 12), ...numberedRange(0, 3, "other")]);
      await store.append(numberedRange(0, 2, ""));
      expect(await store.loadedThrough("")).toBe(0);
      expect(await store.loadedThrough("log")).toBe(12);
      expect(await store.loadedThrough("other")).toBe(3);
      expect(await store.loadedThrough("none")).toBe(0);
    });

    test("an interrupted load goes on after a restart", async () => {
      await store.append(numberedRange(0, 14));
      const before = await everything(store);
      store = await suite.reopen(store);
      expect(await everything(store)).toEqual(before);
      const at = await store.loadedThrough("log");
      await store.append(numberedRange(at, 25));
      expect(await locators(store)).toEqual(numberedRange(0, 25).map(({ locator }) => locator));
    });
  });
}
