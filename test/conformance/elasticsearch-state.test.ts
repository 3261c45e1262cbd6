import { afterAll, beforeAll, jest } from "@jest/globals";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { openElasticsearchState } from "../../services/adapters/elasticsearch/state/state.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { runStateSuite } from "./state.ts";

jest.setTimeout(60_000);

describeEngines("state in indices", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  let states = 0;
  beforeAll(() => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
  });
  afterAll(async () => {
    await client.close();
  });

  runStateSuite({
    name: engine.name,
    make: async () => {
      states += 1;
      const prefix = `state-${states}`;
      const again = async () => openElasticsearchState({ client, prefix });
      const state = await again();
      return { state: { ...state, close: async () => api.removeState(prefix) }, again };
    },
  });
});
