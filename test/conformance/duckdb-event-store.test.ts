import { Wanted } from "../../services/core/match/wanted.ts";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  openJournalStore,
  type JournalStore,
} from "../../services/adapters/duckdb/journal-store.ts";
import { collect, everything, numbered, numberedRange, runEventStoreSuite } from "./event-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "event's store "));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

runEventStoreSuite<JournalStore>({
  name: "JournalStore",
  make: async (segmentEvents) => openJournalStore({ folder, segmentEvents, keysVersion: 1 }),
  reopen: async (store) => {
    await store.close();
    return openJournalStore({ folder, segmentEvents: 10, keysVersion: 1 });
  },
  close: async (store) => store.close(),
  unreadable: "events/segment-damaged",
});

async function withStore<T>(work: (store: JournalStore) => Promise<T>): Promise<T> {
  const store = await openJournalStore({ folder, segmentEvents: 5000, keysVersion: 1 });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function fileEnding(ending: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith(ending));
  return path.join(folder, name ?? `no${ending}`);
}

describe("keys made by other rules", () => {
  test.each([
    { name: "are not asked, sealed", seal: true, version: 2 },
    { name: "are not asked, in a journal that is sealed later", seal: false, version: 2 },
    { name: "of today are asked", seal: true, version: 1 },
  ])("$name", async ({ seal, version }) => {
    const unkeyed = numberedRange(0, 3).map((event) => ({ ...event, keys: [] }));
    await withStore(async (store) => {
      await store.append(unkeyed);
      if (seal) await store.seal();
    });
    const store = await openJournalStore({ folder, segmentEvents: 5000, keysVersion: version });
    try {
      await store.seal();
      const [partition] = await store.partitions();
      const found = await collect(store.search(partition?.id ?? "", 0, 3, Wanted.ofKeys(["new"])));
      expect(found).toHaveLength(version === 1 ? 0 : 3);
    } finally {
      await store.close();
    }
  });
});

describe("a journal", () => {
  test.each(['{"n":4,"l":"lo', '{"n":4,"l":"lo\n'])("loses a torn end: %j", async (torn) => {
    await withStore(async (store) => store.append(numberedRange(0, 3)));
    await appendFile(await fileEnding(".ndjson"), torn);
    await withStore(async (store) => {
      expect(store.eventCount()).toBe(3);
      await store.append(numberedRange(3, 5));
    });
    await withStore(async (store) => {
      const found = Object.values(await everything(store)).flat();
      const expected = numberedRange(0, 5).map(({ locator }) => locator);
      expect(found.map(({ locator }) => locator)).toEqual(expected);
    });
  });

  test("that is damaged in its middle is not cut", async () => {
    await withStore(async (store) => store.append(numberedRange(0, 3)));
    const file = await fileEnding(".ndjson");
    const damaged = (await readFile(file, "utf8")).replace('{"n":2', '{"n"!2');
    await writeFile(file, damaged);
    await expect(
      openJournalStore({ folder, segmentEvents: 10, keysVersion: 1 }),
    ).rejects.toMatchObject({
      code: "events/segment-damaged",
    });
    expect(await readFile(file, "utf8")).toBe(damaged);
  });

  test("a folder that can't be made is unwritable", async () => {
    const file = path.join(folder, "file");
    await writeFile(file, "");
    await expect(
      openJournalStore({ folder: file, segmentEvents: 10, keysVersion: 1 }),
    ).rejects.toMatchObject({
      code: "events/unwritable",
    });
  });

  test("whose file vanished takes no more events", async () => {
    await withStore(async (store) => {
      await store.append(numberedRange(0, 3));
      await rm(await fileEnding(".ndjson"));
      await store.append(numberedRange(3, 4));
      expect((await store.partitions()).map(({ bound }) => bound)).toEqual([1]);
    });
  });
});

describe("sealing", () => {
  test("changes nothing that is read, while others read", async () => {
    await withStore(async (store) => {
      const odd = [
        { ...numbered(2501), text: String.raw`{"half":"\ud800 \ud83d\ude00 \\ud800","n":1.50}` },
        { ...numbered(2502), text: "null" },
      ];
      await store.append([...numberedRange(0, 2500), ...odd]);
      const before = await everything(store);
      const reading = everything(store);
      await store.seal();
      expect(await reading).toEqual(before);
      expect(await everything(store)).toEqual(before);
      expect((await readdir(folder)).some((name) => name.endsWith(".ndjson"))).toBe(false);
      expect(Object.values(before)[0]).toHaveLength(2502);
    });
  });

  test("that fails costs no acknowledged event and is tried again", async () => {
    const store = await openJournalStore({ folder, segmentEvents: 10, keysVersion: 1 });
    try {
      await store.append(numberedRange(0, 3));
      const [partition] = await store.partitions();
      const obstacle = path.join(folder, `${partition?.id}.keys.parquet.tmp`);
      await mkdir(obstacle);
      await store.append(numberedRange(3, 10));
      await expect(store.append([numbered(11)])).rejects.toMatchObject({
        code: "events/unwritable",
      });
      expect(await store.loadedThrough("log")).toBe(10);
      await rm(obstacle, { recursive: true });
      await store.append([numbered(11)]);
      expect((await store.partitions()).map(({ bound }) => bound)).toEqual([10, 1]);
      expect(Object.values(await everything(store)).flat()).toHaveLength(11);
    } finally {
      await store.close();
    }
  });

  test("makes search exact", async () => {
    await withStore(async (store) => {
      await store.append(numberedRange(0, 3100));
      await store.seal();
      const [partition] = await store.partitions();
      const many = Array.from({ length: 60_000 }, (_, at) => `absent ${at}`);
      const keys = ["third", "line 7", ...many, "line 8", "line 90"];
      const found = await collect(store.search(partition?.id ?? "", 3, 3090, Wanted.ofKeys(keys)));
      const lines = numberedRange(3, 3090).map(({ line }) => line);
      const expected = lines.filter((line) => line % 3 === 0 || line === 7 || line === 8);
      expect(found.map(({ position }) => position)).toEqual(expected);
    });
  });

  test.each([
    ["before any rename", [".ndjson", ".keys.parquet.tmp", ".events.parquet.tmp"]],
    ["after the keys' rename", [".ndjson", ".keys.parquet", ".events.parquet.tmp"]],
    ["after the events' rename", [".ndjson", ".keys.parquet", ".events.parquet"]],
    ["after all", [".keys.parquet", ".events.parquet"]],
  ])("a crash %s loses and doubles nothing", async (_when, endings) => {
    const [before, journal] = await withStore(async (store) => {
      await store.append(numberedRange(0, 20));
      const now = [await everything(store), await readFile(await fileEnding(".ndjson"))] as const;
      await store.seal();
      return now;
    });
    const id = Object.keys(before)[0] ?? "";
    const contents = new Map<string, Buffer>();
    for (const ending of endings) {
      const sealed = path.join(folder, id + ending.replace(".tmp", ""));
      contents.set(ending, ending === ".ndjson" ? journal : await readFile(sealed));
    }
    for (const name of await readdir(folder)) {
      await rm(path.join(folder, name));
    }
    for (const [ending, bytes] of contents) {
      await writeFile(path.join(folder, id + ending), bytes);
    }
    await withStore(async (store) => {
      expect(await everything(store)).toEqual(before);
      expect(await store.loadedThrough("log")).toBe(20);
      expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      await store.seal();
      expect(await everything(store)).toEqual(before);
      const files = [`${id}.events.parquet`, `${id}.keys.parquet`];
      expect((await readdir(folder)).toSorted()).toEqual(files);
    });
  });

  test("a segment that vanished is not listed, and reading it fails", async () => {
    await withStore(async (store) => {
      await store.append(numberedRange(0, 5));
      await store.seal();
      await store.append(numberedRange(5, 8));
      const [first, second] = await store.partitions();
      await rm(await fileEnding(".events.parquet"));
      expect(await store.partitions()).toEqual([second]);
      expect(store.eventCount()).toBe(3);
      await expect(collect(store.read(first?.id ?? "", 0, 5))).rejects.toMatchObject({
        code: "events/segment-damaged",
        facts: { segment: first?.id },
      });
    });
  });
});
