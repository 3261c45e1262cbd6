/** Ways in which the recall corpus is matched; each gives the ids of the matches that it finds. */
import { randomUUID } from "node:crypto";
import { PatternSet } from "stix2-ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { WasmLineReader } from "../../services/adapters/json-lines/wasm-line-reader.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { correlate } from "../../services/core/correlate/correlate.ts";
import { eventKey, matchId } from "../../services/core/identity.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import type { EventSink, EventStore } from "../../services/core/ports.ts";
import { Prefilter } from "../../services/core/prefilter/prefilter.ts";
import { CollectedHits } from "../../services/core/scan/collected-hits.ts";
import { scanLines } from "../../services/core/scan/scan.ts";
import { readEvent } from "../../services/core/schema/index.ts";
import { pull, type Strategy } from "../../services/core/sweep/strategies.ts";
import type { RunDeps } from "../../services/core/sweep/sweep-runner.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { CASES } from "./cases.ts";

export const compile = makeCompiler(re2);
export const OPTIONS = { mode: "observable", subdomains: false } as const;

export const PATTERNS = CASES.map(({ pattern }) => ({
  key: sha256Hash(pattern),
  pattern,
  options: OPTIONS,
}));

export interface LaidOut {
  readonly documents: readonly unknown[];
  /** Ids of the matches that there are, by the case and place of the event. */
  readonly wanted: ReadonlyMap<string, string>;
}

/** The corpus as one collector lays it out. */
export function layOut(
  lay: (id: number, fields: Readonly<Record<string, unknown>>) => unknown,
): LaidOut {
  const documents: unknown[] = [];
  const wanted = new Map<string, string>();
  for (const one of CASES) {
    for (const [place, { id, fields }] of one.events.entries()) {
      const document = lay(id, fields);
      documents.push(document);
      const read = readEvent(document);
      if (read === undefined) throw new Error(`${one.name}: event ${place} is not read`);
      if (one.meets.includes(place)) {
        const key = eventKey(read, "", sha256Hash);
        wanted.set(matchId(sha256Hash(one.pattern), key, sha256Hash), `${one.name}: ${place}`);
      }
    }
  }
  return { documents, wanted };
}

/** What is missing, and what is there and should not be. */
export function compare({ wanted }: LaidOut, found: Iterable<string>): object {
  const ids = new Set(found);
  return {
    missing: [...wanted].filter(([id]) => !ids.has(id)).map(([, name]) => name),
    wrong: [...ids].filter((id) => !wanted.has(id)).length,
  };
}

export type When = "patterns last" | "events last, the older ones later";

async function load(store: EventSink, documents: readonly unknown[]): Promise<void> {
  // An engine's ids of documents are made of the source's name.
  const source = `log-${randomUUID()}`;
  const lines = documents.map((document, i) => ({ line: i + 1, text: JSON.stringify(document) }));
  await ingestEvents(store, source, source, [lines]);
}

/** Sweeps with one strategy: back in history, or as events come. */
export async function swept(
  store: EventStore & EventSink,
  documents: readonly unknown[],
  strategy: Strategy,
  when: When,
  more: Pick<RunDeps, "makePicker"> = {},
): Promise<readonly string[]> {
  const state = openSqliteState(":memory:");
  try {
    const sweeper = new Sweeper({ events: store, state, compile, hash: sha256Hash, now: () => 0, elapsed: () => 0, semantics: 1, jobEvents: 50, ...more, choose: (_area, loaded) => (strategy.admissible(loaded) ? strategy : pull) }); // prettier-ignore
    const tick = async (): Promise<void> => {
      await sweeper.tick();
      await correlate({ state, compile, hash: sha256Hash, semantics: 1 });
    };
    if (when === "patterns last") {
      await load(store, documents);
      await state.patterns.activate(PATTERNS.slice(0, 1));
      await tick();
      await state.patterns.activate(PATTERNS);
    } else {
      await state.patterns.activate(PATTERNS);
      await load(
        store,
        documents.filter((_, i) => i % 2 === 1),
      );
      await tick();
      await load(
        store,
        documents.filter((_, i) => i % 2 === 0),
      );
    }
    await tick();
    const matches = await state.matches.tail(0, 1_000_000);
    if (new Set(matches.map(({ id }) => id)).size !== matches.length) throw new Error("twice");
    return matches.map(({ id }) => id);
  } finally {
    state.close();
  }
}

/** Scans the corpus as one file of lines. */
export async function scanned(documents: readonly unknown[]): Promise<readonly string[]> {
  const compiled = new Map(PATTERNS.map((one) => [one.key, compile(one.pattern, one.options)] as const)); // prettier-ignore
  const set = new PatternSet();
  for (const [key, pattern] of compiled) set.add(key, pattern);
  const bytes = Buffer.from(`${documents.map((one) => JSON.stringify(one)).join("\n")}\n`);
  async function* blocks() {
    yield { bytes };
  }
  const counts = { lines: 0, broken: 0, matches: 0 };
  const hits = new CollectedHits();
  const prefilter = new Prefilter(set, new WasmLineReader());
  const found: string[] = [];
  const tell = (message: string): void => {
    throw new Error(message);
  };
  for await (const { match } of scanLines(set, prefilter, "log", blocks(), counts, hits, sha256Hash, tell)) found.push(match.id); // prettier-ignore
  for (const { match } of hits.matches(compiled, sha256Hash, tell)) found.push(match.id);
  return found;
}
