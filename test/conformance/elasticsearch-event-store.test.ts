import { afterAll, beforeAll, jest } from "@jest/globals";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { IndexedEvents } from "../support/indexed-events.ts";
import { runEventStoreSuite } from "./event-store.ts";

jest.setTimeout(60_000);

describeEngines("ElasticsearchEventStore", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  let stores = 0;
  beforeAll(() => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
  });
  afterAll(async () => {
    await client.close();
  });

  runEventStoreSuite<IndexedEvents>({
    name: engine.name,
    make: async (sealEvery) => {
      stores += 1;
      const prefix = `conformance-${stores}-`;
      const store = new ElasticsearchEventStore(client, { indices: [`${prefix}*`] });
      return new IndexedEvents(store, api, prefix, sealEvery);
    },
    reopen: async (store) =>
      store.through(new ElasticsearchEventStore(client, { indices: [`conformance-${stores}-*`] })),
    close: async () => api.removeAll(`conformance-${stores}-`),
    unreadable: "store/partition-unreadable",
  });
});
