/** The roles of a cluster as real processes on a real engine and Redis: the matches of one process, whatever is killed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { readFeed } from "../../feeds/formats/index.ts";
import { contentHash, sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { correlate } from "../../services/core/correlate/correlate.ts";
import { importFeed } from "../../services/core/ingest/import-feed.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { SEMANTICS } from "../../services/core/match/semantics.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { sharedRedis } from "../engines/shared-server.ts";
import { FeedHost, indicator, taxii } from "../support/feed-host.ts";
import {
  FEEDS,
  RoleCluster,
  sampleDocuments,
  until,
  type SourceDocument,
} from "../support/role-cluster.ts";
import { run } from "../support/stixsweep-process.ts";

const EVENTS = 12_000;

let cluster: RoleCluster | undefined;
let host: FeedHost | undefined;
afterEach(async () => {
  await cluster?.close();
  host?.close();
  cluster = undefined;
});

/** What one process makes of them: ids of matches, and alerts with their counts. */
async function alone(events: readonly SourceDocument[]) {
  const state = openSqliteState(":memory:");
  try {
    const shared = {
      state,
      hash: sha256Hash,
      now: () => Date.now(),
      elapsed: () => performance.now(),
      compile: makeCompiler(re2),
    };
    const store = new MemoryEventStore();
    const lines = events.map(({ source }, i) => ({ line: i + 1, text: source }));
    await ingestEvents(store, "log", "log", [lines]);
    for (const [name, bytes] of FEEDS) {
      const options = { mode: "observable", subdomains: false } as const;
      const file = { feed: "inbox", name, bytes, content: contentHash(bytes) };
      await importFeed({ ...shared, read: readFeed, options }, file);
    }
    await new Sweeper({ ...shared, events: store, semantics: SEMANTICS, jobEvents: 5000 }).tick();
    await correlate({ ...shared, semantics: SEMANTICS });
    await foldAlerts({ ...shared, regex: re2 });
    const alerts = await state.alerts.list({}, 0, 100_000, false);
    return {
      matches: (await state.matches.count()).matches,
      alerts: alerts.map(({ id, count }) => `${id} ${count}`).toSorted(),
    };
  } finally {
    state.close();
  }
}

describeEngines("a cluster", (engine) => {
  test("feeds, sweeps and alerts through queues equal one process; a worker killed and Redis emptied cost time only", async () => {
    cluster = new RoleCluster(engine.url, await sharedRedis());
    const { redis, prefix } = cluster;
    const events = sampleDocuments(EVENTS);
    await cluster.makeEventIndex();
    await cluster.addEvents(events.slice(0, EVENTS / 2));
    cluster.role("feed-puller");
    const victim = cluster.role("sweep-worker");
    cluster.dropFeeds();
    await cluster.serve();
    const get = cluster.get.bind(cluster);
    await until(async () => ((await get("alerts?limit=1"))["alerts"] as unknown[]).length > 0, 60);
    victim.child.kill("SIGKILL");
    const keys = await redis.keys(`${prefix}:*`);
    expect(keys.length).toBeGreaterThan(0);
    await redis.del(...keys);
    await cluster.addEvents(events.slice(EVENTS / 2));
    const workers = [cluster.role("sweep-worker"), cluster.role("sweep-worker")];

    const want = await alone(events);
    expect(want.alerts.length).toBeGreaterThan(50);
    const alerts = cluster.alerts.bind(cluster);
    await until(async () => (await get("coverage"))["ratio"] === 1, 120);
    await until(async () => (await alerts()).join() === want.alerts.join(), 60);
    expect(await alerts()).toEqual(want.alerts);
    expect(await get("coverage")).toMatchObject({ ratio: 1 });
    const imports = (await get("imports"))["imports"] as { name: string; state: string }[];
    expect(imports.map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual([
      "wannacry.ioc done",
      "wannacry.json done",
    ]);
    expect(await run(["jobs", "list"], { STIXSWEEP_URL: cluster.url })).toMatchObject({
      code: 0,
      err: "there are no dead jobs\n",
    });
    for (const { child, ended } of workers) {
      child.kill("SIGTERM");
      expect((await ended).code).toBe(0);
    }
  }, 300_000);
});

describeEngines("feeds of a cluster", (engine) => {
  test("are taken from their sources by any puller, through the queues, and from where they stood after all were killed", async () => {
    const added = Array.from({ length: 60 }, (_, i) => ({
      at: new Date(Date.UTC(2024, 0, 1) + i * 1000).toISOString(),
      object: indicator(i),
    }));
    const serve = taxii(added, 10);
    let held = true;
    host = await new FeedHost((request, response, asked) => {
      if (held && asked.searchParams.get("next") === "30") return; // hangs
      serve(request, response, asked);
    }).listen();
    const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-sources-"));
    try {
      const source = { kind: "taxii", url: `${host.url}/taxii2/`, allowPrivate: true, requestsPerMinute: 10_000, pauseSeconds: 120 }; // prettier-ignore
      writeFileSync(path.join(folder, "acme.json"), JSON.stringify(source));
      cluster = new RoleCluster(engine.url, await sharedRedis(), { FEEDS_DIR: folder });
      await cluster.makeEventIndex();
      const get = cluster.get.bind(cluster);
      const pullers = [cluster.role("feed-puller"), cluster.role("feed-puller")];
      await cluster.serve();
      const feed = async () => get("feeds/acme");
      await until(async () => (await feed())["indicators"] === 30, 60);
      expect(await feed()).toMatchObject({ origin: "file", state: "running", indicators: 30 });
      for (const { child, ended } of pullers) {
        child.kill("SIGKILL");
        await ended;
      }
      held = false;
      cluster.role("feed-puller");
      await until(async () => (await feed())["state"] === "good", 120);
      expect(await feed()).toMatchObject({ state: "good", indicators: 60, error: null });
      // From the last page whose place was kept, or the one before where the kill came between storing and keeping.
      const goesOn = /added_after=2024-01-01T00%3A00%3A(?:18|28)\.999Z/;
      expect(host.asked.filter((one) => goesOn.test(one))).not.toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
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
}, 60_000);
