/**
 * Measures workers as processes, over a real engine and Redis: one against two on the same events, and how a worker with very
 * many patterns starts. `npm run bench:workers [-- --events N] [-- --patterns N] [-- --engine NAME] [-- --write]`: with
 * --write the tables go to docs/benchmarks-workers.md.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { sha256Hash } from "../../../services/adapters/crypto/hash.ts";
import { connectEngine } from "../../../services/adapters/elasticsearch/client.ts";
import { openElasticsearchState } from "../../../services/adapters/elasticsearch/state/state.ts";
import { measure } from "../../../services/core/coverage/ledger.ts";
import { SEMANTICS } from "../../../services/core/match/semantics.ts";
import { setPaused } from "../../../services/core/sweep/pause.ts";
import { EngineApi } from "../../engines/engine-api.ts";
import { ENGINES, freePort, startEngine, startRedis } from "../../engines/engine.ts";
import { start } from "../../support/stixsweep-process.ts";
import { ecsDocuments, makeIndicators } from "../workload.ts";
import { cpuMs, peakMiB } from "./cpu.ts";

const { values: args } = parseArgs({
  options: {
    events: { type: "string", default: "300000" },
    patterns: { type: "string", default: "1000000" },
    engine: { type: "string", default: "es8" },
    write: { type: "boolean" },
  },
});
const EVENTS = Number(args.events);
const PATTERNS = Number(args.patterns);
const engine = ENGINES.find((name) => name === args.engine);
if (engine === undefined) throw new RangeError(`--engine is one of ${ENGINES.join(", ")}`);
const OPTIONS = { mode: "observable", subdomains: false } as const;
const SWEPT_WITH = 10_000;
/** Rounds of one worker and of two, in turns; the better of each counts. */
const ROUNDS = 2;
const INDEX = "bench-workers";

const count = (n: number): string => Math.round(n).toLocaleString("en");
const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}×`;

interface Round {
  readonly workers: number;
  readonly wallMs: number;
  readonly workersMs: number;
  readonly engineMs: number;
}

const server = await startEngine(engine, { heap: "2g" });
const redis = await startRedis();
const api = new EngineApi(server.url);
const client = connectEngine({ nodes: [server.url] });

/** Starts workers on the state of a prefix; gives them once they say that they are ready. */
async function startWorkers(prefix: string, workers: number) {
  const started = await Promise.all(
    Array.from({ length: workers }, async () => {
      const port = await freePort();
      const at = performance.now();
      const worker = start(["sweep-worker"], {
        ELASTICSEARCH_URL: server.url,
        REDIS_URL: redis.url,
        EVENT_INDICES: INDEX,
        STATE_PREFIX: prefix,
        JOB_EVENTS: "5000",
        SWEEP_SCHEDULE: "* * * * * *",
        HEALTH_PORT: String(port),
      });
      const isReady = async (): Promise<boolean> =>
        fetch(`http://127.0.0.1:${port}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await isReady())) {
        if (worker.child.exitCode !== null) throw new Error(worker.err());
        await sleep(50);
      }
      return { ...worker, readyMs: performance.now() - at, pid: worker.child.pid ?? 0 };
    }),
  );
  const stop = async (): Promise<void> => {
    for (const { child } of started) child.kill();
    await Promise.all(started.map(({ ended }) => ended));
  };
  return { started, stop };
}

async function openState(prefix: string) {
  return openElasticsearchState({ client, prefix });
}

/** Has workers sweep all events with new patterns, from the moment that all are ready. */
async function sweepWith(workers: number, round: number): Promise<Round> {
  const prefix = `bench-${workers}-${round}`;
  const state = await openState(prefix);
  await setPaused(state.bookmarks, true);
  await state.patterns.activate(asInputs(makeIndicators(SWEPT_WITH).patterns));
  const revision = await state.patterns.bound();
  const { started, stop } = await startWorkers(prefix, workers);
  const used = (): number => started.reduce((sum, { pid }) => sum + cpuMs(pid), 0);
  try {
    const [before, engineBefore] = [used(), cpuMs(server.pid)];
    const from = performance.now();
    await setPaused(state.bookmarks, false);
    for (let covered = 0; covered < EVENTS * revision;) {
      await sleep(100);
      const rows = await state.ledger.rows();
      covered = rows.reduce((sum, { pieces }) => sum + measure(pieces, pieces.at(-1)?.to ?? 0, revision, SEMANTICS).covered, 0); // prettier-ignore
    }
    return {
      workers,
      wallMs: performance.now() - from,
      workersMs: used() - before,
      engineMs: cpuMs(server.pid) - engineBefore,
    };
  } finally {
    await stop();
    await api.removeAll(prefix);
  }
}

function asInputs(patterns: readonly string[]) {
  return patterns.map((pattern) => ({ key: sha256Hash(pattern), pattern, options: OPTIONS }));
}

/** A process that reads the same values from a file, a JSON line each, into a Set: the least that could hold them. */
async function naive(patterns: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-bench-"));
  try {
    const file = path.join(folder, "values.ndjson");
    writeFileSync(file, patterns.map((pattern) => `${JSON.stringify({ pattern })}\n`).join(""));
    const code = `
      const { createReadStream, readFileSync } = require("node:fs");
      const lines = require("node:readline").createInterface({ input: createReadStream(${JSON.stringify(file)}) });
      const set = new Set();
      lines.on("line", (line) => set.add(JSON.parse(line).pattern));
      lines.on("close", () => {
        const { user, system } = process.cpuUsage();
        console.log(JSON.stringify({ size: set.size, cpuMs: (user + system) / 1000, status: readFileSync("/proc/self/status", "utf8") }));
      });`;
    const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    await once(child, "close");
    const said = JSON.parse(out) as { cpuMs: number; status: string };
    return { cpuMs: said.cpuMs, peakMiB: peakMiB(said.status) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  await api.call("PUT", `/${INDEX}`, {
    settings: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: -1 },
    mappings: { dynamic: false },
  });
  let batch: { readonly source: string }[] = [];
  const flush = async (): Promise<void> => api.index(INDEX, batch.splice(0));
  for (const source of ecsDocuments(EVENTS)) {
    batch.push({ source });
    if (batch.length === 10_000) await flush();
  }
  await flush();
  await api.call("POST", `/${INDEX}/_refresh`);

  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await sweepWith(1, round), await sweepWith(2, round));
  }
  const best = (workers: number): Round =>
    rounds.filter((one) => one.workers === workers).toSorted((a, b) => a.wallMs - b.wallMs)[0] as Round; // prettier-ignore
  const [one, two] = [best(1), best(2)];
  const row = ({ workers, wallMs, workersMs, engineMs }: Round): string =>
    `| ${workers} | ${seconds(wallMs)} | ${count(EVENTS / (wallMs / 1000))} | ${seconds(workersMs)} | ${seconds(engineMs)} | ${ratio(one.wallMs, wallMs)} |`;

  const { patterns } = makeIndicators(PATTERNS);
  const state = await openState("bench-cold");
  // What is measured is the start alone: nothing is swept.
  await setPaused(state.bookmarks, true);
  for (let at = 0; at < patterns.length; at += 50_000) {
    await state.patterns.activate(asInputs(patterns.slice(at, at + 50_000)));
  }
  const { started, stop } = await startWorkers("bench-cold", 1);
  const [worker] = started;
  const cold = {
    readyMs: worker?.readyMs ?? 0,
    cpuMs: cpuMs(worker?.pid ?? 0),
    peakMiB: peakMiB(readFileSync(`/proc/${worker?.pid}/status`, "utf8")),
  };
  await stop();
  const least = await naive(patterns);

  const [cpu] = cpus();
  const report = [
    "# Benchmarks of workers",
    "",
    `\`npm run bench:workers -- --events ${EVENTS} --patterns ${PATTERNS} --engine ${engine} --write\`, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}. Engine, Redis and workers stand on the same machine.`,
    "",
    `## One worker and two: ${count(EVENTS)} events meet ${count(SWEPT_WITH)} patterns`,
    "",
    `From the moment that all workers are ready; every event is read, since nothing of the index is mapped. The better of ${ROUNDS} rounds each (wall s of all: ${rounds.map(({ workers, wallMs }) => `${workers}: ${seconds(wallMs)}`).join(", ")}). Two workers and the engine share ${cpus().length} processors: what the engine takes is missing to the second worker.`,
    "",
    "| workers | wall s | events a second | CPU s of the workers | CPU s of the engine | against one |",
    "| --- | --- | --- | --- | --- | --- |",
    row(one),
    row(two),
    "",
    `## The start of a worker with ${count(PATTERNS)} patterns`,
    "",
    "From the start of the process until `/readyz` says yes, patterns read from the engine and compiled. Beside it a process that reads the same texts from a file, a line of JSON each, into a `Set`, and could match none of them.",
    "",
    "| what | wall s | CPU s | peak MiB |",
    "| --- | --- | --- | --- |",
    `| worker | ${seconds(cold.readyMs)} | ${seconds(cold.cpuMs)} | ${count(cold.peakMiB)} |`,
    `| JSON.parse and a Set | | ${seconds(least.cpuMs)} | ${count(least.peakMiB)} |`,
    `| ratio | | ${ratio(cold.cpuMs, least.cpuMs)} | ${ratio(cold.peakMiB, least.peakMiB)} |`,
    "",
  ].join("\n");
  process.stdout.write(report);
  if (args.write === true) writeFileSync("docs/benchmarks-workers.md", report);
} finally {
  await client.close();
  await redis.stop();
  await server.stop();
}
