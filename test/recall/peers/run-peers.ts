import { randomBytes } from "node:crypto";
import { sha256Hash } from "../../../services/adapters/crypto/hash.ts";
import { connectEngine } from "../../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../../services/adapters/elasticsearch/event-store.ts";
import { openSqliteState } from "../../../services/adapters/sqlite/state.ts";
import { correlate } from "../../../services/core/correlate/correlate.ts";
import type { PatternInput } from "../../../services/core/records.ts";
import { Sweeper } from "../../../services/core/sweep/sweep.ts";
import { EngineApi } from "../../engines/engine-api.ts";
import { CASES } from "../cases.ts";
import { compile, OPTIONS, PATTERNS } from "../recall-ways.ts";
import {
  ASKS,
  BURST_PATTERN,
  indexBurstIndicator,
  indexDisorder,
  indexStorm,
  SEEN,
} from "./bursts.ts";
import { eventsFirst, EXPERT, indicatorsFirst, PREBUILT } from "./elastic-match.ts";
import { securityAnalytics } from "./opensearch-analytics.ts";
import { ecsDocument, EVENTS, indexDocuments, rawDocument } from "./peer-world.ts";
import { scoreOf, type Found, type Score } from "./score.ts";
import { sysmonSearch } from "./sysmonsearch.ts";

export interface PeerRow {
  readonly who: string;
  readonly score: Score;
  /** Of `STORM` events of one indicator. */
  readonly storm: number;
  /** Of three: an old event, one that came late, a new one; the indicator is new. */
  readonly disorder: number;
}

const BURST: readonly PatternInput[] = [{ key: "burst", pattern: BURST_PATTERN, options: OPTIONS }];

/** Sweeps an index with new patterns; gives the documents of each pattern's matches. */
async function sweep(
  url: string,
  index: string,
  patterns: readonly PatternInput[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const client = connectEngine({ nodes: [url] });
  const state = openSqliteState(":memory:");
  try {
    const events = new ElasticsearchEventStore(client, { indices: [index] });
    const shared = { state, compile, hash: sha256Hash, semantics: 1 };
    const sweeper = new Sweeper({ ...shared, events, now: () => 0, elapsed: () => performance.now(), jobEvents: 20_000 }); // prettier-ignore
    await state.patterns.activate(patterns);
    const { failures } = await sweeper.tick();
    if (failures.length > 0) throw failures[0]?.error;
    await correlate(shared);
    const matches = await state.matches.tail(0, 1_000_000);
    const byPattern = Map.groupBy(matches, ({ patternKey }) => patternKey);
    return new Map(
      [...byPattern].map(([key, all]) => [key, new Set(all.map(({ locator }) => locator.split("/").at(-1) ?? ""))]), // prettier-ignore
    );
  } finally {
    state.close();
    await client.close();
  }
}

async function ours(url: string, index: string): Promise<Found> {
  const found = await sweep(url, index, PATTERNS);
  return new Map(
    CASES.map(({ name, pattern }) => [name, found.get(sha256Hash(pattern)) ?? new Set()]),
  );
}

/** Runs the peers of an engine, and ours beside them, on the same documents. */
export async function runPeers(url: string, isElastic: boolean): Promise<readonly PeerRow[]> {
  const api = new EngineApi(url);
  const prefix = `peers-${randomBytes(4).toString("hex")}-`;
  const at = (name: string): string => prefix + name;
  try {
    const ecs = EVENTS.map((one) => ({ id: one.key, source: ecsDocument(one) }));
    await indexDocuments(api, at("ecs"), ecs);
    const raw = EVENTS.map((one) => ({ id: one.key, source: rawDocument(one) }));
    await indexDocuments(api, at("raw"), raw);
    await indexStorm(api, at("storm"));
    await indexDisorder(api, at("disorder"), Date.now());
    await indexBurstIndicator(api, at("burst-indicator"));
    const burst = (index: string, seen: number) => ({ index: at(index), indicators: at("burst-indicator"), seen }); // prettier-ignore
    const row = async (who: string, ask: string, found: Found): Promise<PeerRow> => ({
      who,
      score: scoreOf(found),
      storm: (await ASKS[ask]?.storm(api, burst("storm", -1))) ?? 0,
      disorder: (await ASKS[ask]?.disorder(api, burst("disorder", SEEN))) ?? 0,
    });
    const our = async (index: string): Promise<Omit<PeerRow, "who">> => ({
      score: scoreOf(await ours(url, at(index))),
      storm: (await sweep(url, at("storm"), BURST)).get("burst")?.size ?? 0,
      disorder: (await sweep(url, at("disorder"), BURST)).get("burst")?.size ?? 0,
    });
    const threats = { settings: { number_of_replicas: 0 }, mappings: { dynamic_templates: [{ all: { match: "*", mapping: { type: "keyword" } } }] } }; // prettier-ignore
    await api.call("PUT", `/${at("threats")}`, threats);
    const peers = isElastic
      ? [
          await row("Elastic indicator match, the rules that come with it (ECS)", "elastic", await indicatorsFirst(api, at("ecs"), PREBUILT)),
          await row("the same, mapped by an expert, indicators first (ECS)", "elastic", await indicatorsFirst(api, at("ecs"), EXPERT)),
          await row("the same, events first (ECS)", "elastic", await eventsFirst(api, at("ecs"), at("threats"), EXPERT)),
          await row("SysmonSearch, alert script (Winlogbeat)", "sysmonsearch", await sysmonSearch(api, at("raw"))),
        ]
      : [
          await row("OpenSearch Security Analytics (ECS)", "analytics", await securityAnalytics(api, at("ecs"), at("threats"))),
        ]; // prettier-ignore
    return [
      ...peers,
      { who: "stixsweep (ECS)", ...(await our("ecs")) },
      { who: "stixsweep (Winlogbeat)", ...(await our("raw")) },
    ];
  } finally {
    await api.removeAll(prefix);
  }
}

/** Of the eleven names of one batch, how many a search finds that names no size: the engine's own word on it. */
export async function hitsWithoutSize(url: string): Promise<number> {
  const api = new EngineApi(url);
  const index = `peers-size-${randomBytes(4).toString("hex")}`;
  try {
    const names = Array.from({ length: 11 }, (_, at) => `c2-${at}.example`);
    const documents = names.map((value) => ({ id: value, source: { value, type: "domain-name" } }));
    await indexDocuments(api, index, documents);
    const query = { bool: { filter: [{ terms: { value: names } }, { term: { type: "domain-name" } }] } }; // prettier-ignore
    const answer = await api.call("POST", `/${index}/_search`, { query });
    return (answer["hits"] as { hits: unknown[] }).hits.length;
  } finally {
    await api.removeAll(index);
  }
}
