/** The plan seen and paused: through the API, and by the command. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { ServiceError } from "../../services/core/errors.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { Sweeper } from "../../services/core/sweep/sweep.ts";
import { planCommand } from "../../services/stixsweep/plan-command.ts";
import { indicator } from "../conformance/state-records.ts";
import { ApiServer, bearer } from "../support/api-server.ts";

let api: ApiServer;
let sweeper: Sweeper;

const event = (n: number) => ({
  locator: `log:${n}`,
  text: JSON.stringify({
    winlog: {
      channel: "Microsoft-Windows-Sysmon/Operational",
      provider_name: "Microsoft-Windows-Sysmon",
      event_id: 22,
      computer_name: "h",
      event_data: { QueryName: `n${n}.example` },
    },
  }),
  keys: [],
  source: "log",
  line: n,
});

beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
  await api.events.append(Array.from({ length: 25 }, (_, n) => event(n + 1)));
  await api.state.patterns.activate([
    {
      key: "p",
      pattern: "[domain-name:value = 'n7.example']",
      options: { mode: "observable", subdomains: false },
    },
  ]);
  sweeper = new Sweeper({
    events: api.events,
    state: api.state,
    compile: makeCompiler(re2),
    hash: sha256Hash,
    now: () => 0,
    elapsed: () => performance.now(),
    semantics: 1,
    jobEvents: 1000,
  });
});
afterEach(() => api.close());

describe("GET /api/v1/plan", () => {
  test("says what is open, how it would be swept, and then what it took", async () => {
    const before = (await api.ask("GET", "/api/v1/plan")).body;
    expect(before).toMatchObject({ paused: false, revision: 1, jobs: 3 });
    expect(before).toMatchObject({
      next: [{ from: 0, to: 10, urgency: "live", strategy: "pull" }, {}, { to: 5 }],
      partitions: [{ positions: 10, jobSize: 1000, measured: {} }, {}, {}],
    });
    expect((await api.ask("GET", "/api/v1/plan?limit=1")).body).toMatchObject({
      jobs: 3,
      next: [{}],
    });
    await sweeper.tick();
    const after = (await api.ask("GET", "/api/v1/plan")).body;
    expect(after).toMatchObject({ jobs: 0, next: [], estimateMs: 0 });
    expect(after).toMatchObject({
      partitions: [{ measured: { pull: { positions: 10, candidates: 10 } } }, {}, {}],
    });
  });

  test("asking changes nothing", async () => {
    const rows = await api.state.ledger.rows();
    await api.ask("GET", "/api/v1/plan");
    expect(await api.state.ledger.rows()).toEqual(rows);
  });
});

describe("pausing", () => {
  test("holds sweeps back until they are resumed, and loses nothing", async () => {
    const key = bearer((await api.key(["admin"])).token);
    await api.ask("POST", "/api/v1/plan/pause", key);
    expect((await sweeper.tick()).jobs).toBe(0);
    expect((await api.ask("GET", "/api/v1/plan", key)).body).toMatchObject({ paused: true, jobs: 3 }); // prettier-ignore
    await api.ask("POST", "/api/v1/plan/resume", key);
    expect(await sweeper.tick()).toMatchObject({ jobs: 3, matches: 1 });
  });
});

describe("stixsweep plan", () => {
  const run = async (...args: string[]) => {
    let text = "";
    const code = await planCommand(
      args,
      { out: async (said) => void (text += said), err: (said) => void (text += said) },
      { STIXSWEEP_URL: api.url },
    );
    return { code, text };
  };

  test("tells the jobs and the costs in words", async () => {
    const { code, text } = await run();
    expect(code).toBe(0);
    expect(text).toMatch(/^3 jobs to do, about .* revision 1\n {2}live {3}pull {2}about /);
    await sweeper.tick();
    expect((await run()).text).toMatch(/^0 jobs to do[^]*pull took [\d.]+ s a job of 10 events/);
  });

  test("gives JSON, pauses and resumes", async () => {
    expect(JSON.parse((await run("--json")).text)).toMatchObject({ jobs: 3, paused: false });
    expect((await run("pause")).text).toBe("sweeps are paused\n");
    expect((await run()).text).toMatch(/^paused: 3 jobs/);
    expect((await run("resume")).text).toBe("sweeps go on\n");
  });

  test("puts the patterns of an indicator before the others", async () => {
    const keys = ["p", "q"];
    await api.state.indicators.upsert(keys.map((key) => indicator(key, { patternKey: key })));
    await sweeper.tick();
    const options = { mode: "observable", subdomains: false } as const;
    await api.state.patterns.activate([
      { key: "q", pattern: "[domain-name:value = 'n8.example']", options },
    ]);
    expect((await run("express", "q")).text).toBe("1 patterns meet history before the others\n");
    expect((await run()).text).toMatch(/^6 jobs to do.*\n {2}express/);
    expect((await api.ask("GET", "/api/v1/plan")).body).toMatchObject({
      express: [{ patterns: 1, by: "local", at: "2024-05-01T12:00:00.000Z" }],
    });
    expect(await sweeper.tick()).toMatchObject({ jobs: 6, matches: 1 });
    expect(await sweeper.tick()).toMatchObject({ jobs: 0 });
    expect((await api.ask("GET", "/api/v1/plan")).body).toMatchObject({ express: [] });
  });

  test("says which indicator there is not", async () => {
    await expect(run("express", "none")).rejects.toMatchObject({
      code: "api/not-found",
      message: expect.stringContaining("none"),
    });
  });

  test.each([["halt"], ["express"], ["pause", "now"], ["pause", "--json"]])(
    "refuses %j %j",
    async (...args) => {
      await expect(run(...args)).rejects.toThrow(ServiceError);
    },
  );
});
