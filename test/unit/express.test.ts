import { beforeEach, describe, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import type { State } from "../../services/core/ports.ts";
import { requestExpress } from "../../services/core/sweep/express.ts";
import { planSweeps } from "../../services/core/sweep/plan.ts";
import { SweepRunner } from "../../services/core/sweep/sweep-runner.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { describePlan } from "../../services/core/sweep/describe-plan.ts";
import type { SweepJob } from "../../services/core/sweep/cells.ts";

const limits = { semantics: 1, jobEvents: 10 };
let state: State;
let events: MemoryEventStore;
let runner: SweepRunner;

async function add(count: number): Promise<void> {
  const from = (await events.partitions()).reduce((sum, { bound }) => sum + bound, 0);
  await events.append(
    Array.from({ length: count }, (_, at) => ({
      locator: `log:${from + at}`,
      text: JSON.stringify({
        winlog: {
          channel: "Microsoft-Windows-Sysmon/Operational",
          provider_name: "Microsoft-Windows-Sysmon",
          event_id: 22,
          computer_name: "h",
          event_data: { QueryName: `n${(from + at) % 5}.example` },
        },
      }),
      keys: [],
      source: "",
      line: 0,
    })),
  );
}

async function activate(...keys: readonly string[]): Promise<void> {
  await state.patterns.activate(
    keys.map((key) => ({
      key,
      pattern: `[domain-name:value = '${key}.example']`,
      options: { mode: "observable", subdomains: false },
    })),
  );
}

async function ask(...keys: readonly string[]): Promise<string> {
  const request = await requestExpress({ state, hash: sha256Hash, now: () => 7 }, keys, "somebody");
  return request.id;
}

const plan = async () => planSweeps({ events, state, now: () => 0, ...limits });
const brief = (jobs: readonly SweepJob[]) =>
  jobs.map(({ urgency, from, to }) => `${urgency} ${from}-${to}`);

async function run(jobs: readonly SweepJob[]): Promise<number> {
  let matches = 0;
  for (const job of jobs) matches += (await runner.run(job)).matches;
  return matches;
}

beforeEach(async () => {
  state = openSqliteState(":memory:");
  events = new MemoryEventStore({ sealEvery: 1000 });
  const hash = sha256Hash;
  const compile = makeCompiler(re2);
  runner = new SweepRunner({ events, state, hash, compile, now: () => 0, elapsed: () => 0, semantics: 1 }); // prettier-ignore
  await add(25);
  await activate("n0");
  await run(await plan());
  // What follows is new to all of history.
  await activate("n1", "n2", "n3");
});

describe("patterns that are asked for", () => {
  test("meet history before the others, which find the same again once", async () => {
    await ask("n2", "n1");
    const first = await plan();
    expect(brief(first)).toEqual([
      "express 0-10", "express 10-20", "express 20-25", "retro 0-10", "retro 10-20", "retro 20-25",
    ]); // prettier-ignore
    expect(await run(first.slice(0, 3))).toBe(10);
    const found = (await state.matches.tail(5, 99)).map(({ patternKey }) => patternKey);
    expect(new Set(found)).toEqual(new Set(["n1", "n2"]));
    const second = await plan();
    expect(brief(second)).toEqual(["retro 0-10", "retro 10-20", "retro 20-25"]);
    expect(await state.records.list("express")).toEqual([]);
    expect(await run(second)).toBe(5);
    expect(await state.matches.count()).toMatchObject({ matches: 20 });
  });

  test("go on where they were stopped, and give no credit", async () => {
    await ask("n2");
    const [job] = await plan();
    expect(await run(job === undefined ? [] : [job, job])).toBe(2);
    expect(brief(await plan()).slice(0, 3)).toEqual(["express 10-20", "express 20-25", "retro 0-10"]); // prettier-ignore
  });

  test("do not meet what is new, nor what the plane has covered", async () => {
    await ask("n2");
    await plan();
    await add(5);
    const jobs = await plan();
    expect(brief(jobs)).toContain("express 20-25");
    await run(jobs.filter(({ urgency, cell }) => urgency === "retro" && cell === 0));
    expect(brief(await plan()).filter((one) => one.startsWith("express"))).toEqual(["express 10-20", "express 20-25"]); // prettier-ignore
  });

  test("are one request however often they are asked for, told of by the plan", async () => {
    const id = await ask("n2", "n3");
    expect(await ask("n3", "n2", "n3")).toBe(id);
    const told = await describePlan({ events, state, now: () => 0, ...limits }, 1);
    expect(told).toMatchObject({
      jobs: 6,
      next: [{ urgency: "express", express: id }],
      partitions: [{ jobs: 6, positions: 25 }],
      express: [{ id, record: { patterns: ["n2", "n3"], by: "somebody", at: 7 } }],
    });
  });

  test("a job whose request is over does nothing", async () => {
    await ask("n2");
    const [job] = await plan();
    const [kept] = await state.records.list("express");
    await state.records.remove("express", kept?.id ?? "", kept?.version ?? 0);
    expect(await run(job === undefined ? [] : [job])).toBe(0);
  });

  test.each([
    { name: "one that is not known", keys: ["n9"] },
    { name: "none", keys: [] },
  ])("$name is refused", async ({ keys }) => {
    await expect(ask(...keys)).rejects.toMatchObject({ code: "sweep/no-live-pattern" });
    expect(await state.records.list("express")).toEqual([]);
  });

  test("that are retired are left out, or refused where there are no others", async () => {
    await state.patterns.retire(["n1"]);
    await expect(ask("n1")).rejects.toMatchObject({ code: "sweep/no-live-pattern" });
    expect(await ask("n1", "n2")).toBe(await ask("n2"));
  });

  test("are refused where too many are asked for", async () => {
    const many = Array.from({ length: 20 }, (_, at) => `m${at}`);
    await activate(...many);
    for (const key of many) await ask(key);
    await expect(ask("n2")).rejects.toMatchObject({ code: "sweep/too-many-express" });
    expect(await ask("m3")).toBe(sha256Hash(JSON.stringify(["m3"])));
  });
});

test("a tick ends when its time is up, and says what is left", async () => {
  let clock = 0;
  const sweeper = new Sweeper({
    events,
    state,
    hash: sha256Hash,
    compile: makeCompiler(re2),
    now: () => 0,
    elapsed: () => (clock += 1),
    ...limits,
  });
  const short = await sweeper.tick(undefined, 1);
  expect(short.left).toBeGreaterThan(0);
  expect(short.jobs + short.left).toBe(3);
  expect(await sweeper.tick()).toMatchObject({ left: 0, jobs: short.left });
});
