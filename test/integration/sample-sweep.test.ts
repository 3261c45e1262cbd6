import { expect, test } from "@jest/globals";
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
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { SAMPLE_INDICATORS, SAMPLE_TRUTH, sampleBundle } from "../../services/sample/index.ts";
import { sampleLines } from "../../services/stixsweep/sample-lines.ts";

/** Indicators that are retired, or can't match. */
const NOT_SWEPT = new Set(["yara", "mutex", "icacls-name"]);

test("the sample's events are found exactly, importing twice doubles nothing, expired ones raise no alert", async () => {
  const state = openSqliteState(":memory:");
  try {
    const store = new MemoryEventStore({ sealEvery: 20_000 });
    await ingestEvents(store, "sample", "sample", sampleLines());
    const compile = makeCompiler(re2);
    const now = () => Date.parse("2026-11-25T00:00:00Z");
    const options = { mode: "observable", subdomains: false } as const;
    const deps = { state, compile, read: readFeed, hash: sha256Hash, now, options };
    const bytes = Buffer.from(JSON.stringify(sampleBundle()));
    const file = { feed: "sample", name: "a.json", bytes, content: contentHash(bytes) };
    const first = await importFeed(deps, file);
    expect(first.counts).toMatchObject({
      accepted: 16,
      unmatchable: 1,
      rejected: 1,
    });
    const sweeper = new Sweeper({
      ...deps,
      elapsed: now,
      events: store,
      semantics: 1,
      jobEvents: 10_000,
    });
    await sweeper.tick();
    await correlate({ ...deps, semantics: 1 });
    await foldAlerts({ state, hash: sha256Hash, regex: re2, now });
    // Another feed with the same content: the same patterns, nothing to sweep.
    await importFeed(deps, { ...file, feed: "other" });
    expect((await sweeper.tick()).jobs).toBe(0);

    const log = await state.matches.tail(0, 1_000_000);
    const found = new Map<string, number>();
    for (const indicator of await state.indicators.list({ feed: "sample" }, 0, 1000)) {
      found.set(indicator.id, log.filter((m) => m.patternKey === indicator.patternKey).length);
    }
    const truth = new Map(SAMPLE_TRUTH.map((one) => [one.key, one.events] as const));
    const swept = SAMPLE_INDICATORS.filter(({ key }) => !NOT_SWEPT.has(key));
    expect(Object.fromEntries(swept.map(({ key, id }) => [key, found.get(id)]))).toEqual(
      Object.fromEntries(swept.map(({ key }) => [key, truth.get(key)])),
    );
    const expired = SAMPLE_INDICATORS.find(({ key }) => key === "ransom-note")?.id ?? "";
    expect(await state.alerts.list({ indicator: expired }, 0, 10, false)).toEqual([]);
    expect((await state.matches.count()).heldBack).toBe(truth.get("ransom-note"));
  } finally {
    state.close();
  }
}, 120_000);
