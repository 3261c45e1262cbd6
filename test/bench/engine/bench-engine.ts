/**
 * Measures sweeps of an index beside the query shapes that others use, in one run on a real engine.
 * `npm run bench:engine [-- --events N] [-- --engine NAME] [-- --write]`: with --write the table goes to
 * docs/benchmarks-engine.md.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { sha256Hash } from "../../../services/adapters/crypto/hash.ts";
import { connectEngine } from "../../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../../services/adapters/elasticsearch/event-store.ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../../services/adapters/sqlite/state.ts";
import { makeCompiler } from "../../../services/core/match/compile.ts";
import type { State } from "../../../services/core/ports.ts";
import { pull, push, type Strategy } from "../../../services/core/sweep/strategies.ts";
import { Sweeper } from "../../../services/core/sweep/sweep.ts";
import { EngineApi } from "../../engines/engine-api.ts";
import { ENGINES, startEngine, type EngineName } from "../../engines/engine.ts";
import { ecsDocuments, makeIndicators, PLANTED_PAIRS } from "../workload.ts";
import { costOf, type Cost } from "./cpu.ts";
import { clauseEach, pagedTerms, percolate, storePercolator, wildcardEach } from "./peers.ts";

const { values: args } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    engine: { type: "string", default: "opensearch2" },
    write: { type: "boolean" },
  },
});
const EVENTS = Number(args.events);
const ENGINE = args.engine as EngineName;
if (!ENGINES.includes(ENGINE)) {
  throw new RangeError(`--engine is one of ${ENGINES.join(", ")}`);
}
const SIZES = [1000, 10_000, 100_000];
const INDEX = "bench-sysmon";
const OPTIONS = { mode: "observable", subdomains: false } as const;
/** Events that come while patterns stand. */
const LIVE = 20_000;
const PERCOLATED = 2000;
/** LIKE patterns, and how many wildcard queries stand for one each. */
const LIKES = 1000;
const WILDCARDS = 50;

/** What the figures say, for whoever reads them. */
const NOTE =
  "What falls short, and why: a rare exact value costs `terms` next to nothing, but only as it is written: it finds no other " +
  "case of a hash or a name, nothing inside a raw `Hashes` text, no composite, no LIKE, and it does not say which value hit. " +
  "Push asks for exact values by their plain spellings too, and finds the values of other forms by the index of terms; what " +
  "it costs more is the listing of the command lines and of the raw texts, once a new feed, which follows their distinct " +
  "values and not the number of patterns. The first figures hold what the engine takes to warm up.";

const compile = makeCompiler(re2);
const rows: string[][] = [];
const count = (n: number): string => Math.round(n).toLocaleString("en");
const seconds = (ms: number): string => (ms / 1000).toFixed(2);
const both = ({ ownMs, engineMs }: Cost<unknown>): number => ownMs + engineMs;

function row(what: string, cost: Cost<unknown>, against?: Cost<unknown>, scale = 1): void {
  rows.push([
    what,
    seconds(cost.ownMs * scale),
    seconds(cost.engineMs * scale),
    seconds(cost.wallMs * scale),
    against === undefined ? "" : `${((both(cost) * scale) / both(against)).toFixed(2)}×`,
  ]);
}

function expect(who: string, got: number, want: number): void {
  if (got !== want) {
    throw new Error(`${who} found ${got} instead of ${want}: its time means nothing`);
  }
}

/** OpenSearch does not tell which documents have a value beyond `ignore_above`: such an index can only be read. */
const limit = ENGINE.startsWith("es") ? { ignore_above: 1024 } : {};
const keyword = { type: "keyword", ...limit };

const server = await startEngine(ENGINE, { heap: "2g" });
const api = new EngineApi(server.url);
const client = connectEngine({ nodes: [server.url] });
try {
  await api.call("PUT", `/${INDEX}`, {
    settings: {
      number_of_shards: 1,
      number_of_replicas: 0,
      refresh_interval: -1,
      "index.mapping.total_fields.limit": 5000,
    },
    mappings: {
      dynamic_templates: [
        { ip: { path_match: "destination.ip", mapping: { type: "ip" } } },
        {
          text: { match_mapping_type: "string", mapping: keyword },
        },
      ],
    },
  });
  let bytes = 0;
  let batch: { readonly source: string }[] = [];
  const late: string[] = [];
  let n = 0;
  for (const source of ecsDocuments(EVENTS + LIVE)) {
    n += 1;
    if (n > EVENTS) {
      late.push(source);
      continue;
    }
    bytes += Buffer.byteLength(source);
    batch.push({ source });
    if (batch.length === 10_000) {
      await api.index(INDEX, batch);
      batch = [];
    }
  }
  await api.index(INDEX, batch);
  await api.call("POST", `/${INDEX}/_refresh`);
  await api.call("POST", `/${INDEX}/_forcemerge?max_num_segments=5`);
  const store = new ElasticsearchEventStore(client, { indices: [INDEX] });

  const sweeperFor = (state: State, choose?: Strategy): Sweeper =>
    new Sweeper({
      events: store,
      state,
      compile,
      hash: sha256Hash,
      now: () => 0,
      elapsed: () => performance.now(),
      semantics: 1,
      jobEvents: 50_000,
      ...(choose !== undefined && {
        choose: (_area, loaded) => (choose.admissible(loaded) ? choose : pull),
      }),
    });
  /** A state whose history is covered for one pattern, so that others come as new ones. */
  const standing = async (): Promise<State & { close: () => void }> => {
    const state = openSqliteState(":memory:");
    await activate(state, ["[file:name = 'none-of-these']"]);
    await sweeperFor(state, push).tick();
    return state;
  };
  const activate = async (state: State, patterns: readonly string[]): Promise<void> => {
    await state.patterns.activate(
      patterns.map((pattern) => ({ key: sha256Hash(pattern), pattern, options: OPTIONS })),
    );
  };
  const sweepNew = async (patterns: readonly string[], strategy: Strategy) => {
    const state = await standing();
    await activate(state, patterns);
    const cost = await costOf(server.pid, async () => sweeperFor(state, strategy).tick());
    state.close();
    return cost;
  };

  for (const size of SIZES) {
    const indicators = makeIndicators(size);
    const name = count(size);
    const pushed = await sweepNew(indicators.patterns, push);
    expect("push", pushed.value.matches, PLANTED_PAIRS);
    row(`new feed of ${name}, push: verdicts and reasons`, pushed);
    const terms = await costOf(server.pid, async () => pagedTerms(api, INDEX, indicators));
    expect("paged terms", terms.value, PLANTED_PAIRS);
    row(`  paged \`terms\`: events only, no composite`, terms, pushed);
    const clauses = await costOf(server.pid, async () => clauseEach(api, INDEX, indicators));
    expect("one clause each", clauses.value, PLANTED_PAIRS);
    row(`  one clause an indicator`, clauses, pushed);
    const pulled = await sweepNew(indicators.patterns, pull);
    expect("pull", pulled.value.matches, PLANTED_PAIRS);
    row(`  pull: every event read`, pulled, pushed);
  }

  const texts = Array.from({ length: LIKES }, (_, i) => `--key ${i}-`);
  const likes = await sweepNew(
    texts.map((text, i) =>
      i % 2 === 0
        ? `[process:command_line LIKE '%${text}%']`
        : `[process:command_line MATCHES '${text}[0-9a-f]+']`,
    ),
    push,
  );
  row(`${count(LIKES)} LIKE and MATCHES over history, by distinct values`, likes);
  const wildcards = await costOf(server.pid, async () =>
    wildcardEach(api, INDEX, texts.slice(0, WILDCARDS)),
  );
  expect("wildcards", wildcards.value, likes.value.matches);
  row(`  one wildcard query each (${WILDCARDS} run, × ${LIKES / WILDCARDS})`, wildcards, likes, LIKES / WILDCARDS); // prettier-ignore

  const live = makeIndicators(10_000);
  const state = await standing();
  await activate(state, live.patterns);
  const sweeper = sweeperFor(state);
  await sweeper.tick();
  const idle = await costOf(server.pid, async () => sweeper.tick());
  expect("idle tick", idle.value.jobs, 0);
  await api.index(
    INDEX,
    late.map((source) => ({ source })),
  );
  const fresh = await costOf(server.pid, async () => sweeper.tick());
  expect("live jobs", fresh.value.jobs, 1);
  row(`${count(LIVE)} new events meet 10,000 patterns`, fresh);
  const has = await storePercolator(api, "bench-percolator", live).then(
    () => true,
    (error: unknown) => {
      rows.push([
        `  percolator: not in this engine (${String(error).slice(0, 60)}…)`,
        "",
        "",
        "",
        "",
      ]);
      return false;
    },
  );
  const some = late.slice(0, PERCOLATED);
  if (has) {
    await percolate(api, "bench-percolator", some.slice(0, 200));
    const cost = await costOf(server.pid, async () => percolate(api, "bench-percolator", some));
    row(`  percolator (${count(PERCOLATED)} run, × ${LIVE / PERCOLATED})`, cost, fresh, LIVE / PERCOLATED); // prettier-ignore
  }
  row(`a tick with nothing new`, idle);
  state.close();

  const [cpu] = cpus();
  const report = [
    "# Benchmarks on a search engine",
    "",
    `\`npm run bench:engine -- --events ${EVENTS} --engine ${ENGINE} --write\`, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}.`,
    `${count(EVENTS)} events of ${count(bytes / EVENTS)} bytes in one shard, raw Sysmon fields and ECS beside each other, as keywords without a limit of length (OpenSearch does not tell what is beyond one, so such an index is read). Seconds of CPU of our process and of the engine's, and on the clock; one run each. The ratio is the peer's CPU, both processes, ÷ ours: above 1 we are cheaper. Push, \`terms\` and clauses all find the ${PLANTED_PAIRS} planted events.`,
    "",
    "| what | our CPU s | engine CPU s | wall s | ratio |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    NOTE,
    "",
  ].join("\n");
  process.stdout.write(report);
  if (args.write === true) {
    writeFileSync(new URL("../../../docs/benchmarks-engine.md", import.meta.url), report);
  }
} finally {
  await client.close();
  await server.stop();
}
