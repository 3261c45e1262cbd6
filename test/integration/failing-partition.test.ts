/** A part of the event store that fails holds nothing else back, and is told. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { ServiceError } from "../../services/core/errors.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import type { EventStore } from "../../services/core/ports.ts";
import { planSweeps } from "../../services/core/sweep/plan.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { keepUp } from "../../services/stixsweep/keep-up.ts";
import { makeLogger } from "../../services/runtime/logger.ts";
import type { Embedded } from "../../services/runtime/compose.ts";

const options = { mode: "observable", subdomains: false } as const;
const pattern = "[process:name = 'a.exe']";

let state: ReturnType<typeof openSqliteState>;
let broken: string | undefined;

/** Partitions memory-1 to memory-3 of ten events each, one of which may be broken. */
async function threePartitions(): Promise<EventStore> {
  const store = new MemoryEventStore({ sealEvery: 10 });
  const lines = Array.from({ length: 30 }, (_, n) => ({
    line: n + 1,
    text: JSON.stringify({
      EventID: 1,
      Channel: "Microsoft-Windows-Sysmon/Operational",
      SourceName: "Microsoft-Windows-Sysmon",
      RecordNumber: n,
      Hostname: "h",
      UtcTime: "2024-01-01 00:00:00.000",
      Image: "C:\\a.exe",
    }),
  }));
  expect((await ingestEvents(store, "log", "log", [lines])).stored).toBe(30);
  const read: EventStore["read"] = (partition, from, to) => {
    if (partition === broken) {
      throw new ServiceError("events/segment-damaged", `${partition} is damaged`);
    }
    return store.read(partition, from, to);
  };
  return {
    read,
    search: (partition, from, to, keys) => {
      if (partition === broken) {
        throw new ServiceError("events/segment-damaged", `${partition} is damaged`);
      }
      return store.search(partition, from, to, keys);
    },
    partitions: async () => store.partitions(),
    gone: async () => [],
    limitations: () => [],
  };
}

beforeEach(async () => {
  state = openSqliteState(":memory:");
  await state.patterns.activate([{ key: "p", pattern, options }]);
});
afterEach(() => state.close());

const shared = {
  hash: sha256Hash,
  now: () => 0,
  elapsed: () => performance.now(),
  compile: makeCompiler(re2),
  semantics: 1,
};

test("the others are swept in the same tick; it is swept when it can be read again", async () => {
  const events = await threePartitions();
  const sweeper = new Sweeper({ ...shared, state, events, jobEvents: 4 });
  broken = "memory-1";
  const first = await sweeper.tick();
  expect(first).toMatchObject({ jobs: 6, matches: 20 });
  expect(first.failures).toMatchObject([
    { partition: "memory-1", error: { code: "events/segment-damaged" } },
  ]);
  expect((await state.ledger.row("memory-1"))?.pieces ?? []).toEqual([]);
  broken = undefined;
  expect(await sweeper.tick()).toMatchObject({ jobs: 3, matches: 10, failures: [] });
});

test("partitions take turns in a plan", async () => {
  const plan = await planSweeps({
    ...shared,
    state,
    events: await threePartitions(),
    jobEvents: 5,
  });
  expect(plan.map(({ partition, from }) => `${partition} ${from}`)).toEqual([
    "memory-1 0",
    "memory-2 0",
    "memory-3 0",
    "memory-1 5",
    "memory-2 5",
    "memory-3 5",
  ]);
});

test("the embedded service is not ready, says why, and logs it once", async () => {
  const stop = new AbortController();
  const logged: string[] = [];
  const problems = new Map<string, string>();
  let ticks = 0;
  const error = new ServiceError("events/segment-damaged", "it is damaged");
  const service = {
    inbox: { async *look() {} },
    lookAtFeeds: async () => undefined,
    notify: async () => undefined,
    tick: async () => {
      ticks += 1;
      if (ticks === 3) stop.abort();
      const failures = [{ partition: "memory-1", error }];
      return { jobs: 1, events: 5, matches: 0, alerts: 0, failures };
    },
  } as unknown as Embedded;
  const logger = makeLogger("info", { write: (line) => void logged.push(line) });
  await keepUp({ service, tickMs: 1, stop: stop.signal, problems, out: async () => {}, logger });
  expect(problems.get("sweep")).toMatch(/memory-1: it is damaged/);
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0] ?? "")).toMatchObject({ err: { code: "match/partition-failed" } });
});
