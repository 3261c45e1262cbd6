/** The roles of a cluster as real processes on a real engine and Redis: the matches of one process, whatever is killed. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { readFeed } from "../../feeds/formats/index.ts";
import { contentHash, sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { documentId, documentOf } from "../../services/core/ingest/document.ts";
import { importFeed } from "../../services/core/ingest/import-feed.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { SEMANTICS } from "../../services/core/match/semantics.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { sampleBundle, sampleEvents, sampleOpenIoc } from "../../services/sample/index.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { sharedRedis } from "../engines/shared-server.ts";
import { run, start } from "../support/stixsweep-process.ts";

const EVENTS = 12_000;
const FEEDS: readonly (readonly [string, Uint8Array])[] = [
  ["wannacry.json", Buffer.from(JSON.stringify(sampleBundle()))],
  ["wannacry.ioc", Buffer.from(sampleOpenIoc())],
];

const running: ReturnType<typeof start>[] = [];
const cleaning: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  for (const clean of cleaning.splice(0).toReversed()) await clean();
});

/** Documents as an engine takes them, every fourth of the sample's infected days among them. */
function documents(): readonly { readonly id: string; readonly source: string }[] {
  const all = [...sampleEvents()];
  const step = Math.floor(all.length / EVENTS);
  return all
    .filter((_, i) => i % step === 0)
    .slice(0, EVENTS)
    .map((one, i) => ({
      id: documentId(one) ?? `event-${i}`,
      source: JSON.stringify(documentOf(one)),
    }));
}

/** What one process makes of them: ids of matches, and alerts with their counts. */
async function alone(events: ReturnType<typeof documents>) {
  const state = openSqliteState(":memory:");
  try {
    const shared = { state, hash: sha256Hash, now: () => Date.now(), compile: makeCompiler(re2) };
    const store = new MemoryEventStore();
    const lines = events.map(({ source }, i) => ({ line: i + 1, text: source }));
    await ingestEvents(store, "log", "log", [lines]);
    for (const [name, bytes] of FEEDS) {
      const options = { mode: "observable", subdomains: false } as const;
      const file = { feed: "inbox", name, bytes, content: contentHash(bytes) };
      await importFeed({ ...shared, read: readFeed, options }, file);
    }
    await new Sweeper({ ...shared, events: store, semantics: SEMANTICS, jobEvents: 5000 }).tick();
    await foldAlerts(shared);
    const alerts = await state.alerts.list({}, 0, 100_000, false);
    return {
      matches: (await state.matches.count()).matches,
      alerts: alerts.map(({ id, count }) => `${id} ${count}`).toSorted(),
    };
  } finally {
    state.close();
  }
}

async function until(check: () => Promise<boolean> | boolean, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await check()) return true;
    await sleep(200);
  }
  return check();
}

describeEngines("a cluster", (engine) => {
  test("feeds, sweeps and alerts through queues equal one process; a worker killed and Redis emptied cost time only", async () => {
    const prefix = `cluster-${randomBytes(4).toString("hex")}`;
    const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-cluster-"));
    cleaning.push(() => rmSync(folder, { recursive: true }));
    const inbox = path.join(folder, "inbox");
    mkdirSync(inbox);
    const api = new EngineApi(engine.url);
    cleaning.push(() => api.removeAll(prefix));
    const redis = new Redis(await sharedRedis());
    cleaning.push(async () => void (await redis.quit()));
    const events = documents();
    // Four layouts in one index would not agree on types; what is not mapped is read.
    const mappings = { dynamic: false };
    await api.call("PUT", `/${prefix}-events`, { settings: { number_of_shards: 2 }, mappings });
    await api.index(`${prefix}-events`, events.slice(0, EVENTS / 2));
    const env = {
      ELASTICSEARCH_URL: engine.url,
      REDIS_URL: await sharedRedis(),
      EVENT_INDICES: `${prefix}-events`,
      STATE_PREFIX: prefix,
      INBOX_DIR: inbox,
      JOB_EVENTS: "1000",
      PORT: "0",
    };
    const role = (name: string) => {
      const started = start([name], env);
      running.push(started);
      return started;
    };
    const server = role("api");
    role("feed-puller");
    const victim = role("sweep-worker");
    for (const [name, bytes] of FEEDS) writeFileSync(path.join(inbox, name), bytes);
    let url = "";
    await until(() => {
      url = /port (\d+)/.exec(server.out())?.[1] ?? "";
      return url !== "";
    }, 60);
    const get = async (place: string) => {
      const ask = async () => fetch(`http://127.0.0.1:${url}/api/v1/${place}`);
      // The server may have closed a connection that stood idle while this process was busy.
      const answer = await ask().catch(ask);
      return (await answer.json()) as Record<string, unknown>;
    };
    await until(async () => ((await get("alerts?limit=1"))["alerts"] as unknown[]).length > 0, 60);
    victim.child.kill("SIGKILL");
    const keys = await redis.keys(`${prefix}:*`);
    expect(keys.length).toBeGreaterThan(0);
    await redis.del(...keys);
    await api.index(`${prefix}-events`, events.slice(EVENTS / 2));
    const workers = [role("sweep-worker"), role("sweep-worker")];

    const want = await alone(events);
    expect(want.alerts.length).toBeGreaterThan(50);
    const alerts = async () => {
      const all: string[] = [];
      for (let cursor = ""; ;) {
        const page = await get(`alerts?limit=200${cursor}`);
        for (const one of page["alerts"] as { id: string; count: number }[]) {
          all.push(`${one.id} ${one.count}`);
        }
        if (typeof page["next"] !== "string") return all.toSorted();
        cursor = `&cursor=${page["next"]}`;
      }
    };
    await until(async () => (await get("coverage"))["ratio"] === 1, 120);
    await until(async () => (await alerts()).join() === want.alerts.join(), 60);
    expect(await alerts()).toEqual(want.alerts);
    expect(await get("coverage")).toMatchObject({ ratio: 1 });
    const imports = (await get("imports"))["imports"] as { name: string; state: string }[];
    expect(imports.map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual([
      "wannacry.ioc done",
      "wannacry.json done",
    ]);
    for (const { child, ended } of workers) {
      child.kill("SIGTERM");
      expect((await ended).code).toBe(0);
    }
  }, 300_000);
});

test("a role that can't work says what is missing", async () => {
  for (const role of ["feed-puller", "sweep-worker", "api"]) {
    const { code, err } = await run([role], { ELASTICSEARCH_URL: "", REDIS_URL: "redis://x" });
    expect(err).toMatch(/needs ELASTICSEARCH_URL/);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  }
});
