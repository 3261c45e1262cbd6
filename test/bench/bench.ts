/**
 * Measures scan, ingest and sweep beside the loop anyone would write and beside DuckDB alone, in one run.
 * `npm run bench [-- --events N] [-- --write]`: with --write the table goes to docs/benchmarks.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { PatternSet } from "stix2-ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { openJournalStore } from "../../services/adapters/duckdb/journal-store.ts";
import { readBlocks } from "../../services/adapters/files/read-blocks.ts";
import { readLines } from "../../services/adapters/files/read-lines.ts";
import { WasmLineReader } from "../../services/adapters/json-lines/wasm-line-reader.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { Prefilter } from "../../services/core/prefilter/prefilter.ts";
import { CollectedHits } from "../../services/core/scan/collected-hits.ts";
import { scanLines } from "../../services/core/scan/scan.ts";
import { journalPicker } from "../../services/runtime/journal-picker.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { measure } from "./measure.ts";
import { BareDuckDb, naiveLoop } from "./peers.ts";
import { makeIndicators, PLANTED_PAIRS, writeLog, type Indicators } from "./workload.ts";

const { values: args } = parseArgs({
  options: { events: { type: "string", default: "200000" }, write: { type: "boolean" } },
});
const EVENTS = Number(args.events);
const SIZES = [1000, 10_000, 100_000];
const OPTIONS = { mode: "observable", subdomains: false } as const;
const compile = makeCompiler(re2);
const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-bench-"));
const log = path.join(folder, "events.ndjson");
const rows: string[][] = [];

const count = (n: number): string => Math.round(n).toLocaleString("en");
const rate = (cpuMs: number): string => count(EVENTS / (cpuMs / 1000));
const ratio = (peer: number, ours: number): string => `${(peer / ours).toFixed(2)}×`;

function expectHits(who: string, got: number, want: number): void {
  if (got !== want) {
    throw new Error(`${who} found ${got} pairs instead of ${want}: its time means nothing`);
  }
}

async function scanOnce(set: PatternSet): Promise<number> {
  const counts = { lines: 0, broken: 0, matches: 0 };
  const reader = new WasmLineReader();
  for await (const { match } of scanLines(
    set,
    new Prefilter(set, reader),
    log,
    readBlocks(log, reader.room),
    counts,
    new CollectedHits(),
    sha256Hash,
    () => {},
  )) {
    void match;
  }
  return counts.matches;
}

function setOf(indicators: Indicators): PatternSet {
  const set = new PatternSet();
  for (const [i, pattern] of indicators.patterns.entries()) {
    set.add(String(i), compile(pattern, OPTIONS));
  }
  return set;
}

/** What a scan costs with the most patterns beside what it costs with the fewest. */
async function benchFlatness(few: number, many: number): Promise<void> {
  const sets = [few, many].map((size) => setOf(makeIndicators(size)));
  const best: number[] = [];
  // One after another, several times: the machine's speed changes while it is measured.
  for (let run = 0; run < 3; run++) {
    for (const [i, set] of sets.entries()) {
      const { value, cpuMs } = await measure(1, async () => scanOnce(set));
      expectHits("scan", value, PLANTED_PAIRS);
      best[i] = Math.min(best[i] ?? Infinity, cpuMs);
    }
  }
  const [atFew = 0, atMany = 0] = best;
  const whom = `scan, ${count(few)} indicators`;
  rows.push([`scan, ${count(many)} indicators`, rate(atMany), whom, rate(atFew), ratio(atFew, atMany)]); // prettier-ignore
}

async function benchScan(indicators: Indicators, size: number): Promise<void> {
  const built = await measure(1, () => setOf(indicators));
  const naive = await measure(3, () => naiveLoop(log, indicators));
  const ours = await measure(3, async () => scanOnce(built.value));
  expectHits("naive loop", naive.value, PLANTED_PAIRS);
  expectHits("scan", ours.value, PLANTED_PAIRS);
  rows.push(
    [
      `scan, ${count(size)} indicators`,
      rate(ours.cpuMs),
      "JSON.parse + Set",
      rate(naive.cpuMs),
      ratio(naive.cpuMs, ours.cpuMs),
    ],
    [`  its patterns compiled, per s`, count(size / (built.cpuMs / 1000)), "", "", ""],
  );
}

async function benchIngest(duck: BareDuckDb): Promise<void> {
  const bare = await measure(3, async () => duck.ingest(log, path.join(folder, "bare.parquet")));
  let run = 0;
  const ours = await measure(2, async () => {
    run += 1;
    const store = await openJournalStore({
      folder: path.join(folder, `store-${run}`),
      segmentEvents: 25_000,
      keysVersion: 1,
    });
    const report = await ingestEvents(store, "bench", log, readLines(log));
    expectHits("ingest", report.stored, EVENTS);
    await store.seal();
    await store.close();
  });
  const naive = await measure(2, () => naiveLoop(log, makeIndicators(1000)));
  rows.push(
    [
      "ingest to sealed Parquet",
      rate(ours.cpuMs),
      "DuckDB read_json → Parquet, 5 fields",
      rate(bare.cpuMs),
      ratio(bare.cpuMs, ours.cpuMs),
    ],
    [
      "  same",
      rate(ours.cpuMs),
      "JSON.parse + Set",
      rate(naive.cpuMs),
      ratio(naive.cpuMs, ours.cpuMs),
    ],
  );
}

/** New patterns over stored history: what a new feed costs. */
async function benchSweep(duck: BareDuckDb, indicators: Indicators, size: number): Promise<void> {
  await duck.load(indicators);
  const bare = await measure(3, async () => duck.join(path.join(folder, "bare.parquet")));
  const store = await openJournalStore({
    folder: path.join(folder, "store-1"),
    segmentEvents: 25_000,
    keysVersion: 1,
  });
  const state = openSqliteState(":memory:");
  const sweeper = new Sweeper({
    events: store,
    state,
    compile,
    hash: sha256Hash,
    now: () => 0,
    elapsed: () => performance.now(),
    semantics: 1,
    jobEvents: 25_000,
    makePicker: journalPicker,
  });
  const input = indicators.patterns.map((pattern, i) => ({
    key: String(i),
    pattern,
    options: OPTIONS,
  }));
  await state.patterns.activate(input);
  const ours = await measure(1, async () => sweeper.tick());
  expectHits("sweep", ours.value.matches, PLANTED_PAIRS);
  const idle = await measure(5, async () => sweeper.tick());
  expectHits("idle tick", idle.value.jobs, 0);
  rows.push(
    [
      `sweep of a new feed, ${count(size)} indicators`,
      rate(ours.cpuMs),
      "DuckDB hash join, exact values only",
      rate(bare.cpuMs),
      ratio(bare.cpuMs, ours.cpuMs),
    ],
    [`  tick with nothing new, ms`, idle.cpuMs.toFixed(1), "", "", ""],
  );
  state.close();
  await store.close();
}

try {
  const bytes = await writeLog(log, EVENTS);
  const duck = await BareDuckDb.open();
  await benchIngest(duck);
  for (const size of SIZES) {
    const indicators = makeIndicators(size);
    await benchScan(indicators, size);
    await benchSweep(duck, indicators, size);
  }
  await benchFlatness(1000, 1_000_000);
  duck.close();
  const [cpu] = cpus();
  const report = [
    "# Benchmarks",
    "",
    `\`npm run bench -- --events ${EVENTS} --write\`, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}.`,
    `${count(EVENTS)} winlogbeat events of ${count(bytes / EVENTS)} bytes; events a second of CPU time (user + system, all threads), the best run of a few; the peer runs in the same process, and both must find the ${PLANTED_PAIRS} planted pairs. The ratio is ours ÷ the peer's: above 1 we are faster.`,
    "",
    "| what | ours | peer | peer's | ratio |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  ].join("\n");
  process.stdout.write(report);
  if (args.write === true) {
    writeFileSync(new URL("../../docs/benchmarks.md", import.meta.url), report);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
