/** Two things that no single event shows: very many hits of one indicator, and events and indicators that come out of order. */
import type { EngineApi } from "../../engines/engine-api.ts";
import { MAX_SIGNALS } from "./elastic-match.ts";
import { hitsOf, indexDocuments, valuesAt } from "./peer-world.ts";
import { MOST_HITS } from "./sysmonsearch.ts";

export const STORM = 10_050;
const ADDRESS = "192.0.2.77";
export const BURST_PATTERN = `[ipv4-addr:value = '${ADDRESS}']`;
const MINUTE = 60_000;
const MATCH = { term: { "destination.ip": ADDRESS } };
const PART = { wildcard: { "winlog.event_data.DestinationIp": { value: `*${ADDRESS}*` } } };

/** A connection in ECS, with the raw field beside it. */
function connection(id: string, time: number, ip = ADDRESS): { id: string; source: object } {
  const at = new Date(time).toISOString();
  return {
    id,
    source: {
      "@timestamp": at,
      destination: { ip },
      winlog: {
        event_id: "3",
        provider_name: "Microsoft-Windows-Sysmon",
        channel: "Microsoft-Windows-Sysmon/Operational",
        computer_name: "WS1.lab.example",
        record_id: id,
        event_data: { UtcTime: at.slice(0, 23).replace("T", " "), DestinationIp: ip },
      },
    },
  };
}

/** Of another address: whoever finds it finds too much. */
const OTHER = "192.0.2.7";

export async function indexStorm(api: EngineApi, index: string): Promise<void> {
  const documents = Array.from({ length: STORM }, (_, at) => connection(String(at), at * MINUTE));
  await indexDocuments(api, index, [...documents, connection("other", 0, OTHER)]);
}

/** Where the log stood at the last run: behind the old event and the other one. */
export const SEEN = 1;

/** One event of two days ago, and two that came after the last run: one of them three hours late. The indicator is new. */
export async function indexDisorder(api: EngineApi, index: string, now: number): Promise<void> {
  await indexDocuments(api, index, [
    connection("other", now, OTHER),
    connection("old", now - 2 * 24 * 60 * MINUTE),
    connection("late", now - 3 * 60 * MINUTE),
    connection("fresh", now),
  ]);
}

/** The indicator, as an engine's index of indicators has it. */
export async function indexBurstIndicator(api: EngineApi, index: string): Promise<void> {
  const source = { value: ADDRESS, type: "ipv4-addr" };
  await indexDocuments(api, index, [{ id: "burst", source }]);
}

export interface Burst {
  readonly index: string;
  readonly indicators: string;
  /** The last number of the log that was seen; -1: none. */
  readonly seen: number;
}

type Ask = (api: EngineApi, burst: Burst) => Promise<number>;

const bySearch =
  (size: number, query: object): Ask =>
  async (api, { index }) =>
    (await hitsOf(api, index, { size, query })).length;

/** How many events each peer finds: of the storm, and of those out of order. */
export const ASKS: Readonly<Record<string, { readonly storm: Ask; readonly disorder: Ask }>> = {
  elastic: {
    storm: bySearch(MAX_SIGNALS, MATCH),
    // Rules look back an hour and five minutes, by the event's own time.
    disorder: bySearch(MAX_SIGNALS, {
      bool: { filter: [MATCH, { range: { "@timestamp": { gte: "now-65m" } } }] },
    }),
  },
  analytics: { storm: byNumber, disorder: byNumber },
  // Each run looks at all of history.
  sysmonsearch: { storm: bySearch(MOST_HITS, PART), disorder: bySearch(MOST_HITS, PART) },
};

/**
 * Pages of 10,000 behind the last number seen, their values looked up among the indicators: what comes late is found, what is
 * older than the indicator is not.
 */
async function byNumber(api: EngineApi, { index, indicators, seen }: Burst): Promise<number> {
  let found = 0;
  for (let after = seen; ; after += 10_000) {
    const range = { range: { _seq_no: { gt: after, lte: after + 10_000 } } };
    const events = await hitsOf(api, index, { size: 10_000, query: { bool: { filter: [range] } } });
    if (events.length === 0) return found;
    const values = events.flatMap(({ _source }) => valuesAt(_source, "destination.ip"));
    const filter = [{ terms: { value: [...new Set(values)] } }, { term: { type: "ipv4-addr" } }];
    const hits = await hitsOf(api, indicators, { query: { bool: { filter } } });
    const known = new Set(hits.map(({ _source }) => _source["value"]));
    found += values.filter((value) => known.has(value)).length;
  }
}
