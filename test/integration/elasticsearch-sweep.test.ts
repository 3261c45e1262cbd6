/** The sweep on state in indices finds what it finds on SQLite, by two workers at once and through a crash. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { readFeed } from "../../feeds/formats/index.ts";
import { contentHash, sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { openElasticsearchState } from "../../services/adapters/elasticsearch/state/state.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { importFeed } from "../../services/core/ingest/import-feed.ts";
import { documentId, documentOf } from "../../services/core/ingest/document.ts";
import { ingestEvents, type SourceLine } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import type { EventStore, State } from "../../services/core/ports.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { sampleBundle } from "../../services/sample/index.ts";
import { sampleLines } from "../../services/stixsweep/sample-lines.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { IndexedEvents } from "../support/indexed-events.ts";

jest.setTimeout(300_000);

const compile = makeCompiler(re2);
const now = () => Date.parse("2026-11-25T00:00:00Z");
const options = { mode: "observable", subdomains: false } as const;

/** One worker: imports the sample's indicators, sweeps, folds. */
function worker(state: State, events: EventStore, jobEvents = 10_000) {
  const deps = { state, compile, read: readFeed, hash: sha256Hash, now, options };
  const bytes = Buffer.from(JSON.stringify(sampleBundle()));
  const sweeper = new Sweeper({ ...deps, elapsed: now, events, semantics: 1, jobEvents });
  return {
    import: async (feed = "sample") =>
      importFeed(deps, { feed, name: "a.json", bytes, content: contentHash(bytes) }),
    sweep: async () => sweeper.tick(),
    fold: async () => foldAlerts({ ...deps, regex: re2 }),
  };
}

/** What is known in the end, without what depends on the order of work. */
async function outcome(state: State) {
  const log = await state.matches.tail(0, 1_000_000);
  const alerts = await state.alerts.list({}, 0, 1_000_000, false);
  return {
    matches: log.map(({ number: _number, ...one }) => JSON.stringify(one)).toSorted(),
    alerts: alerts
      .map(({ number: _number, version: _version, evidence, ...one }) =>
        JSON.stringify({ ...one, evidence: evidence.length }),
      )
      .toSorted(),
  };
}

/** Calls through until `calls` writes of matches are done, and fails before the credit that follows. */
function dyingAfter(state: State, calls: number): State {
  let added = 0;
  const { matches, ledger } = state;
  return {
    ...state,
    matches: {
      add: async (found) => {
        added += 1;
        return matches.add(found);
      },
      tail: async (after, limit) => matches.tail(after, limit),
      groups: async (pattern) => matches.groups(pattern),
      heldBack: async (pattern, settled) => matches.heldBack(pattern, settled),
      dispose: async (ids, reason) => matches.dispose(ids, reason),
      fold: async (group, after, to) => matches.fold(group, after, to),
      count: async () => matches.count(),
      heldBackBy: async () => matches.heldBackBy(),
    },
    ledger: {
      rows: async () => ledger.rows(),
      row: async (partition) => ledger.row(partition),
      compareAndSet: async (row) => {
        if (added >= calls) {
          throw new Error("died between matches and credit");
        }
        return ledger.compareAndSet(row);
      },
      exceptions: async () => ledger.exceptions(),
      except: async (one) => ledger.except(one),
      pardon: async (pattern, partition) => ledger.pardon(pattern, partition),
      forget: async (partitions) => ledger.forget(partitions),
    },
  };
}

/** The document alone, as an engine takes it: without `_id` and what else a hit has around it. */
function bare({ line, text }: SourceLine): SourceLine {
  return { line, text: JSON.stringify(documentOf(JSON.parse(text))) };
}

/** The events with these ids and one of twenty others, in five parts. */
function sampled(ids: ReadonlySet<string>): readonly (readonly SourceLine[])[] {
  const lines = [...sampleLines()].flat();
  const chosen = lines.filter(
    ({ line, text }) => line % 20 === 0 || ids.has(documentId(JSON.parse(text)) ?? ""),
  );
  const part = Math.ceil(chosen.length / 5);
  return [0, 1, 2, 3, 4].map((at) => chosen.slice(at * part, (at + 1) * part).map(bare));
}

/** The sample mixes layouts, whose fields no one mapping takes. */
const UNMAPPED = { settings: { number_of_replicas: 0 }, mappings: { dynamic: false } };

const events = new MemoryEventStore({ sealEvery: 20_000 });
let want: Awaited<ReturnType<typeof outcome>>;

beforeAll(async () => {
  await ingestEvents(events, "sample", "sample", sampleLines());
  const state = openSqliteState(":memory:");
  try {
    const one = worker(state, events);
    await one.import();
    await one.sweep();
    await one.fold();
    want = await outcome(state);
  } finally {
    state.close();
  }
});

describeEngines("sweeping with state in indices", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  let runs = 0;
  beforeAll(() => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
  });
  afterEach(async () => {
    await api.removeState(`sweep-${runs}`);
    await api.removeAll("swept-");
  });
  afterAll(async () => {
    await client.close();
  });
  const open = async () => openElasticsearchState({ client, prefix: `sweep-${runs}` });

  test("the sample gives the same matches and alerts as on SQLite, and a second tick does nothing", async () => {
    runs += 1;
    const state = await open();
    const one = worker(state, events);
    await one.import();
    await one.sweep();
    await one.fold();
    expect(want.matches.length).toBeGreaterThan(100);
    expect(want.alerts.length).toBeGreaterThan(10);
    expect(await outcome(state)).toEqual(want);
    await one.import("other");
    expect(await one.sweep()).toMatchObject({ jobs: 0, events: 0, failures: [] });
  });

  test("two workers at once, one of which dies between matches and credit", async () => {
    runs += 1;
    const [first, second] = [await open(), await open()];
    await Promise.all([worker(first, events).import(), worker(second, events).import()]);
    const dying = worker(dyingAfter(first, 1), events, 3000);
    const { failures } = await dying.sweep();
    expect(String(failures[0]?.error)).toMatch("died");
    expect((await second.matches.count()).matches).toBeGreaterThan(0);
    const both = [worker(first, events, 3000), worker(second, events, 4000)];
    await Promise.all(both.map((one) => one.sweep()));
    await Promise.all(both.map((one) => one.fold()));
    expect(await outcome(second)).toEqual(want);
    expect(await worker(first, events).sweep()).toMatchObject({ jobs: 0, events: 0, failures: [] });
    expect(await worker(first, events).fold()).toBe(0);
  });

  test("events in indices too: nothing is left, nothing is doubled", async () => {
    runs += 1;
    const store = new ElasticsearchEventStore(client, { indices: ["swept-*"] });
    const indexed = new IndexedEvents(store, api, "swept-", 2000, UNMAPPED);
    const few = sampled(new Set(want.matches.map((one) => (JSON.parse(one) as { locator: string }).locator))); // prettier-ignore
    const memory = new MemoryEventStore({ sealEvery: 20_000 });
    const sqlite = openSqliteState(":memory:");
    try {
      const [state, other] = [await open(), await open()];
      const both = [worker(state, store, 700), worker(other, store, 900)];
      await both[0]?.import();
      for (const chunk of few) {
        await ingestEvents(indexed, "sample", "sample", [chunk]);
        await Promise.all(both.map((one) => one.sweep()));
      }
      await Promise.all(both.map((one) => one.fold()));
      await ingestEvents(memory, "sample", "sample", few);
      const plain = worker(sqlite, memory);
      await plain.import();
      await plain.sweep();
      await plain.fold();
      const [got, expected] = [await state.matches.tail(0, 99_999), await sqlite.matches.tail(0, 99_999)]; // prettier-ignore
      expect(expected.length).toBeGreaterThan(20);
      expect(got.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
      const counts = async (one: State) =>
        (await one.alerts.list({}, 0, 9999, false)).map(({ id, count }) => `${id} ${count}`);
      expect((await counts(other)).toSorted()).toEqual((await counts(sqlite)).toSorted());
    } finally {
      sqlite.close();
    }
  });
});
