/**
 * Measures previews over a large store, and what a value costs with all warning lists loaded.
 * `npm run bench:false-positives [-- --events N] [-- --engine NAME]`: embedded without an engine. The lists are those of
 * STIXSWEEP_CORPUS, where it is set.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openJournalStore } from "../../services/adapters/duckdb/journal-store.ts";
import { connectEngine } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { readLines } from "../../services/adapters/files/read-lines.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import type { EventStore } from "../../services/core/ports.ts";
import { observedValue } from "../../services/core/suppress/observed-value.ts";
import { readConfig } from "../../services/runtime/config.ts";
import { warningListsOf } from "../../services/runtime/core-deps.ts";
import { journalPicker } from "../../services/runtime/journal-picker.ts";
import { makePreviewer } from "../../services/runtime/previewer.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { ENGINES, startEngine } from "../engines/engine.ts";
import { measure } from "./measure.ts";
import { ecsDocuments, makeIndicators, PLANTED_PAIRS, writeLog } from "./workload.ts";

const { values: args } = parseArgs({
  options: { events: { type: "string", default: "500000" }, engine: { type: "string" } },
});
const EVENTS = Number(args.events);
const INDICATORS = 5000;
const VALUES = 100_000;

const CORPUS = process.env["STIXSWEEP_CORPUS"] ?? "";
const config = readConfig({
  WARNINGLISTS_DIR: CORPUS === "" ? "" : path.join(CORPUS, "warninglists"),
});
const warningLists = warningListsOf(config, { warn: (message: unknown) => console.error(message) });

/** A feed as a STIX bundle. */
function feed(patterns: readonly string[]): Buffer {
  const objects = patterns.map((pattern, i) => ({
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
    created: "2024-01-01T00:00:00Z",
    modified: "2024-01-01T00:00:00Z",
    valid_from: "2024-01-01T00:00:00Z",
    pattern_type: "stix",
    pattern,
  }));
  const id = "bundle--00000000-0000-4000-8000-000000000000";
  return Buffer.from(JSON.stringify({ type: "bundle", id, objects }));
}

async function benchLists(): Promise<void> {
  const lists = await warningLists();
  const { hashes, addresses, domains } = makeIndicators(VALUES);
  const given = [
    ["hashes", "file:hashes.'SHA-256'", hashes],
    ["addresses", "network-traffic:dst_ref.value", addresses],
    ["domains", "domain-name:value", domains],
  ] as const;
  const entries = lists.lists.reduce((sum, one) => sum + one.entries, 0);
  console.log(`${lists.lists.length} warning lists with ${entries} entries`);
  for (const [name, at, values] of given) {
    const { cpuMs } = await measure(3, () => {
      for (const value of values) lists.hits(observedValue({ path: at, value }));
    });
    console.log(`  ${name}: ${((cpuMs * 1000) / values.length).toFixed(2)} µs a value`);
  }
}

async function benchPreview(events: EventStore, isEmbedded: boolean): Promise<void> {
  const { patterns } = makeIndicators(INDICATORS);
  const long = [...patterns, "[process:pid > 19990 AND process:command_line MATCHES 'level 9$']"];
  for (const [name, list] of [
    ["5,000 indicators", patterns],
    ["5,000 indicators, the second time", patterns],
    ["5,000 indicators and one with nothing to look up", long],
  ] as const) {
    const state = openSqliteState(":memory:");
    const preview = makePreviewer(config, state, events, warningLists, isEmbedded ? journalPicker : undefined); // prettier-ignore
    const start = performance.now();
    const { search, hits } = await preview("feed.json", feed(list), 0);
    const seconds = ((performance.now() - start) / 1000).toFixed(2);
    console.log(
      `  ${name}: ${seconds} s, ${hits?.matches ?? 0} matches (${PLANTED_PAIRS} planted), complete: ${search?.complete}`,
      JSON.stringify(search),
    );
    state.close();
  }
}

async function embedded(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-preview-"));
  try {
    const log = path.join(folder, "log.ndjson");
    await writeLog(log, EVENTS);
    const events = await openJournalStore({ folder: path.join(folder, "events"), segmentEvents: 50_000, keysVersion: 1 }); // prettier-ignore
    await ingestEvents(events, log, log, readLines(log));
    console.log(`embedded store, ${EVENTS} events`);
    await benchPreview(events, true);
    await events.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function onEngine(name: string): Promise<void> {
  const known = ENGINES.find((one) => one === name);
  if (known === undefined) throw new RangeError(`--engine is one of ${ENGINES.join(", ")}`);
  const server = await startEngine(known, { heap: "2g" });
  const client = connectEngine({ nodes: [server.url] });
  try {
    const api = new EngineApi(server.url);
    const match = { match_mapping_type: "string", mapping: { type: "keyword", ignore_above: 1024 } }; // prettier-ignore
    await api.call("PUT", "/bench-sysmon", {
      settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: -1 },
      mappings: {
        dynamic_templates: [
          { ip: { path_match: "destination.ip", mapping: { type: "ip" } } },
          { text: match },
        ],
      },
    });
    let batch: { readonly source: string }[] = [];
    for (const source of ecsDocuments(EVENTS)) {
      batch.push({ source });
      if (batch.length === 10_000) {
        await api.index("bench-sysmon", batch);
        batch = [];
      }
    }
    await api.index("bench-sysmon", batch);
    await api.call("POST", "/bench-sysmon/_refresh");
    console.log(`${name}, ${EVENTS} events`);
    await benchPreview(new ElasticsearchEventStore(client, { indices: ["bench-sysmon"] }), false);
  } finally {
    await client.close();
    await server.stop();
  }
}

await benchLists();
await (args.engine === undefined ? embedded() : onEngine(args.engine));
