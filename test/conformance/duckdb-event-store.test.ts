import { appendFile, copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import {
  openJournalStore,
  type JournalStore,
} from "../../services/adapters/duckdb/journal-store.ts";
import { events, readAll, runEventStoreSuite } from "./event-store.ts";

const stores: JournalStore[] = [];
const folders: string[] = [];

async function open(folder: string): Promise<JournalStore> {
  const store = await openJournalStore({ folder, segmentEvents: 10 });
  stores.push(store);
  return store;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "stixsweep-"));
  folders.push(folder);
  return folder;
}

async function closeAll(): Promise<void> {
  for (const store of stores.splice(0)) {
    await store.close();
  }
}

afterEach(async () => {
  await closeAll();
  for (const folder of folders.splice(0)) {
    await rm(folder, { recursive: true });
  }
});

runEventStoreSuite({
  name: "journal and Parquet",
  make: async () => {
    const folder = await makeFolder();
    const reopen = async () => {
      await closeAll();
      return open(folder);
    };
    return { store: await open(folder), reopen, close: closeAll };
  },
});

const locators = (to: number) => events(1, to).map(({ locator }) => locator);

async function find(folder: string, ending: string): Promise<string> {
  return path.join(folder, (await readdir(folder)).find((name) => name.endsWith(ending)) ?? "none");
}

describe("after a crash", () => {
  test.each([
    { name: "a line that broke off", tail: '{"n":8,"l":"id-8","s":"lo' },
    { name: "a line of zeros", tail: "\0\0\0\0\n" },
  ])("$name was not acknowledged and is cut off", async ({ tail }) => {
    const folder = await makeFolder();
    await (await open(folder)).append(events(1, 7));
    await closeAll();
    await appendFile(await find(folder, ".ndjson"), tail);
    const store = await open(folder);
    expect(await readAll(store)).toEqual(locators(7));
    await store.append(events(8, 9));
    await closeAll();
    expect(await readAll(await open(folder))).toEqual(locators(9));
  });

  /** A store of 7 events that was sealed, with its journal put back as if it had not been removed. */
  async function sealedWithJournal() {
    const folder = await makeFolder();
    const store = await open(folder);
    await store.append(events(1, 7));
    const before = await store.partitions();
    const journal = await find(folder, ".ndjson");
    await copyFile(journal, `${journal}.kept`);
    await store.seal();
    await closeAll();
    await copyFile(`${journal}.kept`, journal);
    return { folder, before };
  }

  test("between the names of the two sealed files the journal still counts", async () => {
    const { folder } = await sealedWithJournal();
    const parquet = await find(folder, ".events.parquet");
    await rm(parquet);
    await writeFile(`${parquet}.tmp`, "half");
    const again = await open(folder);
    expect(await readAll(again)).toEqual(locators(7));
    await again.append(events(8, 15));
    expect(await readAll(again)).toEqual(locators(15));
  });

  test("after both names a journal left behind is not read twice", async () => {
    const { folder, before } = await sealedWithJournal();
    const again = await open(folder);
    expect(await again.partitions()).toEqual(before);
    expect(await readAll(again)).toEqual(locators(7));
  });

  test("a segment that is gone is not listed; the others are", async () => {
    const folder = await makeFolder();
    const store = await open(folder);
    await store.append(events(1, 25));
    const [first, ...others] = await store.partitions();
    await rm(path.join(folder, `${first?.id}.events.parquet`));
    expect(await store.partitions()).toEqual(others);
  });
});
