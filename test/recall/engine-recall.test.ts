/** The recall corpus on real engines, in indices whose mappings leave long texts out, or have no exact values at all. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { pull, push } from "../../services/core/sweep/strategies.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { IndexedEvents } from "../support/indexed-events.ts";
import { arrangements } from "../unit/schema/documents.ts";
import { compare, layOut, swept } from "./recall-ways.ts";

const MAPPINGS: Readonly<Record<string, object>> = {
  "as the engine maps by itself": { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } }, // prettier-ignore
  "keywords of 1,024 letters": { type: "keyword", ignore_above: 1024 },
  "texts without exact values": { type: "text" },
};
const LAYOUTS = ["Winlogbeat 7, forwarded", "EVTX export", "Wazuh"];
const WAYS = [pull, push].flatMap((strategy) =>
  (["patterns last", "events last, the older ones later"] as const).map((when) => ({
    strategy,
    when,
  })),
);

describeEngines("the recall corpus", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  const all = `recall-${randomBytes(4).toString("hex")}-`;
  let indices = 0;
  beforeAll(() => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
  });
  afterAll(async () => {
    await api.removeAll(all);
    await client.close();
  });

  test.each(
    Object.keys(MAPPINGS).flatMap((mapping) => LAYOUTS.map((layout) => ({ mapping, layout }))),
  )(
    "$layout, $mapping",
    async ({ mapping, layout }) => {
      const lay = arrangements.find(({ name }) => name === layout)?.lay;
      if (lay === undefined) throw new Error(`no layout is called ${layout}`);
      const laidOut = layOut(lay);
      const templates = [{ strings: { match_mapping_type: "string", mapping: MAPPINGS[mapping] } }];
      const body = {
        settings: { number_of_shards: 1, number_of_replicas: 0 },
        mappings: { date_detection: false, dynamic_templates: templates },
      };
      for (const { strategy, when } of WAYS) {
        indices += 1;
        const prefix = `${all}${indices}-`;
        const store = new ElasticsearchEventStore(client, { indices: [`${prefix}*`] });
        const indexed = new IndexedEvents(store, api, prefix, 40, body);
        const found = await swept(indexed, laidOut.documents, strategy, when);
        const which = { strategy: strategy.name, when };
        expect({ ...which, ...compare(laidOut, found) }).toEqual({
          ...which,
          missing: [],
          wrong: 0,
        });
      }
    },
    120_000,
  );
});
