/** The stages between the queues, with memory queues and SQLite: the same results as the embedded import and sweep. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { readFeed } from "../../feeds/formats/index.ts";
import { contentHash, sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { MemoryJobQueue } from "../../services/adapters/memory/job-queue.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { importFeed } from "../../services/core/ingest/import-feed.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import {
  fetchFeed,
  queueFeed,
  storeFeedPart,
  type FetchJob,
  type PartJob,
} from "../../services/core/pipeline/feed-stage.ts";
import { queueSweeps } from "../../services/core/pipeline/sweep-stage.ts";
import type { SweepJob } from "../../services/core/sweep/cells.ts";
import { SweepRunner } from "../../services/core/sweep/sweep-runner.ts";

const queueOptions = { attempts: 3, restMs: 1000, now: () => Date.now() };
const options = { mode: "observable", subdomains: false } as const;
const compile = makeCompiler(re2);

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function openState() {
  const state = openSqliteState(":memory:");
  closing.push(() => state.close());
  return state;
}

function bundle(count: number): Uint8Array {
  const objects = Array.from({ length: count }, (_, i) => ({
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
    created: "2024-01-01T00:00:00.000Z",
    modified: "2024-01-01T00:00:00.000Z",
    valid_from: "2024-01-01T00:00:00Z",
    pattern_type: i % 500 === 3 ? "yara" : "stix",
    pattern: i % 700 === 5 ? "[broken" : `[process:name = 'tool-${i}.exe']`,
  }));
  return Buffer.from(JSON.stringify({ type: "bundle", id: "bundle--1", objects }));
}

describe("feeds through queues", () => {
  test("many parts by many workers end in the import that one process makes", async () => {
    const bytes = bundle(3500);
    const file = { feed: "f", name: "big.json", content: contentHash(bytes) };
    const shared = { compile, read: readFeed, hash: sha256Hash, now: () => 7, options };
    const [whole, cut] = [openState(), openState()];
    const want = await importFeed({ ...shared, state: whole }, { ...file, bytes });
    const fetchQueue = new MemoryJobQueue<FetchJob>(queueOptions);
    const partQueue = new MemoryJobQueue<PartJob>(queueOptions);
    const deps = {
      ...shared,
      state: cut,
      fetchQueue,
      partQueue,
      fetch: async () => bytes,
      contentHash,
    };
    expect(await queueFeed(deps, file)).toBe("queued");
    expect(await queueFeed(deps, file)).toBe("waiting");
    let failures = 2;
    await fetchQueue.work(async (job) => fetchFeed(deps, job), 1);
    await partQueue.work(async (job) => {
      if (failures-- > 0) throw new Error("a worker was lost");
      await storeFeedPart(deps, job);
      await storeFeedPart(deps, job); // done twice is done once
    }, 3);
    const imported = async () => (await cut.imports.list(0, 9))[0];
    for (let i = 0; i < 200 && (await imported())?.state !== "done"; i += 1) await sleep(20);
    expect(await imported()).toEqual({ ...want, number: 1, parts: 4 });
    expect(await cut.imports.parts(want.id)).toEqual(new Map());
    expect(await cut.indicators.count()).toBe(await whole.indicators.count());
    expect(await queueFeed(deps, file)).toBe("ended");
    await Promise.all([fetchQueue.close(), partQueue.close()]);
  });

  test("a lost queue costs time only: the file is queued again until it is imported", async () => {
    const bytes = bundle(10);
    const file = { feed: "f", name: "small.json", content: contentHash(bytes) };
    const state = openState();
    const make = () => ({
      compile,
      read: readFeed,
      hash: sha256Hash,
      now: () => 7,
      options,
      state,
      fetchQueue: new MemoryJobQueue<FetchJob>(queueOptions),
      partQueue: new MemoryJobQueue<PartJob>(queueOptions),
      fetch: async () => bytes,
      contentHash,
    });
    const lost = make();
    await queueFeed(lost, file);
    await fetchFeed(lost, file); // its parts are lost with the queue
    const deps = make();
    expect(await queueFeed(deps, file)).toBe("queued");
    await fetchFeed(deps, file);
    await deps.partQueue.work(async (job) => storeFeedPart(deps, job), 1);
    for (let i = 0; i < 100 && (await deps.partQueue.depth()) > 0; i += 1) await sleep(10);
    expect(await state.imports.list(0, 9)).toMatchObject([{ state: "done" }]);
    expect(await queueFeed(deps, file)).toBe("ended");
  });

  test("a file that is unusable as a whole is recorded once", async () => {
    const bytes = Buffer.from("{");
    const file = { feed: "f", name: "bad.json", content: contentHash(bytes) };
    const state = openState();
    const deps = {
      compile,
      read: readFeed,
      hash: sha256Hash,
      now: () => 7,
      options,
      state,
      fetchQueue: new MemoryJobQueue<FetchJob>(queueOptions),
      partQueue: new MemoryJobQueue<PartJob>(queueOptions),
      fetch: async () => bytes,
      contentHash,
    };
    await fetchFeed(deps, file);
    expect(await state.imports.list(0, 9)).toMatchObject([{ state: "failed" }]);
    expect(await queueFeed(deps, file)).toBe("ended");
  });
});

test("sweeps through a queue: bounded, named alike by two planners, and all is covered in the end", async () => {
  const state = openState();
  const events = new MemoryEventStore({ sealEvery: 100 });
  const lines = Array.from({ length: 950 }, (_, i) => ({
    line: i + 1,
    text: JSON.stringify({
      EventID: 1,
      Channel: "Microsoft-Windows-Sysmon/Operational",
      Hostname: "H",
      RecordNumber: i,
      UtcTime: "2024-05-01 10:00:00.000",
      Image: `C:\\tool-${i % 50}.exe`,
    }),
  }));
  await ingestEvents(events, "log", "log", [lines]);
  await state.patterns.activate([{ key: "p", pattern: "[process:name = 'tool-7.exe']", options }]);
  const queue = new MemoryJobQueue<SweepJob>(queueOptions);
  const deps = {
    events,
    state,
    compile,
    hash: sha256Hash,
    now: () => Date.now(),
    elapsed: () => performance.now(),
    semantics: 1,
    jobEvents: 40,
    queue,
    maxWaiting: 12,
  };
  expect(await queueSweeps(deps)).toEqual({ open: 29, added: 12 });
  expect(await queueSweeps(deps)).toEqual({ open: 29, added: 0 });
  const runner = new SweepRunner(deps);
  let failures = 3;
  await queue.work(async (job) => {
    if (failures-- > 0) throw new Error("a worker was lost");
    await runner.run(job);
  }, 3);
  for (let i = 0; i < 100; i += 1) {
    await queueSweeps(deps);
    if ((await queueSweeps(deps)).open === 0 && (await queue.depth()) === 0) break;
    await sleep(10);
  }
  expect(await queueSweeps(deps)).toEqual({ open: 0, added: 0 });
  expect(await state.matches.count()).toMatchObject({ matches: 19 });
  await queue.close();
});
