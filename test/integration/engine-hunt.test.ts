/** Hunts on an engine find what the specification finds. */
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { valuesOf } from "../../services/core/hunt/criteria.ts";
import { guidOf } from "../../services/core/hunt/process-node.ts";
import { makeHunter } from "../../services/runtime/hunter.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { allEvents, drawnCriteria, naively, searched, type Placed } from "../support/hunt-cases.ts";
import { sampleDocuments } from "../support/role-cluster.ts";

jest.setTimeout(300_000);

describeEngines("a hunt", (engine) => {
  const index = `hunt-${engine.name}-${Math.random().toString(36).slice(2)}`;
  let client: EngineClient;
  let api: EngineApi;
  let store: ElasticsearchEventStore;
  let all: readonly Placed[];
  beforeAll(async () => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
    // As Winlogbeat's template has it; four layouts in one index agree on keywords.
    const keyword = { match_mapping_type: "*", mapping: { type: "keyword", ignore_above: 1024 } };
    const mappings = {
      dynamic_templates: [
        { time: { match: "@timestamp", mapping: { type: "date" } } },
        { keywords: { match_mapping_type: "string", mapping: keyword.mapping } },
      ],
    };
    const settings = { number_of_shards: 3, "index.mapping.total_fields.limit": 5000 };
    await api.call("PUT", `/${index}`, { settings, mappings });
    await api.indexSome(index, sampleDocuments(1500));
    store = new ElasticsearchEventStore(client, { indices: [index] });
    all = await allEvents(store);
  });
  afterAll(async () => {
    await api.removeAll("hunt-");
    await client.close();
  });

  test("finds what the specification finds, in its order, page by page", async () => {
    expect(all.length).toBeGreaterThan(1000);
    await fc.assert(
      fc.asyncProperty(drawnCriteria(all), async (criteria) => {
        const want = naively(all, criteria);
        const { places, totals } = await searched(store, criteria, want.length > 500 ? 2000 : 100);
        expect(places).toEqual(want);
        expect([...totals]).toEqual([want.length]);
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  test("gives the tree of every process that started another", async () => {
    const hunter = makeHunter(store);
    const starts = all.filter(({ event }) => event.eventId === 1).slice(0, 20);
    expect(starts.length).toBe(20);
    for (const { event } of starts) {
      const parent = valuesOf(event, "ParentProcessGuid")[0] ?? "";
      const tree = await hunter.tree({ host: event.host ?? "", guid: parent, depth: 2, activities: 5 }); // prettier-ignore
      const children = all.filter(
        (one) =>
          one.event.eventId === 1 &&
          one.event.host === event.host &&
          guidOf(valuesOf(one.event, "ParentProcessGuid")[0]) === guidOf(parent),
      );
      const node = tree?.nodes.find(({ guid }) => guid === guidOf(parent));
      expect(node?.childCount).toBe(children.length);
      expect(tree?.complete).toBe(true);
    }
  });
});
