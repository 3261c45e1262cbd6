import { readFileSync } from "node:fs";
import path from "node:path";
import { globSync } from "node:fs";
import { expect } from "@jest/globals";
import { StixError, type CompiledPattern } from "stix2-ts";
import { readFeed } from "../../feeds/formats/index.ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { naiveMatches } from "../../services/core/match/naive.ts";
import { pull, push, type Strategy } from "../../services/core/sweep/strategies.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { CORPUS, corpusTest } from "../support/corpus.ts";
import { corpusEvents, EVENT_FILES } from "../support/corpus-events.ts";
import { drawnPatterns } from "../support/drawn-patterns.ts";

const OPTIONS = { mode: "observable", subdomains: false } as const;
const compile = makeCompiler(re2);

/** Patterns of every STIX 2 and OpenIOC file of the corpus, and those drawn from its events. */
function allPatterns(): ReadonlyMap<string, CompiledPattern> {
  const texts = new Set<string>();
  const files = globSync(["stix20/**/*.json", "stix21/**/*.json", "openioc*/**/*.{ioc,ioc.xml}"], {
    cwd: CORPUS,
  });
  for (const file of files.toSorted()) {
    try {
      for (const { pattern } of readFeed(file, readFileSync(path.join(CORPUS, file))).indicators) {
        texts.add(pattern);
      }
    } catch (error) {
      if (!(error instanceof StixError)) {
        throw error;
      }
    }
  }
  const events = EVENT_FILES.flatMap((file) => corpusEvents(file));
  for (const pattern of drawnPatterns(events, 1)) {
    texts.add(pattern);
  }
  return new Map([...texts].map((text) => [sha256Hash(text), compile(text, OPTIONS)] as const));
}

/** Sweeps all events with one strategy, history first and patterns after, and gives back the match log. */
async function sweepWith(strategy: Strategy, patterns: ReadonlyMap<string, CompiledPattern>) {
  const store = new MemoryEventStore({ sealEvery: 4000 });
  const state = openSqliteState(":memory:");
  try {
    const input = (text: string, key: string) => ({ key, pattern: text, options: OPTIONS });
    const list = [...patterns].map(([key, { pattern }]) => input(pattern.text, key));
    const sweeper = new Sweeper({
      events: store,
      state,
      compile,
      hash: sha256Hash,
      now: () => 0,
      semantics: 1,
      jobEvents: 1500,
      choose: (_area, loaded) => (strategy.admissible(loaded) ? strategy : pull),
    });
    // One pattern first, so that the history is covered and the others come as new patterns on old events.
    await state.patterns.activate(list.slice(0, 1));
    for (const file of EVENT_FILES) {
      const lines = corpusEvents(file).map(({ document }, i) => ({
        line: i + 1,
        text: JSON.stringify(document),
      }));
      await ingestEvents(store, file, file, [lines]);
      await sweeper.tick();
    }
    // Those with and without anchors apart: a strategy that is not admissible for one is not for its batch.
    const hasEquals = (key: string) =>
      patterns.get(key)?.anchors?.every(({ kind }) => kind === "equals") === true;
    await state.patterns.activate(list.filter(({ key }) => hasEquals(key)));
    await sweeper.tick();
    await state.patterns.activate(list.filter(({ key }) => !hasEquals(key)));
    await sweeper.tick();
    const again = await sweeper.tick();
    return { log: await state.matches.tail(0, 10_000_000), again };
  } finally {
    state.close();
  }
}

corpusTest("naive = push = pull over the whole corpus, and the pairs are these", async () => {
  const patterns = allPatterns();
  const events = EVENT_FILES.flatMap((file) => corpusEvents(file));
  const naive = naiveMatches(patterns, events, sha256Hash);
  const pushed = await sweepWith(push, patterns);
  const pulled = await sweepWith(pull, patterns);
  const ids = (log: readonly { readonly id: string }[]) => log.map(({ id }) => id).toSorted();
  const want = [...naive].toSorted();
  expect(ids(pulled.log)).toEqual(want);
  expect(ids(pushed.log)).toEqual(want);
  expect(pushed.again.jobs).toBe(0);
  const counts: Record<string, number> = {};
  for (const { layout, eventId } of pulled.log) {
    const name = `${layout} ${eventId}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  expect(counts).toEqual(PAIRS);
});

/** Pairs of pattern and event, by layout and event id. */
const PAIRS: Readonly<Record<string, number>> = {
  "ecs 1": 114,
  "flat 1": 2806,
  "flat 10": 253894,
  "flat 11": 4537,
  "flat 12": 53495,
  "flat 13": 25925,
  "flat 17": 62,
  "flat 18": 782,
  "flat 2": 203,
  "flat 22": 860,
  "flat 23": 374,
  "flat 24": 245,
  "flat 3": 7493,
  "flat 5": 1200,
  "flat 7": 186814,
  "flat 8": 126,
  "flat 9": 2852,
  "winlogbeat6 1": 729,
  "winlogbeat6 10": 113528,
  "winlogbeat6 11": 850,
  "winlogbeat6 12": 39504,
  "winlogbeat6 13": 15331,
  "winlogbeat6 17": 360,
  "winlogbeat6 18": 1560,
  "winlogbeat6 3": 9244,
  "winlogbeat6 5": 350,
  "winlogbeat6 7": 36840,
  "winlogbeat6 9": 157,
  "winlogbeat7 1": 726,
  "winlogbeat7 10": 152,
  "winlogbeat7 11": 478,
  "winlogbeat7 12": 967,
  "winlogbeat7 13": 2352,
  "winlogbeat7 17": 192,
  "winlogbeat7 18": 673,
  "winlogbeat7 19": 154,
  "winlogbeat7 20": 76,
  "winlogbeat7 22": 48,
  "winlogbeat7 3": 100,
  "winlogbeat7 7": 204,
};
