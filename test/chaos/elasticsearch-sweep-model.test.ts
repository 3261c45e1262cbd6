import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { openElasticsearchState } from "../../services/adapters/elasticsearch/state/state.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { checkSweepModel } from "../support/sweep-model.ts";

jest.setTimeout(300_000);

describeEngines("the plane with state in indices", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  let runs = 0;
  beforeAll(() => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
  });
  afterAll(async () => {
    await client.close();
  });

  test("at quiescence the matches are the naive matcher's, each once, and alerts count them", async () => {
    const open = async () => {
      runs += 1;
      return openElasticsearchState({ client, prefix: `model-${runs}` });
    };
    const close = async () => api.removeState(`model-${runs}`);
    const checked = checkSweepModel({ open, close }, { runs: 12, steps: 20 });
    await expect(checked).resolves.toBeUndefined();
  });
});
