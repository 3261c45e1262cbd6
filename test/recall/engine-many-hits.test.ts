/** One indicator that very many events meet: all are found, each once, and one alert counts them. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { pull, push } from "../../services/core/sweep/strategies.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { indicator } from "../conformance/state-records.ts";
import { describeEngines, runEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { compile, OPTIONS } from "./recall-ways.ts";

const HITS = 100_001;
const pattern = "[domain-name:value = 'many.example']";

function document(i: number): string {
  return JSON.stringify({
    winlog: {
      event_id: 22,
      provider_name: "Microsoft-Windows-Sysmon",
      channel: "Microsoft-Windows-Sysmon/Operational",
      computer_name: "H",
      record_id: i,
      event_data: { UtcTime: "2024-05-06 07:08:09.123", QueryName: i === 7 ? "few.example" : "many.example" }, // prettier-ignore
    },
  });
}

// One engine is enough: how many a search gives at a time is alike on each, and stands in the engine-* tests.
describeEngines(
  "100,001 hits",
  (engine) => {
    let client: EngineClient;
    const index = `many-${randomBytes(4).toString("hex")}`;
    beforeAll(async () => {
      client = connectEngine({ nodes: [engine.url] });
      const api = new EngineApi(engine.url);
      await api.call("PUT", `/${index}`, { settings: { number_of_shards: 1, number_of_replicas: 0 } }); // prettier-ignore
      const documents = Array.from({ length: HITS + 1 }, (_, i) => ({ source: document(i) }));
      await api.index(index, documents);
    }, 120_000);
    afterAll(async () => {
      await new EngineApi(engine.url).removeAll(index);
      await client.close();
    });

    test.each([push, pull])(
      "by $name",
      async (strategy) => {
        const state = openSqliteState(":memory:");
        try {
          const shared = { state, hash: sha256Hash, now: () => 0, elapsed: () => 0 };
          const events = new ElasticsearchEventStore(client, { indices: [index] });
          const sweeper = new Sweeper({ ...shared, events, compile, semantics: 1, jobEvents: 30_000, choose: () => strategy }); // prettier-ignore
          const key = sha256Hash(pattern);
          await state.indicators.upsert([indicator("i", { patternKey: key, pattern })]);
          await state.patterns.activate([{ key, pattern, options: OPTIONS }]);
          await sweeper.tick();
          await foldAlerts({ ...shared, regex: re2 });
          expect(await state.matches.count()).toEqual({ matches: HITS, heldBack: 0 });
          expect(await state.alerts.list({}, 0, 10, false)).toMatchObject([
            { count: HITS, group: { value: "many.example" } },
          ]);
        } finally {
          state.close();
        }
      },
      180_000,
    );
  },
  runEngines.slice(0, 1),
);
