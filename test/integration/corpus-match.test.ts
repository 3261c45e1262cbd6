import { expect } from "@jest/globals";
import type { CompiledPattern } from "stix2-ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { naiveMatches } from "../../services/core/match/naive.ts";
import { correlate } from "../../services/core/correlate/correlate.ts";
import { pull, push, type Strategy } from "../../services/core/sweep/strategies.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { corpusTest } from "../support/corpus.ts";
import { corpusEvents, EVENT_FILES } from "../support/corpus-events.ts";
import {
  compile,
  corpusPatterns,
  OPTIONS,
  pairCounts,
  PAIRS,
  PAIRS_DIGEST,
  pairsDigest,
} from "../support/corpus-patterns.ts";

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
      elapsed: () => performance.now(),
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
    await correlate({ state, compile, hash: sha256Hash, semantics: 1 });
    return { log: await state.matches.tail(0, 10_000_000), again };
  } finally {
    state.close();
  }
}

corpusTest("naive = push = pull over the whole corpus, and the pairs are these", async () => {
  const patterns = corpusPatterns();
  const events = EVENT_FILES.flatMap((file) => corpusEvents(file));
  const naive = naiveMatches(patterns, events, sha256Hash);
  const pushed = await sweepWith(push, patterns);
  const pulled = await sweepWith(pull, patterns);
  const ids = (log: readonly { readonly id: string }[]) => log.map(({ id }) => id).toSorted();
  const want = [...naive].toSorted();
  expect(ids(pulled.log)).toEqual(want);
  expect(ids(pushed.log)).toEqual(want);
  expect(pushed.again.jobs).toBe(0);
  expect(pairCounts(pulled.log)).toEqual(PAIRS);
  expect(pairsDigest(want)).toBe(PAIRS_DIGEST);
});
