import { afterAll, beforeAll, expect } from "@jest/globals";
import type { CompiledPattern } from "stix2-ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { documentOf } from "../../services/core/ingest/document.ts";
import { correlate } from "../../services/core/correlate/correlate.ts";
import { pull, push, type Strategy } from "../../services/core/sweep/strategies.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { CORPUS, corpusTest } from "../support/corpus.ts";
import { corpusEvents, EVENT_FILES, type EventFile } from "../support/corpus-events.ts";
import {
  compile,
  corpusPatterns,
  OPTIONS,
  pairCounts,
  PAIRS,
  PAIRS_DIGEST,
  pairsDigest,
} from "../support/corpus-patterns.ts";

/** As an engine maps texts by itself; numbers too, since collectors write both in one field. */
const byItself = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
/** As collectors' own templates map; without the limit where an engine does not tell what was beyond it. */
const keyword = { type: "keyword" };

function indexBody(mapping: object): object {
  const kinds = ["string", "long", "double", "boolean"];
  return {
    settings: {
      number_of_shards: 1,
      number_of_replicas: 0,
      "index.mapping.total_fields.limit": 5000,
    },
    mappings: {
      date_detection: false,
      dynamic_templates: kinds.map((kind) => ({ [kind]: { match_mapping_type: kind, mapping } })),
      // A text in one layout, an object in another: no index has both, unless it looks at neither.
      properties: { host: { type: "object", enabled: false } },
    },
  };
}

const ARRANGEMENTS = [
  { name: "each layout in its own index", index: nameOf, mapping: byItself },
  { name: "all layouts in one index", index: () => "all", mapping: keyword },
];

function nameOf(file: EventFile): string {
  return file.split(".")[0] ?? file;
}

/** Sweeps all indices with one strategy: history first, patterns after. */
async function sweepWith(
  store: ElasticsearchEventStore,
  strategy: Strategy,
  patterns: ReadonlyMap<string, CompiledPattern>,
) {
  const state = openSqliteState(":memory:");
  try {
    const list = [...patterns].map(([key, { pattern }]) => ({
      key,
      pattern: pattern.text,
      options: OPTIONS,
    }));
    const sweeper = new Sweeper({
      events: store,
      state,
      compile,
      hash: sha256Hash,
      now: () => 0,
      elapsed: () => performance.now(),
      semantics: 1,
      jobEvents: 5000,
      choose: (_area, loaded) => (strategy.admissible(loaded) ? strategy : pull),
    });
    await state.patterns.activate(list.slice(0, 1));
    await sweeper.tick();
    const hasEquals = (key: string) =>
      patterns.get(key)?.anchors?.every(({ kind }) => kind === "equals") === true;
    await state.patterns.activate(list.filter(({ key }) => hasEquals(key)));
    const asked = await sweeper.tick();
    // Then those that are found by parts of values, ranges and endings, and last those that only reading finds.
    const isAnchored = (key: string) => patterns.get(key)?.anchors !== undefined;
    await state.patterns.activate(list.filter(({ key }) => !hasEquals(key) && isAnchored(key)));
    await sweeper.tick();
    await state.patterns.activate(list.filter(({ key }) => !isAnchored(key)));
    await sweeper.tick();
    const again = await sweeper.tick();
    await correlate({ state, compile, hash: sha256Hash, semantics: 1 });
    return { log: await state.matches.tail(0, 10_000_000), asked, again };
  } finally {
    state.close();
  }
}

describeEngines("the corpus", (engine) => {
  let client: EngineClient;
  let api: EngineApi;
  beforeAll(async () => {
    client = connectEngine({ nodes: [engine.url] });
    api = new EngineApi(engine.url);
    if (CORPUS === "") {
      return;
    }
    for (const { index, mapping } of ARRANGEMENTS) {
      for (const name of new Set(EVENT_FILES.map(index))) {
        await api.call("PUT", `/corpus-${name}`, indexBody(mapping));
      }
      for (const file of EVENT_FILES) {
        const documents = corpusEvents(file).map(({ locator, document }) => ({
          id: locator,
          source: JSON.stringify(documentOf(document)),
        }));
        await api.index(`corpus-${index(file)}`, documents);
      }
    }
  }, 300_000);
  afterAll(async () => {
    await api.removeAll("corpus-");
    await client.close();
  });

  for (const { name, index } of ARRANGEMENTS) {
    for (const strategy of [push, pull]) {
      corpusTest(`${name}, by ${strategy.name}: the pairs of the naive matcher`, async () => {
        const indices = [...new Set(EVENT_FILES.map((file) => `corpus-${index(file)}`))];
        const store = new ElasticsearchEventStore(client, { indices });
        const { log, again, asked } = await sweepWith(store, strategy, corpusPatterns());
        // Two files hold the same events: the layout of the one that is read first is kept.
        const named = log.map((match) =>
          match.layout === "evtx" ? { ...match, layout: "winlogbeat7" } : match,
        );
        expect(pairCounts(named)).toEqual(PAIRS);
        expect(pairsDigest(log.map(({ id }) => id))).toBe(PAIRS_DIGEST);
        expect(again.jobs).toBe(0);
        if (strategy === push && index("ecs_samples.ndjson") === "all") {
          expect(asked.events).toBeLessThan(20_000);
          expect(store.limitations()).toEqual([]);
        }
      });
    }
  }
});
