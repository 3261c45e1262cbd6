import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { indexKey } from "stix2-ts";
import { Wanted } from "../../services/core/match/wanted.ts";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import type { PlainSpellings } from "../../services/core/schema/index.ts";
import { listValues } from "../../services/adapters/elasticsearch/list-values.ts";
import { searchShard } from "../../services/adapters/elasticsearch/search-shard.ts";
import { everything, collect } from "../conformance/event-store.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { valuesOf, wideAnchors } from "../support/event-anchors.ts";
import { MAPPINGS, MORE_MAPPINGS } from "../support/index-mappings.ts";
import { oddDocuments } from "../support/odd-events.ts";

jest.setTimeout(300_000);

/** Layouts for the mappings after the first. */
const FEW = new Set(["Winlogbeat 6", "Wazuh", "EVTX export", "NXLog", "ECS"]);

/** The keys of a document by the definition of the port. */
function keysOf(document: unknown): ReadonlySet<string> {
  return new Set(valuesOf(document).map(({ value }) => indexKey(value)));
}

describeEngines("search", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  beforeAll(() => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
  });
  afterAll(async () => {
    await api.removeAll("search-");
    await client.close();
  });

  /** Stores documents in a new index; some mappings refuse some of them. */
  async function storeIn(body: object, documents: readonly unknown[]) {
    const index = `search-${engine.name}-${Math.random().toString(36).slice(2)}`;
    await api.call("PUT", `/${index}`, body);
    const sources = documents.map((document, id) => ({
      id: `${id}`,
      source: JSON.stringify(document),
    }));
    await api.indexSome(index, sources);
    const store = new ElasticsearchEventStore(client, { indices: [index] });
    // As in a log with many values: each field is counted, and asked for spellings or listed in parts.
    const counting = new ElasticsearchEventStore(client, { indices: [index], listedFirst: 1 });
    const [stored = []] = Object.values(await everything(store));
    const [{ id, bound } = { id: "", bound: 0 }] = await store.partitions();
    let searches = 0;
    const searchAnchors = async (wanted: Wanted) => {
      const found = await collect(store.search(id, 0, bound, wanted));
      if (searches++ % 9 > 0) return found; // it asks field by field
      expect(await collect(counting.search(id, 0, bound, wanted))).toEqual(found);
      return found;
    };
    const search = async (keys: readonly string[]) => searchAnchors(Wanted.ofKeys(keys));
    return { index, store, stored, search, searchAnchors };
  }

  const isOpenSearch = engine.name.startsWith("opensearch");
  const mappings = isOpenSearch ? [...MAPPINGS, ...MORE_MAPPINGS] : MAPPINGS;
  describe.each(mappings.map((mapping, nth) => ({ ...mapping, nth })))(
    "in fields mapped as $name",
    ({ body, nth }) => {
      const layouts = oddDocuments.filter(({ name }) => nth === 0 || FEW.has(name));
      test.each(layouts)("leaves no candidate out: $name", async ({ documents }) => {
        const { index, stored, search, searchAnchors } = await storeIn(body, documents);
        expect(stored.length).toBeGreaterThan(documents.length / 2);
        const keysById = new Map(stored.map((e) => [e.locator, keysOf(e.document)] as const));
        const keys = [...new Set([...keysById.values()].flatMap((all) => [...all]))].toSorted();
        expect(keys.length).toBeGreaterThan(20);
        const single = keys.filter((_, at) => at % 19 === nth);
        const sets = [...single.map((key) => [key]), keys.filter((_, at) => at % 2 === 0)];
        for (const some of sets) {
          const found = await search(some);
          const truth = stored.filter(({ locator }) =>
            some.some((key) => keysById.get(locator)?.has(key) === true),
          );
          expect(found).toEqual(expect.arrayContaining(truth));
          expect(found).toEqual(found.toSorted((a, b) => a.position - b.position));
          expect(stored).toEqual(expect.arrayContaining(found));
        }
        const values = new Map(stored.map((e) => [e.locator, valuesOf(e.document)] as const));
        const all = [...values.values()].flat();
        for (const [at, anchor] of all.flatMap(wideAnchors).entries()) {
          if (at % (anchor.kind === "address-range" ? 5 : 61) !== nth % 5) {
            continue;
          }
          const anchors = new Wanted();
          anchors.add(anchor);
          const found = await searchAnchors(anchors);
          const truth = stored.filter(({ locator }) =>
            (values.get(locator) ?? []).some(
              ({ value, path }) =>
                isDeepStrictEqual(path, anchor.path) && anchors.anchors.meets(value),
            ),
          );
          expect({ anchor, found }).toEqual({ anchor, found: expect.arrayContaining(truth) });
        }
        await api.call("DELETE", `/${index}`);
      });
    },
  );

  test.each([
    { name: "keyword without limit", key: "probe.exe", found: 2 },
    { name: "keyword without limit", key: "www.evil.example", found: 1 },
    { name: "keyword without limit", key: "abcdef01-2222-3333-4444-55555555aaaa", found: 1 },
    { name: "keyword without limit", key: "absent.example", found: 0 },
    // Case matters in registry values and a file's origin: these documents are candidates for any key.
    { name: "lower-case keyword", key: "www.evil.example", found: 1, others: 5 },
    // An address with a zone and a number as 0x1F are in no index: their documents are candidates.
    { name: "keyword, addresses and numbers typed", key: "ip4:c0000207", found: 1, others: 1 },
    { name: "keyword, addresses and numbers typed", key: "#443", found: 2, others: 1 },
  ])("asks for $key in $name, and reads no more", async ({ name, key, found, others = 0 }) => {
    const mapping = MAPPINGS.find((one) => one.name === name);
    const layout = oddDocuments.find((one) => one.name === "Winlogbeat 6");
    const { search, store, stored } = await storeIn(mapping?.body ?? {}, layout?.documents ?? []);
    expect(store.limitations()).toEqual([]);
    const documents = await search([key]);
    expect(documents.length).toBeLessThanOrEqual(found + others);
    expect(documents.length).toBeGreaterThanOrEqual(found);
    expect(stored.length).toBeGreaterThan(15);
    expect(store.limitations()).toEqual([]);
  });

  test.each([
    { name: "made by the engine", key: "hidden.exe", id: "2" },
    { name: "made by the engine", key: "two.exe", id: "3" },
    { name: "keyword of 1,024", key: "two.exe", id: "3" },
    { name: "text alone", key: "two.exe", id: "3" },
  ])("finds $key, which stands in too long a text for $name", async ({ name, key, id }) => {
    const mapping = MAPPINGS.find((one) => one.name === name);
    const { search } = await storeIn(mapping?.body ?? {}, oddDocuments[0]?.documents ?? []);
    expect((await search([key])).map(({ locator }) => locator)).toContain(id);
  });

  test("lists every value of a field in a part of a log, among deleted documents too", async () => {
    const index = `search-values-${engine.name}`;
    const body = { mappings: { properties: { k: { type: "keyword" } } } };
    await api.call("PUT", `/${index}`, { settings: { number_of_shards: 1 }, ...body });
    const value = (n: number) => (n < 2000 ? "early" : `v${n % 1500}`);
    const documents = Array.from({ length: 5000 }, (_, n) => ({
      id: `${n}`,
      source: JSON.stringify({ k: value(n) }),
    }));
    await api.index(index, documents);
    for (const n of [3, 2500, 4999]) await api.call("DELETE", `/${index}/_doc/${n}`);
    await api.call("POST", `/${index}/_refresh`);
    const target = { index, shard: 0, onPrimary: isOpenSearch };
    const list = async (plain: PlainSpellings | undefined) => {
      const listed: string[] = [];
      await listValues(
        (query) => searchShard(client, target, query),
        { range: { _seq_no: { gte: 2000 } } },
        [{ field: "k", plain }],
        { most: () => 10_000 },
        (_field, values) => void listed.push(...values.map(({ value: one }) => one)),
      );
      return listed;
    };
    const listed = await list(undefined);
    const want = new Set(documents.slice(2000).map((_, n) => value(n + 2000)));
    expect(new Set(listed)).toEqual(want);
    expect(listed).toHaveLength(want.size);
    // Of plain values only those asked for, and all others.
    const terms = ["v1", "v7", "v77", "absent"];
    const some = await list({ pattern: "v[0-9]{1,2}", terms });
    const isPlain = (text: string) => /^v\d{1,2}$/.test(text);
    const rest = [...want].filter((text) => !isPlain(text) || terms.includes(text));
    expect(some.toSorted()).toEqual(rest.toSorted());
    expect(some.filter(isPlain)).toHaveLength(3);
  });

  test("says why it reads where it can't ask", async () => {
    const { search, store, stored, index } = await storeIn(
      { settings: { number_of_replicas: 0 }, mappings: { dynamic: false } },
      oddDocuments[0]?.documents ?? [],
    );
    expect(await search(["absent.example"])).toEqual(stored);
    expect(store.limitations()).toMatchObject([{ code: "store/search-reads-all", subject: index }]);
  });
});
