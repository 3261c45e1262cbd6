import { mkdtempSync, readdirSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from "@jest/globals";
import { Wanted } from "../../services/core/match/wanted.ts";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { searchShard } from "../../services/adapters/elasticsearch/search-shard.ts";
import { collect, everything, numberedRange } from "../conformance/event-store.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { startEngine } from "../engines/engine.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { startProxy, type EngineProxy, type Rule } from "../support/engine-proxy.ts";
import { Tail } from "../support/tail.ts";

jest.setTimeout(120_000);

const ONE_SHARD = { settings: { number_of_shards: 1, number_of_replicas: 0 } };
const LONG_REFRESH = { settings: { ...ONE_SHARD.settings, refresh_interval: "1h" } };

function sources(from: number, to: number) {
  return numberedRange(from, to).map(({ locator, text }) => ({ id: locator, source: text }));
}

function ids(from: number, to: number): string[] {
  return sources(from, to).map(({ id }) => id);
}

/** What a key may not do, by the last part of the path. */
function forbid(...parts: readonly string[]): Rule {
  return ({ path: called }) =>
    parts.some((part) => (part === "/" ? called === "/" : called.includes(part)))
      ? { status: 403 }
      : undefined;
}

describeEngines("an engine that refuses", (engine) => {
  let proxy: EngineProxy;
  let client: EngineClient;
  let api: EngineApi;
  beforeAll(() => {
    api = new EngineApi(engine.url);
  });
  beforeEach(async () => {
    proxy = await startProxy(engine.url);
    client = connectEngine({ nodes: [proxy.url], deadlineMs: 3000 });
  });
  afterEach(async () => {
    await client.close();
    await proxy.close();
    await api.removeAll("failures-");
  });
  afterAll(async () => {
    await api.removeAll("failures-");
  });

  let now = 0;
  const open = (name: string) =>
    new ElasticsearchEventStore(client, { indices: [name], now: () => now, holeWaitMs: 5000 });
  const bounds = async (store: ElasticsearchEventStore) =>
    (await store.partitions()).map(({ bound }) => bound);
  const refresh = async (index: string) => api.call("POST", `/${index}/_refresh`);

  describe("the right to refresh", () => {
    beforeEach(() => {
      now = 0;
      proxy.rule = forbid("_refresh");
    });

    test("what a search shows without holes passes at once, what it does not show does not", async () => {
      await api.call("PUT", "/failures-1", LONG_REFRESH);
      await api.index("failures-1", sources(0, 5), "?refresh=true");
      const store = open("failures-1");
      expect(await bounds(store)).toEqual([5]);
      await api.index("failures-1", sources(5, 8));
      expect(await bounds(store)).toEqual([5]);
      await refresh("failures-1");
      expect(await bounds(store)).toEqual([8]);
      expect(store.limitations()).toMatchObject([{ code: "store/not-refreshed" }]);
    });

    test("a lasting hole passes after four refresh intervals, and not before", async () => {
      await api.call("PUT", "/failures-2", {
        settings: { ...ONE_SHARD.settings, refresh_interval: "2s" },
      });
      await api.index("failures-2", sources(0, 5));
      await api.call("DELETE", "/failures-2/_doc/log:3?refresh=true");
      const store = open("failures-2");
      const tail = new Tail(store);
      expect(await bounds(store)).toEqual([]);
      now = 7999;
      expect(await bounds(store)).toEqual([]);
      now = 8000;
      await tail.follow();
      expect(await bounds(store)).toEqual([6]);
      expect(tail.seen).toEqual(["log:1", "log:2", "log:4", "log:5"]);
    });

    test("an index that never refreshes passes only what is whole", async () => {
      await api.call("PUT", "/failures-3", {
        settings: { ...ONE_SHARD.settings, refresh_interval: -1 },
      });
      await api.index("failures-3", sources(0, 3), "?refresh=true");
      const store = open("failures-3");
      expect(await bounds(store)).toEqual([3]);
      await api.index("failures-3", sources(3, 6));
      expect(await bounds(store)).toEqual([3]);
      now = 100_000_000;
      expect(await bounds(store)).toEqual([3]);
      await refresh("failures-3");
      expect(await bounds(store)).toEqual([6]);
    });

    test("concurrent writers lose none", async () => {
      await api.call("PUT", "/failures-4", {
        settings: { ...ONE_SHARD.settings, refresh_interval: "200ms" },
      });
      const store = new ElasticsearchEventStore(client, {
        indices: ["failures-4"],
        holeWaitMs: 1500,
      });
      const tail = new Tail(store);
      const write = async (writer: number) => {
        for (let round = 0; round < 20; round++) {
          const documents = Array.from({ length: 1 + ((round * 37) % 200) }, (_, at) => ({
            id: `${writer}-${round}-${at}`,
            source: "{}",
          }));
          await api.index("failures-4", documents);
        }
      };
      await tail.followDuring(Promise.all([0, 1, 2].map(write)));
      const { count } = await refresh("failures-4").then(() =>
        api.call("GET", "/failures-4/_count"),
      );
      for (let wait = 0; wait < 100 && tail.seen.length < Number(count); wait++) {
        await new Promise((done) => setTimeout(done, 50));
        await tail.follow();
      }
      expect(tail.seen.length).toBe(count);
      expect(new Set(tail.seen).size).toBe(count);
    });
  });

  test("all but `read` leaves a log that is not exact, and says so", async () => {
    now = 0;
    await api.call("PUT", "/failures-read", ONE_SHARD);
    await api.index("failures-read", sources(0, 5), "?refresh=true");
    proxy.rule = forbid("_stats", "_refresh", "_mapping", "_settings", "_cluster", "/");
    const store = open("failures-*");
    // Whether numbers may repeat is not known, so the first bound waits.
    expect(await bounds(store)).toEqual([]);
    now = 60_000;
    expect(await bounds(store)).toEqual([5]);
    await api.index("failures-read", sources(5, 9), "?refresh=true");
    expect(await bounds(store)).toEqual([9]);
    const [events = []] = Object.values(await everything(store));
    expect(events.map(({ locator }) => locator)).toEqual(ids(0, 9));
    const [partition] = await store.partitions();
    const found = await collect(store.search(partition?.id ?? "", 0, 9, Wanted.ofKeys(["third"])));
    expect(found.map(({ locator }) => locator)).toEqual(expect.arrayContaining(["log:3", "log:9"]));
    expect(store.limitations().map(({ code }) => code)).toEqual(
      expect.arrayContaining(["store/not-exact", "store/search-reads-all"]),
    );
    await api.call("DELETE", "/failures-read");
    await api.call("PUT", "/failures-read", ONE_SHARD);
    await api.index("failures-read", sources(50, 60), "?refresh=true");
    expect((await store.partitions()).map(({ id }) => id)).not.toContain(partition?.id);
    expect(await store.gone([partition?.id ?? ""])).toEqual([]);
  });

  test("everything shows nothing, and calls nothing gone", async () => {
    await api.call("PUT", "/failures-all", ONE_SHARD);
    await api.index("failures-all", sources(0, 5));
    const store = open("failures-all");
    const [partition] = await store.partitions();
    proxy.rule = forbid("");
    expect(await store.partitions()).toEqual([]);
    expect(await store.gone([partition?.id ?? ""])).toEqual([]);
    expect(store.limitations()).toMatchObject([{ code: "store/index-forbidden" }]);
    proxy.rule = () => undefined;
    expect(await store.partitions()).toEqual([partition]);
    proxy.rule = forbid("_search");
    await expect(collect(store.read(partition?.id ?? "", 0, 5))).rejects.toMatchObject({
      code: "store/forbidden",
      retryable: false,
    });
  });

  test("the credentials fails aloud", async () => {
    await api.call("PUT", "/failures-auth", ONE_SHARD);
    proxy.rule = () => ({ status: 401 });
    await expect(open("failures-auth").partitions()).rejects.toMatchObject({
      code: "store/forbidden",
    });
  });

  test("two of three calls for being busy costs time, and nothing else", async () => {
    await api.call("PUT", "/failures-busy", ONE_SHARD);
    await api.index("failures-busy", sources(0, 2500));
    const statuses = [429, 503, 0, 502, 504, 0];
    let calls = 0;
    proxy.rule = () => {
      const status = statuses[calls++ % statuses.length] ?? 0;
      return status === 0 ? undefined : { status };
    };
    const [events = []] = Object.values(await everything(open("failures-busy")));
    expect(events.map(({ locator }) => locator)).toEqual(ids(0, 2500));
    expect(calls).toBeGreaterThan(9);
  });

  test.each([
    { status: 429, code: "store/overloaded" },
    { status: 503, code: "store/unreachable" },
  ])("every call with $status fails at the deadline: $code", async ({ status, code }) => {
    await api.call("PUT", "/failures-storm", ONE_SHARD);
    proxy.rule = () => ({ status });
    const from = Date.now();
    const failing = open("failures-storm").partitions();
    await expect(failing).rejects.toMatchObject({ code, retryable: true });
    expect(Date.now() - from).toBeLessThan(4000);
  });

  test("a part of a search makes all of it fail", async () => {
    await api.call("PUT", "/failures-part", ONE_SHARD);
    await api.index("failures-part", sources(0, 5));
    const store = open("failures-part");
    const [partition] = await store.partitions();
    const hits = { hits: { hits: [] } };
    const shards = { total: 1, successful: 1, skipped: 0, failed: 0 };
    for (const body of [
      { timed_out: true, _shards: shards, ...hits },
      { timed_out: false, _shards: { ...shards, successful: 0, failed: 1 }, ...hits },
      { timed_out: false, _shards: { ...shards, total: 0, successful: 0 }, ...hits },
      { timed_out: false, terminated_early: true, _shards: shards, ...hits },
    ]) {
      proxy.rule = ({ path: called }) =>
        called.endsWith("_search") ? { status: 200, body } : undefined;
      await expect(collect(store.read(partition?.id ?? "", 0, 5))).rejects.toMatchObject({
        code: "store/partial-answer",
        retryable: true,
      });
    }
  });

  test("an index that fails is left out and told; the others are listed", async () => {
    await api.call("PUT", "/failures-well", ONE_SHARD);
    await api.call("PUT", "/failures-ill", ONE_SHARD);
    await api.index("failures-well", sources(0, 5));
    await api.index("failures-ill", sources(0, 5));
    for (const part of ["_refresh", "_settings", "_stats"]) {
      const store = new ElasticsearchEventStore(client, {
        indices: ["failures-well", "failures-ill"],
      });
      proxy.rule = ({ path: called }) =>
        called.includes("failures-ill") && called.includes(part) ? { status: 500 } : undefined;
      expect((await store.partitions()).map(({ bound }) => bound)).toEqual([5]);
      expect(store.limitations()).toMatchObject([
        { code: "store/index-failed", subject: "failures-ill" },
      ]);
      proxy.rule = ({ path: called }) => (called.includes(part) ? { status: 500 } : undefined);
      const again = new ElasticsearchEventStore(client, { indices: ["failures-*"] });
      await expect(again.partitions()).rejects.toMatchObject({ code: "store/rejected" });
      proxy.rule = () => undefined;
      expect(await store.partitions()).toHaveLength(2);
      expect(store.limitations()).toEqual([]);
    }
  });

  test("an aggregation that the engine ended early is whole", async () => {
    await api.call("PUT", "/failures-early", ONE_SHARD);
    const _shards = { total: 1, successful: 1, skipped: 0, failed: 0 };
    const body = { timed_out: false, terminated_early: true, _shards, hits: { hits: [] } };
    proxy.rule = ({ path: called }) =>
      called.endsWith("_search") ? { status: 200, body } : undefined;
    const target = { index: "failures-early", shard: 0, onPrimary: false };
    const aggs = { values: { terms: { field: "a" } } };
    expect(await searchShard(client, target, { size: 0, aggs })).toEqual(body);
    for (const wanted of [{ size: 0 }, { size: 1, aggs }, { aggs }]) {
      const searched = searchShard(client, target, wanted);
      await expect(searched).rejects.toMatchObject({ code: "store/partial-answer" });
    }
  });

  test("a refresh on a copy leaves the shard where it was", async () => {
    await api.call("PUT", "/failures-copy", LONG_REFRESH);
    await api.index("failures-copy", sources(0, 5));
    const store = open("failures-copy");
    expect(await bounds(store)).toEqual([5]);
    await api.index("failures-copy", sources(5, 9));
    const failures = [{ index: "failures-copy", shard: 0 }];
    const body = { _shards: { total: 2, successful: 1, failed: 1, failures } };
    proxy.rule = ({ path: called }) =>
      called.endsWith("_refresh") ? { status: 200, body } : undefined;
    expect(await bounds(store)).toEqual([5]);
    proxy.rule = () => undefined;
    expect(await bounds(store)).toEqual([9]);
  });
});

describeEngines("a broken shard", ({ name }) => {
  test("makes its reading fail and is not listed; others are read", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
    const own = await startEngine(name, { folder });
    const api = new EngineApi(own.url);
    const client = connectEngine({ nodes: [own.url], deadlineMs: 3000 });
    try {
      await api.call("PUT", "/broken", ONE_SHARD);
      await api.call("PUT", "/sound", ONE_SHARD);
      await api.index("broken", sources(0, 5), "?refresh=true");
      await api.index("sound", sources(0, 5), "?refresh=true");
      await api.call("POST", "/_flush");
      const store = new ElasticsearchEventStore(client, { indices: ["broken", "sound"] });
      const [broken, sound] = await store.partitions();
      await own.kill();
      const uuid = broken?.id.split("/")[0] ?? "";
      const commits = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
        file.includes(`${uuid}/0/index/segments_`),
      );
      expect(commits.length).toBeGreaterThan(0);
      for (const file of commits) {
        truncateSync(path.join(folder, file), 20);
      }
      await own.restart(1);
      await api.call("GET", "/_cluster/health/sound?wait_for_status=green&timeout=20s");
      await expect(collect(store.read(broken?.id ?? "", 0, 5))).rejects.toMatchObject({
        code: "store/unreachable",
        retryable: true,
      });
      expect(await store.partitions()).toEqual([sound]);
      expect(await store.gone([broken?.id ?? ""])).toEqual([]);
      expect(await collect(store.read(sound?.id ?? "", 0, 5))).toHaveLength(5);
    } finally {
      await client.close();
      await own.stop();
    }
  });
});
