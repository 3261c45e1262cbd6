import { beforeEach, describe, expect, test } from "@jest/globals";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import type { EventStore, State } from "../../services/core/ports.ts";
import { advance, type Rectangle } from "../../services/core/coverage/ledger.ts";
import { describePlan } from "../../services/core/sweep/describe-plan.ts";
import { planSweeps } from "../../services/core/sweep/plan.ts";

const HOUR = 3_600_000;
let state: State;
let events: EventStore;
let now = 10 * HOUR;

/** Plans, does all of it as far as the ledger is concerned, and says what it was. */
async function plan(): Promise<readonly string[]> {
  const deps = { events, state, now: () => now, semantics: 1, jobEvents: 10, coldMs: HOUR };
  const told = await describePlan(deps, 99);
  const jobs = await planSweeps(deps);
  expect(told.next.map(({ partition, revision }) => [partition, revision])).toEqual(
    jobs.map(({ partition, revision }) => [partition, revision]),
  );
  const names = (await events.partitions()).map(({ id }) => id);
  for (const { partition, from, to, revision } of jobs) {
    const row = await state.ledger.row(partition);
    const { pieces = [], version = 0 } = row ?? {};
    const below = pieces[0]?.revision ?? 0;
    const done: Rectangle = { partition, from, to, below, revision, semantics: 1, stale: false };
    const costs = {};
    const next = { partition, version, pieces: advance(pieces, done), unreachableSince: undefined, costs }; // prettier-ignore
    await state.ledger.compareAndSet(next);
  }
  return jobs.map(
    ({ partition, urgency, revision }) =>
      `${partition === names[0] ? "cold" : "warm"} ${urgency} ${revision}`,
  );
}

async function activate(key: string): Promise<void> {
  const options = { mode: "observable", subdomains: false } as const;
  await state.patterns.activate([{ key, pattern: "[process:pid = 1]", options }]);
}

beforeEach(async () => {
  now = 10 * HOUR;
  state = openSqliteState(":memory:");
  const store = new MemoryEventStore({ sealEvery: 5 });
  await store.append(
    Array.from({ length: 10 }, (_, at) => ({ locator: `${at}`, text: "{}", keys: [], source: "", line: 0 })),
  ); // prettier-ignore
  events = Object.assign(Object.create(store) as MemoryEventStore, {
    partitions: async () =>
      (await store.partitions()).map((one, at) => ({ ...one, isCold: at === 0 })),
  });
  await activate("a");
});

describe("new patterns over a cold partition", () => {
  test("are gathered, and meet it together when the time has come", async () => {
    expect(await plan()).toEqual(["cold live 1", "warm live 1"]);
    await activate("b");
    expect(await plan()).toEqual(["warm retro 2"]);
    now += HOUR - 1;
    await activate("c");
    expect(await plan()).toEqual(["warm retro 3"]);
    now += 1;
    expect(await plan()).toEqual(["cold retro 3"]);
    await activate("d");
    expect(await plan()).toEqual(["warm retro 4"]);
  });

  test("meet it at once where none came for long, and nothing is written while nothing is new", async () => {
    await plan();
    now += HOUR * 5;
    expect(await plan()).toEqual([]);
    expect(await state.bookmarks.get("cold-since")).toBe(10 * HOUR);
    await activate("b");
    expect(await plan()).toEqual(["cold retro 2", "warm retro 2"]);
  });

  test("are not kept back by a clock that went back", async () => {
    await plan();
    now -= HOUR * 5;
    await activate("b");
    expect(await plan()).toEqual(["cold retro 2", "warm retro 2"]);
  });

  test("are not kept back once the pattern axis began anew", async () => {
    await activate("b");
    await plan();
    await state.bookmarks.set("cold-revision", 99);
    await activate("c");
    expect(await plan()).toEqual(["cold retro 3", "warm retro 3"]);
  });
});
