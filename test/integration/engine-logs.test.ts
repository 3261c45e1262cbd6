import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { Wanted } from "../../services/core/match/wanted.ts";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { collect, everything, numberedRange } from "../conformance/event-store.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { snapshotFolder } from "../engines/shared-server.ts";
import { Tail } from "../support/tail.ts";

jest.setTimeout(120_000);

const ONE_SHARD = { settings: { number_of_shards: 1, number_of_replicas: 0 } };

function sources(from: number, to: number) {
  return numberedRange(from, to).map(({ locator, text }) => ({ id: locator, source: text }));
}

function ids(from: number, to: number): string[] {
  return sources(from, to).map(({ id }) => id);
}

describeEngines("logs", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  beforeAll(() => {
    client = connectEngine({ nodes: [engine.url], deadlineMs: 5000 });
    api = new EngineApi(engine.url);
  });
  afterEach(async () => {
    await api.removeAll("logs-");
  });
  afterAll(async () => {
    await client.close();
  });

  const open = (...indices: string[]) => new ElasticsearchEventStore(client, { indices });
  const bounds = async (store: ElasticsearchEventStore) =>
    (await store.partitions()).map(({ bound }) => bound);
  const locators = async (store: ElasticsearchEventStore) =>
    Object.values(await everything(store))
      .flat()
      .map(({ locator }) => locator);

  test("writers whose documents come late and out of order lose none", async () => {
    const settings = { number_of_shards: 2, number_of_replicas: 0, refresh_interval: "500ms" };
    await api.call("PUT", "/logs-late", { settings });
    const tail = new Tail(open("logs-late"));
    const write = async (writer: number) => {
      for (let round = 0; round < 25; round++) {
        const size = 1 + ((round * 37 + writer * 91) % 300);
        const documents = Array.from({ length: size }, (_, at) => ({
          id: `${writer}-${round}-${at}`,
          source: JSON.stringify({ writer, "@timestamp": round % 9 === 0 ? 0 : Date.now() }),
        }));
        await api.index("logs-late", documents);
        if (round % 5 === 4) {
          await api.call("DELETE", `/logs-late/_doc/${writer}-${round}-0`);
        }
      }
    };
    await tail.followDuring(Promise.all([0, 1, 2, 3].map(write)));
    await tail.follow();
    await api.call("POST", "/logs-late/_refresh");
    const { count } = await api.call("GET", "/logs-late/_count");
    expect(new Set(tail.seen).size).toBe(tail.seen.length);
    expect(tail.seen.length).toBeGreaterThanOrEqual(Number(count));
    const stored = new Set(await locators(open("logs-late")));
    expect(stored.size).toBe(count);
    expect([...stored.difference(new Set(tail.seen))]).toEqual([]);
  });

  test("an index of a cold tier is told, and read as any other", async () => {
    // OpenSearch has no such tiers: there the name is an attribute that no node has.
    const tier = engine.name.startsWith("es")
      ? { "routing.allocation.include._tier_preference": "data_cold,data_content" }
      : {};
    await api.call("PUT", "/logs-cold", { settings: { ...ONE_SHARD.settings, ...tier } });
    await api.call("PUT", "/logs-hot", ONE_SHARD);
    await api.index("logs-cold", sources(0, 5));
    const store = open("logs-cold", "logs-hot");
    const told = (await store.partitions()).map(({ isCold }) => isCold);
    expect(told).toEqual([engine.name.startsWith("es"), false]);
    expect(await locators(store)).toEqual(ids(0, 5));
  });

  test("updates and deletes leave holes, and a document that changed is read again", async () => {
    await api.call("PUT", "/logs-holes", ONE_SHARD);
    await api.index("logs-holes", sources(0, 5));
    const store = open("logs-holes");
    const tail = new Tail(store);
    await tail.follow();
    await api.call("PUT", "/logs-holes/_doc/log:2", { changed: true });
    await api.call("DELETE", "/logs-holes/_doc/log:3");
    expect(await bounds(store)).toEqual([7]);
    expect(await tail.follow()).toBe(1);
    expect(tail.seen).toEqual([...ids(0, 5), "log:2"]);
    expect(await locators(store)).toEqual(["log:1", "log:4", "log:5", "log:2"]);
  });

  test("a tick with nothing new refreshes nothing", async () => {
    await api.call("PUT", "/logs-quiet", {
      settings: { ...ONE_SHARD.settings, refresh_interval: -1 },
    });
    await api.index("logs-quiet", sources(0, 3));
    const store = open("logs-quiet");
    const refreshes = async () => {
      const stats = await api.call("GET", "/logs-quiet/_stats/refresh");
      const all = stats["_all"] as { primaries: { refresh: { external_total: number } } };
      return all.primaries.refresh.external_total;
    };
    expect(await bounds(store)).toEqual([3]);
    const once = await refreshes();
    expect(await bounds(store)).toEqual([3]);
    expect(await refreshes()).toBe(once);
    await api.index("logs-quiet", sources(3, 4));
    expect(await bounds(store)).toEqual([4]);
    expect(await refreshes()).toBe(once + 1);
  });

  test("an index that was shrunk has several documents at one position, and gives all", async () => {
    const keyword = { match_mapping_type: "string", mapping: { type: "keyword" } };
    await api.call("PUT", "/logs-wide", {
      settings: { number_of_shards: 4, number_of_replicas: 0 },
      mappings: { dynamic_templates: [{ strings: keyword }] },
    });
    await api.index("logs-wide", sources(0, 6000));
    const wide = open("logs-wide");
    expect((await wide.partitions()).length).toBe(4);
    await api.call("PUT", "/logs-wide/_settings", { "index.blocks.write": true });
    const narrow = { settings: { "index.number_of_shards": 1, "index.blocks.write": null } };
    await api.call("PUT", "/logs-wide/_shrink/logs-narrow?wait_for_active_shards=1", narrow);
    await api.index("logs-narrow", sources(6000, 6003));
    const store = open("logs-narrow");
    const [events = []] = Object.values(await everything(store));
    expect(new Set(events.map(({ locator }) => locator))).toEqual(new Set(ids(0, 6003)));
    expect(events.length).toBe(6003);
    const positions = events.map(({ position }) => position);
    expect(new Set(positions).size).toBeLessThan(3000);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    // Cut into jobs at any position, nothing is lost and nothing comes twice.
    const [{ id, bound } = { id: "", bound: 0 }] = await store.partitions();
    const parts: string[] = [];
    for (let from = 0; from < bound; from += 333) {
      const part = await collect(store.read(id, from, Math.min(bound, from + 333)));
      parts.push(...part.map(({ locator }) => locator));
    }
    expect(parts).toHaveLength(6003);
    const third = await collect(store.search(id, 0, bound, Wanted.ofKeys(["third"])));
    expect(third).toHaveLength(2001);
  });

  test("an index that was restored over itself is another log", async () => {
    const repository = { type: "fs", settings: { location: snapshotFolder(engine.name) } };
    await api.call("PUT", "/_snapshot/logs", repository);
    await api.call("PUT", "/logs-restored", ONE_SHARD);
    await api.index("logs-restored", sources(0, 10));
    const wait = "?wait_for_completion=true";
    await api.call("PUT", `/_snapshot/logs/one${wait}`, { indices: "logs-restored" });
    await api.index("logs-restored", sources(10, 20));
    const store = open("logs-restored");
    const tail = new Tail(store);
    await tail.follow();
    const [before] = await store.partitions();
    await api.call("POST", "/logs-restored/_close");
    expect(await store.partitions()).toEqual([]);
    expect(await store.gone([before?.id ?? ""])).toEqual([]);
    await expect(collect(store.read(before?.id ?? "", 0, 1))).rejects.toMatchObject({
      code: "store/partition-unreadable",
    });
    await api.call("POST", `/_snapshot/logs/one/_restore${wait}`, { indices: "logs-restored" });
    await api.index("logs-restored", sources(20, 30));
    const [after] = await store.partitions();
    expect(after?.id.split("/")[0]).toBe(before?.id.split("/")[0]);
    expect(after?.id).not.toBe(before?.id);
    expect(after?.bound).toBe(before?.bound);
    expect(await tail.follow()).toBe(20);
    expect(new Set(tail.seen)).toEqual(new Set(ids(0, 30)));
    expect(await store.gone([before?.id ?? "", after?.id ?? ""])).toEqual([before?.id]);
    await api.call("DELETE", "/_snapshot/logs/one");
  });

  test("a deleted index is gone, a closed or missing one is not", async () => {
    await api.call("PUT", "/logs-one", ONE_SHARD);
    await api.call("PUT", "/logs-two", ONE_SHARD);
    await api.index("logs-one", sources(0, 2));
    await api.index("logs-two", sources(2, 4));
    const store = open("logs-*");
    const [one, two] = await store.partitions();
    await api.call("POST", "/logs-one/_close");
    await api.call("DELETE", "/logs-two");
    expect(await store.partitions()).toEqual([]);
    const known = [one?.id ?? "", two?.id ?? "", "AAAAAAAAAAAAAAAAAAAAAA/0/never-there"];
    expect(await store.gone(known)).toEqual([two?.id]);
    await api.call("POST", "/logs-one/_open?wait_for_active_shards=1");
    expect(await store.partitions()).toEqual([one]);
    // A new index of the same name is another log, and is not read as the old one.
    await api.call("PUT", "/logs-two", ONE_SHARD);
    await api.index("logs-two", sources(10, 20));
    await expect(collect(store.read(two?.id ?? "", 0, 2))).rejects.toMatchObject({
      code: "store/partition-unreadable",
    });
  });

  test("an index that is replaced while it is read is not credited", async () => {
    await api.call("PUT", "/logs-swap", ONE_SHARD);
    await api.index("logs-swap", sources(0, 3000));
    const store = open("logs-swap");
    const [{ id, bound } = { id: "", bound: 0 }] = await store.partitions();
    const pages = store.read(id, 0, bound);
    await pages.next();
    await api.call("DELETE", "/logs-swap");
    await api.call("PUT", "/logs-swap", ONE_SHARD);
    await api.index("logs-swap", sources(5000, 8000), "?refresh=true");
    await expect(collect(pages)).rejects.toMatchObject({ code: "store/partition-unreadable" });
  });

  test("an alias and a pattern lead to the indices behind them, each once", async () => {
    await api.call("PUT", "/logs-a", { ...ONE_SHARD, aliases: { "logs-alias": {} } });
    await api.call("PUT", "/logs-b.c", { ...ONE_SHARD, aliases: { "logs-alias": {} } });
    await api.index("logs-a", sources(0, 2));
    await api.index("logs-b.c", sources(2, 5));
    expect(await locators(open("logs-alias"))).toEqual(ids(0, 5));
    expect(await locators(open("logs-alias", "logs-*", "logs-a"))).toEqual(ids(0, 5));
    expect(await locators(open("logs-absent", "logs-a"))).toEqual(ids(0, 2));
  });

  // Elasticsearch's module for data streams is not published as a jar.
  const streaming = engine.name.startsWith("opensearch") ? [engine.name] : [];
  for (const name of streaming) {
    test(`a data stream of ${name} is read per backing index, through a rollover`, async () => {
      await api.call("PUT", "/_index_template/logs-streams", {
        index_patterns: ["logs-stream*"],
        priority: 500,
        data_stream: {},
        template: { settings: { number_of_shards: 2, number_of_replicas: 0 } },
      });
      const timed = (from: number, to: number) =>
        sources(from, to).map(({ id, source }) => ({
          id,
          source: source.replace("{", '{"@timestamp":"2024-05-06T07:08:09Z",'),
        }));
      await api.index("logs-stream", timed(0, 20));
      const store = open("logs-stream");
      const tail = new Tail(store);
      await tail.follow();
      await api.call("POST", "/logs-stream/_rollover");
      await api.index("logs-stream", timed(20, 50));
      await tail.follow();
      expect((await store.partitions()).length).toBe(4);
      expect(tail.seen.toSorted()).toEqual(ids(0, 50).toSorted());
      const first = (await store.partitions()).map(({ id }) => id);
      const [oldest = ""] = Object.keys(
        (await api.call("GET", "/logs-stream/_stats"))["indices"] as object,
      ).toSorted();
      await api.call("DELETE", `/${oldest}`);
      const left = (await store.partitions()).map(({ id }) => id);
      expect(left.length).toBe(2);
      expect((await store.gone(first)).toSorted()).toEqual(
        first.filter((id) => !left.includes(id)).toSorted(),
      );
      await api.removeAll("logs-stream");
      await api.call("DELETE", "/_index_template/logs-streams");
    });
  }
});
