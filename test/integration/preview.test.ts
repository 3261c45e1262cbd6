import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
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
import type { State } from "../../services/core/ports.ts";
import { previewFeed, type Preview } from "../../services/core/preview/preview.ts";
import type { LoggedMatch } from "../../services/core/records.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { WarningLists } from "../../services/core/suppress/warning-lists.ts";
import { sampleBundle } from "../../services/sample/index.ts";
import { previewCommand } from "../../services/stixsweep/preview-command.ts";
import { sampleLines } from "../../services/stixsweep/sample-lines.ts";
import { ApiServer } from "../support/api-server.ts";

const NOW = Date.parse("2026-11-25T00:00:00Z");
const compile = makeCompiler(re2);
const options = { mode: "observable", subdomains: false } as const;

const madeId = (n: number) => `indicator--00000000-0000-4000-8000-00000000000${n}`;

/** The sample's feed, with a pattern that has nothing to look up, one over several events, and a repeated one. */
function feedBytes(): Buffer {
  const bundle = sampleBundle();
  const made = (n: number, pattern: string, over = {}) => ({
    type: "indicator",
    spec_version: "2.1",
    id: madeId(n),
    created: "2024-01-01T00:00:00Z",
    modified: "2024-01-01T00:00:00Z",
    pattern_type: "stix",
    valid_from: "2024-01-01T00:00:00Z",
    pattern,
    ...over,
  });
  const first = bundle.objects.find(({ type }) => type === "indicator");
  const more = [
    made(1, "[process:name != 'svchost.exe' AND process:pid < 1000]"),
    made(2, "[process:name = 'mssecsvc.exe'] FOLLOWEDBY [process:name = 'tasksche.exe']"),
    made(3, String(first?.["pattern"])),
    made(4, "[process:name = 'explorer.exe']", { revoked: true }),
  ];
  return Buffer.from(JSON.stringify({ ...bundle, objects: [...bundle.objects, ...more] }));
}

const lists = new WarningLists(
  [{ id: "l", name: "L", version: 1, type: "string", sorts: new Set(), entries: ["mssecsvc.exe", "tasksche.exe", "cmd.exe"] }], // prettier-ignore
  { regex: re2, holding: new Set(["l"]) },
);

/** Thousands of the sample, in the middle of the outbreak: hits of every kind. */
const OUTBREAK = [15, 20] as const;
const events = new MemoryEventStore({ sealEvery: 2_000 });
const bytes = feedBytes();
const file = { feed: "upload", name: "a.json", bytes, content: contentHash(bytes) };

beforeAll(async () => {
  const parts = [...sampleLines()].slice(...OUTBREAK);
  await ingestEvents(events, "sample", "sample", parts);
}, 120_000);

function depsOf(state: State, elapsed = () => 0) {
  return {
    state,
    events,
    compile,
    read: readFeed,
    regex: re2,
    hash: sha256Hash,
    now: () => NOW,
    elapsed,
    options,
    warningLists: async () => lists,
  };
}

const all = { mostMs: 1_000_000, mostMatches: 1_000_000, since: 0 };

async function reallyImport(state: State) {
  const deps = depsOf(state);
  const record = await importFeed(deps, file);
  await new Sweeper({ ...deps, semantics: 1, jobEvents: 10_000 }).tick();
  await correlate({ ...deps, semantics: 1 });
  await foldAlerts(deps);
  return record;
}

/** What a preview should say of stored matches. */
function counted(log: readonly LoggedMatch[]) {
  const times = log.map(({ time }) => time);
  return log.length === 0
    ? undefined
    : {
        matches: log.length,
        heldBack: log.filter(({ heldBack }) => heldBack !== undefined).length,
        hosts: new Set(log.map(({ host }) => host)).size,
        first: Math.min(...times),
        last: Math.max(...times),
      };
}

async function everything(state: State) {
  return JSON.stringify([
    await state.patterns.bound(),
    await state.indicators.count(),
    await state.ledger.rows(),
    await state.ledger.exceptions(),
    await state.matches.count(),
    await state.imports.list(0, 9),
    await state.bookmarks.dirty(),
    await state.records.list("suppression"),
  ]);
}

describe("a preview", () => {
  let state: ReturnType<typeof openSqliteState>;
  let preview: Preview;
  let untouched: readonly string[];
  beforeAll(async () => {
    state = openSqliteState(":memory:");
    const record = { kind: "regex", value: "mssecsvc", scope: {}, reason: "r", by: "a", at: 1 } as const; // prettier-ignore
    await state.records.compareAndSet("suppression", { id: "s", version: 0, record });
    const before = await everything(state);
    preview = await previewFeed(depsOf(state), file, all);
    untouched = [before, await everything(state)];
  }, 120_000);
  afterAll(() => state.close());

  test("writes nothing, and tells what a real import then does and hits, entry by entry, host by host", async () => {
    expect(untouched[1]).toBe(untouched[0]);
    expect(preview).toMatchObject({
      error: undefined,
      search: { complete: true, stoppedBy: undefined, problems: [] },
    });
    const real = await reallyImport(state);
    expect(preview.counts).toEqual({
      ...real.counts,
      duplicates: 0,
      repeated: 1,
      warningListed: 3,
    });
    expect(preview.entries.map(({ duplicateOf: _d, hits: _h, ...entry }) => entry)).toEqual(real.entries); // prettier-ignore
    const log = await state.matches.tail(0, 1_000_000);
    const byPattern = Map.groupBy(log, (match) => match.patternKey);
    const patterns = new Map(
      (await state.indicators.list({}, 0, 1000)).map((one) => [one.id, one.patternKey] as const),
    );
    for (const { id = "", status, hits } of preview.entries) {
      const want = status === "rejected" ? undefined : counted(byPattern.get(patterns.get(id) ?? "") ?? []); // prettier-ignore
      expect([id, hits]).toEqual([id, want]);
    }
    // One that has nothing to look up, and one over several events, among them.
    const hit = preview.entries.filter(({ hits }) => hits !== undefined).map(({ id }) => id);
    expect(hit).toEqual(expect.arrayContaining([1, 2, 3].map(madeId)));
    expect(preview.hits).toEqual(counted(log));
    expect(preview.hits?.heldBack).toBeGreaterThan(0);
    expect(preview.patternsHit).toBe(byPattern.size);
    for (const { host, patterns: count, ...hits } of preview.hosts) {
      const own = log.filter((match) => match.host === host);
      expect({ host, ...hits, hosts: 1 }).toEqual({ host, ...counted(own) });
      expect(count).toBe(new Set(own.map((match) => match.patternKey)).size);
    }
    expect(preview.hosts.reduce((sum, { matches }) => sum + matches, 0)).toBe(log.length);
  }, 120_000);

  test("names the feeds in which a pattern is live already", async () => {
    const again = await previewFeed(depsOf(state), { ...file, feed: "other" }, all);
    const live = again.entries.filter(({ duplicateOf }) => duplicateOf.length > 0);
    expect(again.counts["duplicates"]).toBe(live.length);
    expect(live.length).toBeGreaterThan(15);
    expect(new Set(live.flatMap(({ duplicateOf }) => duplicateOf))).toEqual(new Set(["upload"]));
  }, 120_000);

  test("counts events of the time that is asked for alone", async () => {
    const log = await state.matches.tail(0, 1_000_000);
    const times = log.map(({ time }) => time).toSorted((a, b) => a - b);
    const since = times[Math.floor(times.length / 2)] ?? 0;
    const late = await previewFeed(depsOf(state), file, { ...all, since });
    expect(late.hits).toEqual(counted(log.filter(({ time }) => time >= since)));
  }, 120_000);

  test("says so when it ended early, and what it had met by then", async () => {
    let calls = 0;
    const timed = await previewFeed(
      depsOf(state, () => calls++),
      file,
      { ...all, mostMs: 8 },
    );
    expect(timed.search).toMatchObject({ complete: false, stoppedBy: "time" });
    const total = timed.search?.events ?? 0;
    expect(timed.search?.parts[0]?.events).toBeGreaterThan(0);
    expect(timed.search?.parts.some((part) => part.events < total)).toBe(true);
    const many = await previewFeed(depsOf(state), file, { ...all, mostMatches: 10 });
    expect(many.search).toMatchObject({ complete: false, stoppedBy: "matches" });
    expect(many.hits?.matches).toBe(10);
  }, 120_000);

  test("of a part of the store that fails tells it, and searches the others", async () => {
    const [first] = await events.partitions();
    const failing = {
      limitations: () => [],
      partitions: async () => events.partitions(),
      gone: async () => [],
      // oxlint-disable-next-line require-yield -- it fails
      async *read(partition: string, from: number, to: number) {
        if (partition === first?.id) throw new Error("away");
        yield* events.read(partition, from, to);
      },
      async *search(partition: string, from: number, to: number) {
        yield* failing.read(partition, from, to);
      },
    };
    const partly = await previewFeed({ ...depsOf(state), events: failing }, file, all);
    expect(partly.search).toMatchObject({ complete: false, stoppedBy: undefined });
    expect(partly.search?.problems).toContain(`${first?.id}: away`);
    expect(partly.hits?.matches).toBeGreaterThan(0);
  }, 120_000);

  test("of a file that can't be used says why", async () => {
    const broken = { ...file, bytes: Buffer.from("{") };
    expect(await previewFeed(depsOf(state), broken, all)).toMatchObject({
      error: expect.stringContaining("feed/"),
      entries: [],
      search: undefined,
    });
  });
});

describe("through API and command line", () => {
  const api = new ApiServer();
  const asked: number[] = [];
  let folder: string;
  beforeAll(async () => {
    api.now = NOW;
    api.preview = async (name, body, since) => {
      asked.push(since);
      const given = { feed: "upload", name, bytes: body, content: contentHash(body) };
      return previewFeed({ ...depsOf(api.state), events: new MemoryEventStore() }, given, { ...all, since }); // prettier-ignore
    };
    await api.listen();
    folder = await mkdtemp(path.join(tmpdir(), "preview-"));
  });
  afterAll(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  const DAY = 86_400_000;

  test.each([
    ["&dryRun=true", 200, NOW - 30 * DAY],
    ["&dryRun=true&days=7", 200, NOW - 7 * DAY],
    ["&dryRun=yes", 400, undefined],
    ["&dryRun=true&days=0", 400, undefined],
    ["&dryRun=true&days=10000", 400, undefined],
  ])("POST …/imports?name=a.txt%s: %d", async (query, status, since) => {
    asked.length = 0;
    const answer = await api.ask("POST", `/api/v1/imports?name=a.txt${query}`, { body: "a.example\n" }); // prettier-ignore
    expect(answer.status).toBe(status);
    expect(asked).toEqual(since === undefined ? [] : [since]);
    expect(await api.state.audit.list({}, 0, 9)).toEqual([]); // it is no change
    if (status === 200) {
      expect(answer.body).toMatchObject({
        name: "a.txt",
        format: "list",
        error: null,
        counts: { accepted: 1, duplicates: 0 },
        search: { complete: true, stoppedBy: null },
        hits: null,
        hosts: [],
        entries: [{ status: "accepted", duplicateOf: [], hits: null }],
      });
    }
  });

  test.each([
    [
      "a.example\ncmd.exe\n",
      0,
      [
        "2 accepted",
        "(on warning lists: l)",
        "1 are on warning lists",
        "all 0 events were searched",
        "no hits since",
      ],
    ],
    ["{", 2, ["can't be imported: feed/"]],
  ])("stixsweep preview of %j ends with %d", async (content, code, says) => {
    const name = path.join(folder, "list.txt");
    await writeFile(name, content);
    const out: string[] = [];
    const output = { out: async (text: string) => void out.push(text), err: () => undefined };
    const env = { STIXSWEEP_URL: api.url };
    expect(await previewCommand([name, "--days", "3"], output, env)).toBe(code);
    for (const one of says) expect(out.join("")).toContain(one);
    out.length = 0;
    expect(await previewCommand([name, "--json"], output, env)).toBe(code);
    expect(JSON.parse(out.join(""))).toMatchObject({ name: "list.txt" });
    expect(readFileSync(name, "utf8")).toBe(content);
  });
});
