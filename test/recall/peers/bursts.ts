/** Two things that no single event shows: very many hits of one indicator, and events and indicators that come out of order. */
import type { EngineApi } from "../../engines/engine-api.ts";
import { MAX_SIGNALS } from "./elastic-match.ts";
import { hitsOf, indexDocuments } from "./peer-world.ts";
import { MOST_HITS } from "./sysmonsearch.ts";

export const STORM = 10_050;
const ADDRESS = "192.0.2.77";
export const BURST_PATTERN = `[ipv4-addr:value = '${ADDRESS}']`;
const MINUTE = 60_000;
const MATCH = { term: { "destination.ip": ADDRESS } };
const PART = { wildcard: { "winlog.event_data.DestinationIp": { value: `*${ADDRESS}*` } } };

/** A connection in ECS, with the raw field beside it. */
function connection(id: string, time: number): { id: string; source: object } {
  const at = new Date(time).toISOString();
  return {
    id,
    source: {
      "@timestamp": at,
      destination: { ip: ADDRESS },
      winlog: {
        event_id: "3",
        provider_name: "Microsoft-Windows-Sysmon",
        channel: "Microsoft-Windows-Sysmon/Operational",
        computer_name: "WS1.lab.example",
        record_id: id,
        event_data: { UtcTime: at.slice(0, 23).replace("T", " "), DestinationIp: ADDRESS },
      },
    },
  };
}

export async function indexStorm(api: EngineApi, index: string): Promise<void> {
  const documents = Array.from({ length: STORM }, (_, at) => connection(String(at), at * MINUTE));
  await indexDocuments(api, index, documents);
}

/**
 * One event of two days ago, and two that came after the last run: one of them three hours late. The indicator is new.
 * Returns where in the index's log the last run stood.
 */
export async function indexDisorder(api: EngineApi, index: string, now: number): Promise<number> {
  await indexDocuments(api, index, [
    connection("old", now - 2 * 24 * 60 * MINUTE),
    connection("late", now - 3 * 60 * MINUTE),
    connection("fresh", now),
  ]);
  return 0;
}

type Ask = (api: EngineApi, index: string, seen: number) => Promise<number>;

/** How many events of the burst each peer finds: of the storm, and of those out of order. */
export const ASKS: Readonly<Record<string, { readonly storm: Ask; readonly disorder: Ask }>> = {
  elastic: {
    storm: async (api, index) =>
      (await hitsOf(api, index, { size: MAX_SIGNALS, query: MATCH })).length,
    // Rules look back an hour and five minutes, by the event's own time.
    disorder: async (api, index) => {
      const filter = [MATCH, { range: { "@timestamp": { gte: "now-65m" } } }];
      return (await hitsOf(api, index, { size: MAX_SIGNALS, query: { bool: { filter } } })).length;
    },
  },
  analytics: {
    storm: async (api, index) => byNumber(api, index, -1),
    disorder: byNumber,
  },
  sysmonsearch: {
    storm: async (api, index) =>
      (await hitsOf(api, index, { size: MOST_HITS, query: PART })).length,
    disorder: async (api, index) =>
      (await hitsOf(api, index, { size: MOST_HITS, query: PART })).length,
  },
};

/** Pages of 10,000 behind the last number seen: what comes late is found, what is older than the indicator is not. */
async function byNumber(api: EngineApi, index: string, seen: number): Promise<number> {
  let found = 0;
  for (let after = seen; ; after += 10_000) {
    const range = { range: { _seq_no: { gt: after, lte: after + 10_000 } } };
    const hits = await hitsOf(api, index, { size: 10_000, query: { bool: { filter: [range] } } });
    if (hits.length === 0) return found;
    found += hits.length;
  }
}
