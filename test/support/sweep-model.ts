/** The plane as a model, for any state: random interleavings and crashes; at quiescence matches and alerts equal the naive matcher's. */
import { changesOf } from "./changes.ts";
import { expect } from "@jest/globals";
import fc from "fast-check";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { ServiceError } from "../../services/core/errors.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { correlate } from "../../services/core/correlate/correlate.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { naiveMatches } from "../../services/core/match/naive.ts";
import type { State, StoredEvent, Versioned } from "../../services/core/ports.ts";
import type {
  IndicatorRecord,
  LoggedMatch,
  MatchRecord,
  PatternOptions,
  Suppression,
} from "../../services/core/records.ts";
import {
  addSuppression,
  liftSuppression,
  type EntryDeps,
} from "../../services/core/suppress/entries.ts";
import { entryThatHolds } from "../../services/core/suppress/held-back.ts";
import { Suppressions } from "../../services/core/suppress/suppressions.ts";
import { requestExpress } from "../../services/core/sweep/express.ts";
import { planSweeps } from "../../services/core/sweep/plan.ts";
import { pull, push, type Strategy } from "../../services/core/sweep/strategies.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";

const compile = makeCompiler(re2);
const OPTIONS: PatternOptions = { mode: "observable", subdomains: false };
const HOUR = 3_600_000;

/** Small worlds: six images, so that patterns hit often; one pattern has no anchor, the last ones take several events. */
const PATTERNS = [
  "[process:name = 'a.exe']",
  "[process:name = 'B.EXE']",
  "[file:name LIKE '%c.ex%']",
  "[process:pid = 3]",
  "[process:name != 'a.exe']",
  "[process:name = 'd.exe'] FOLLOWEDBY [process:name = 'a.exe']",
  "([process:name = 'e.exe'] AND [process:name IN ('a.exe', 'f.exe')]) WITHIN 7200 SECONDS",
  "[process:name = 'f.exe'] REPEATS 3 TIMES",
  "[process:name = 'c.exe'] FOLLOWEDBY ([process:pid = 1] OR ([process:pid = 2] AND [process:name = 'b.exe']))",
]
  .map((pattern) => ({ key: sha256Hash(pattern), pattern, options: OPTIONS }))
  .concat({
    key: sha256Hash("spec"),
    pattern: "[process:name = 'b.exe'] AND [process:name = 'd.exe'] AND [process:name = 'f.exe']",
    options: { mode: "spec", subdomains: false },
  });

function document(n: number, image: number): object {
  return {
    "@timestamp": new Date(HOUR * ((n * 7) % 13)).toISOString(),
    winlog: {
      channel: "Microsoft-Windows-Sysmon/Operational",
      provider_name: "Microsoft-Windows-Sysmon",
      event_id: 1,
      record_id: n,
      computer_name: `H${n % 2}`,
      event_data: {
        UtcTime: `1970-01-02 ${String((n * 7) % 13).padStart(2, "0")}:00:00.000`,
        Image: `C:\\${"abcdef"[image % 6]}.exe`,
        ProcessId: String(n % 5),
      },
    },
  };
}

export type Step =
  | { readonly kind: "events"; readonly images: readonly number[] }
  | {
      readonly kind: "activate" | "retire" | "reregister" | "express";
      readonly patterns: readonly number[];
    }
  | { readonly kind: "suppress"; readonly image: number; readonly host: number }
  | { readonly kind: "lift" }
  | { readonly kind: "tick"; readonly worker: number; readonly crashAfter: number }
  | { readonly kind: "two-ticks" }
  | { readonly kind: "again"; readonly n: number }
  | { readonly kind: "lose" }
  | { readonly kind: "cut"; readonly events: number }
  | { readonly kind: "new-rules" };

const chosen = fc.uniqueArray(fc.nat(PATTERNS.length - 1), { minLength: 1, maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("events" as const),
      images: fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("activate" as const), patterns: chosen }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("retire" as const, "reregister" as const, "express" as const),
      patterns: chosen,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("tick" as const),
      worker: fc.nat(1),
      crashAfter: fc.integer({ min: 0, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("suppress" as const),
      image: fc.nat(5),
      host: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "lift" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "two-ticks" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("again" as const), n: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "lose" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("cut" as const),
      events: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "new-rules" as const }) },
);

class Crash extends Error {}

const WRITES: ReadonlySet<PropertyKey> = new Set([
  "compareAndSet",
  "add",
  "dispose",
  "set",
  "except",
  "clean",
  "soil",
  "remove",
]);

/** State that fails before its n-th write: the process died there. */
function crashing(state: State, afterWrites: number): State {
  let left = afterWrites;
  const wrap = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") {
          return member;
        }
        return (...args: unknown[]): unknown => {
          if (WRITES.has(name)) {
            if (left <= 0) {
              throw new Crash();
            }
            left -= 1;
          }
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  return Object.fromEntries(
    Object.entries(state)
      .filter(([, store]) => typeof store === "object")
      .map(([name, store]) => [name, wrap(store as object)]),
  ) as unknown as State;
}

class World {
  readonly store = new MemoryEventStore({ sealEvery: 5 });
  readonly state: State;
  semantics = 1;
  /** Partitions that were cut: matches of what stood there stay. */
  readonly wasCut = new Set<string>();
  /** Suppressions, each with the number of the last match before it. */
  readonly suppressedFrom = new Map<string, number>();
  /** Matches that were held back when all was done. */
  readonly held = new Set<string>();
  #added = 0;
  #n = 0;
  #line = 0;

  constructor(state: State) {
    this.state = state;
  }

  async addEvents(documents: readonly object[]): Promise<void> {
    for (const one of documents) {
      this.#line += 1;
      await ingestEvents(this.store, "log", "log", [
        [{ line: this.#line, text: JSON.stringify(one) }],
      ]);
    }
  }

  /** Cuts the log; a planner looks before it grows again, or nothing could tell. */
  async cut(events: number): Promise<void> {
    const last = (await this.store.partitions()).at(-1);
    if (last === undefined) {
      return;
    }
    this.store.cut(events);
    this.wasCut.add(last.id);
    await planSweeps({
      events: this.store,
      state: this.state,
      now: () => 0,
      semantics: this.semantics,
      jobEvents: 3,
    });
  }

  get entryDeps(): EntryDeps {
    // Each at a time of its own, so that two alike are two.
    return { state: this.state, hash: sha256Hash, now: () => (this.#added += 1) };
  }

  async noteHeld(): Promise<void> {
    for (const { id, heldBack } of await this.state.matches.tail(0, 1_000_000)) {
      if (heldBack !== undefined) this.held.add(id);
    }
  }

  newDocument(image: number): object {
    this.#n += 1;
    return document(this.#n, image);
  }

  sweeper(state: State, strategy: Strategy): Sweeper {
    return new Sweeper({
      events: this.store,
      state,
      compile,
      hash: sha256Hash,
      now: () => 0,
      elapsed: () => performance.now(),
      semantics: this.semantics,
      jobEvents: 3,
      choose: (_area, loaded) => (strategy.admissible(loaded) ? strategy : pull),
    });
  }

  async tick(state: State, worker: number): Promise<void> {
    await this.sweeper(state, worker === 0 ? push : pull).tick();
    const { semantics } = this;
    await correlate({ state, compile, hash: sha256Hash, semantics });
    await foldAlerts({ state, hash: sha256Hash, regex: re2, now: () => HOUR * 1000 });
  }

  async readable(): Promise<StoredEvent[]> {
    const all: StoredEvent[] = [];
    for (const { id, bound } of await this.store.partitions()) {
      for await (const batch of this.store.read(id, 0, bound)) {
        all.push(...batch);
      }
    }
    return all;
  }
}

function indicator(at: number): IndicatorRecord {
  const { key, pattern } = PATTERNS[at] ?? { key: "", pattern: "" };
  return {
    feed: "f",
    id: `indicator--${at}`,
    patternKey: key,
    pattern,
    name: "",
    description: "",
    modified: "",
    validFrom: undefined,
    validUntil: undefined,
    revoked: false,
    confidence: undefined,
    labels: [],
    markings: [],
    killChain: [],
    context: [],
    notes: [],
  };
}

async function perform(world: World, one: Step): Promise<void> {
  const { state } = world;
  switch (one.kind) {
    case "events":
      return world.addEvents(one.images.map((image) => world.newDocument(image)));
    case "again":
      return world.addEvents([document(one.n + 1, one.n)]);
    case "activate":
      await state.indicators.upsert(one.patterns.map((at) => indicator(at)));
      // As an import does: what is held back is judged again.
      await state.bookmarks.soil(one.patterns.map((at) => PATTERNS[at]?.key ?? ""));
      await state.patterns.activate(one.patterns.flatMap((at) => PATTERNS[at] ?? []));
      return undefined;
    case "retire":
      await state.patterns.retire(one.patterns.map((at) => PATTERNS[at]?.key ?? ""));
      return undefined;
    case "reregister":
      return state.patterns.reregister(one.patterns.map((at) => PATTERNS[at]?.key ?? ""));
    case "express":
      // Of patterns that are not live nothing is asked.
      await requestExpress(
        { state, hash: sha256Hash, now: () => 0 },
        one.patterns.map((at) => PATTERNS[at]?.key ?? ""),
        "local",
      ).catch((error: unknown) => {
        if (!(error instanceof ServiceError)) throw error;
      });
      return undefined;
    case "suppress": {
      const letter = "abcdef"[one.image] ?? "";
      const scope = one.host === 2 ? {} : { host: `h${one.host}` };
      const value = `(?i)(^|\\\\)${letter}\\.exe$`;
      const before = (await state.matches.tail(0, 1_000_000)).at(-1)?.number ?? 0;
      const wanted = { kind: "regex", value, scope, reason: "r", by: "a" } as const;
      world.suppressedFrom.set((await addSuppression(world.entryDeps, wanted)).id, before);
      return undefined;
    }
    case "lift": {
      const standing = (await state.records.list("suppression")).find(
        ({ record }) => record.lifted === undefined,
      );
      await liftSuppression(world.entryDeps, standing?.id ?? "", "a");
      return undefined;
    }
    case "tick":
      try {
        await world.tick(crashing(state, one.crashAfter), one.worker);
        await world.noteHeld();
      } catch (error) {
        if (!(error instanceof Crash)) {
          throw error;
        }
      }
      return undefined;
    case "two-ticks":
      await Promise.all([world.tick(state, 0), world.tick(state, 1)]);
      await world.noteHeld();
      return undefined;
    case "lose": {
      const [first] = await world.store.partitions();
      world.store.drop(first?.id ?? "");
      return undefined;
    }
    case "cut":
      await world.cut(one.events);
      return undefined;
    case "new-rules":
      world.semantics += 1;
      return undefined;
  }
}

async function checkQuiescence(world: World): Promise<void> {
  const { state } = world;
  await world.tick(state, 1);
  const again = await world.sweeper(state, pull).tick();
  expect(again).toEqual({ jobs: 0, left: 0, events: 0, matches: 0, hits: 0, failures: [] });
  expect(await state.records.list("express")).toEqual([]);
  const live = (await changesOf(state.patterns, 0, await state.patterns.bound())).filter(
    (p) => p.live,
  );
  const compiled = new Map(live.map((p) => [p.key, compile(p.pattern, p.options)] as const));
  const want = naiveMatches(compiled, await world.readable(), sha256Hash);
  const log = await state.matches.tail(0, 1_000_000);
  const stored = new Set(log.map(({ id }) => id));
  expect(stored.size).toBe(log.length);
  expect([...want].filter((id) => !stored.has(id))).toEqual([]);
  // What is stored beyond that was true when it was found: of a pattern retired, or an event lost, since.
  const lost = log.filter(({ id, patternKey }) => !want.has(id) && compiled.has(patternKey));
  const partitions = (await world.store.partitions()).map(({ id }) => id);
  const here = new Set(partitions.filter((id) => !world.wasCut.has(id)));
  const areHere = ({ partition, companions = [] }: MatchRecord) =>
    here.has(partition) && companions.every((companion) => here.has(companion.partition));
  expect(lost.filter(areHere)).toEqual([]);
  const alerts = await state.alerts.list({}, 0, 1_000_000, false);
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
  const held = log.filter(({ heldBack }) => heldBack !== undefined);
  expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(log.length - held.length);
  await checkSuppressions(world, log);
}

/** What an entry held back stays so, what is held back fits the entry that does, and one that stands misses nothing. */
async function checkSuppressions(world: World, log: readonly LoggedMatch[]): Promise<void> {
  const entries = await world.state.records.list("suppression");
  const fits = (match: LoggedMatch, entry: Versioned<Suppression>) =>
    new Suppressions([entry], re2, 0).silencing(match, [indicator(0)], entry.id) !== undefined;
  for (const match of log) {
    const holder = entries.find(({ id }) => id === entryThatHolds(match.heldBack));
    const isHeld = match.heldBack !== undefined;
    expect(isHeld).toBe(holder !== undefined && fits(match, holder));
    expect(isHeld || !world.held.has(match.id)).toBe(true);
    const standing = entries.some(
      (entry) =>
        entry.record.lifted === undefined &&
        match.number > (world.suppressedFrom.get(entry.id) ?? 0) &&
        fits(match, entry),
    );
    expect(isHeld || !standing).toBe(true);
  }
}

/** Opens a state that is empty, and closes it. */
export interface ModelState<S extends State> {
  readonly open: () => Promise<S> | S;
  readonly close: (state: S) => Promise<void> | void;
}

/** Performs one history; afterwards matches and alerts must be the naive matcher's. */
export async function checkHistory(state: State, history: readonly Step[]): Promise<void> {
  const world = new World(state);
  for (const one of history) {
    await perform(world, one);
  }
  await checkQuiescence(world);
}

/** Runs random histories; after each, matches and alerts must be the naive matcher's. */
export async function checkSweepModel<S extends State>(
  { open, close }: ModelState<S>,
  { runs, steps }: { readonly runs: number; readonly steps: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: steps }), async (history) => {
      const state = await open();
      try {
        await checkHistory(state, history);
      } finally {
        await close(state);
      }
    }),
    { numRuns: runs },
  );
}
