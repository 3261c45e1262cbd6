/** Dead jobs seen and replayed, through the API and the command, over queues in memory. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { MemoryJobQueue } from "../../services/adapters/memory/job-queue.ts";
import { ServiceError } from "../../services/core/errors.ts";
import type { FetchJob, PartJob } from "../../services/core/pipeline/feed-stage.ts";
import type { SweepJob } from "../../services/core/sweep/cells.ts";
import { jobsCommand } from "../../services/stixsweep/jobs-command.ts";
import { ApiServer, bearer } from "../support/api-server.ts";

const SECRET = "what a feed says in confidence";
const options = { attempts: 2, restMs: 60_000, now: () => Date.parse("2024-05-01T11:00:00Z") };
const sweep = (from: number): SweepJob => ({
  partition: "p",
  from,
  to: from + 10,
  revision: 3,
  urgency: "live",
  cell: from,
});

let api: ApiServer;
let done: string[];
let isBroken: boolean;

beforeEach(async () => {
  [api, done, isBroken] = [new ApiServer(), [], true];
  const queues = {
    fetch: new MemoryJobQueue<FetchJob>(options),
    parts: new MemoryJobQueue<PartJob>(options),
    sweeps: new MemoryJobQueue<SweepJob>(options),
    folds: new MemoryJobQueue<null>(options),
  };
  const handle = (name: string) => async () => {
    if (isBroken) throw new Error(`${name} has\nno luck\u001b[2J`);
    done.push(name);
  };
  await queues.parts.work(handle("part"), 1);
  await queues.sweeps.work(handle("sweep"), 1);
  const body = { entries: [{ id: SECRET }] } as unknown as PartJob["body"];
  const part = { importId: "i", feed: "inbox", part: 0, parts: 2, body };
  await queues.parts.add([{ key: "part", data: part, priority: 1 }]);
  await queues.sweeps.add([0, 10].map((n) => ({ key: `${n}`, data: sweep(n), priority: 1 })));
  for (let i = 0; i < 100 && (await queues.sweeps.dead(9)).length < 2; i++) await sleep(10);
  api.queues = queues;
  await api.listen();
});
afterEach(async () => api.close());

/** Runs the command; gives what it wrote, or the failure. */
async function jobs(words: string, key?: string) {
  const said: string[] = [];
  const output = {
    out: async (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
  };
  const env = { STIXSWEEP_URL: api.url, ...(key !== undefined && { STIXSWEEP_API_KEY: key }) };
  try {
    await jobsCommand(words.split(" ").filter(Boolean), output, env);
    return said.join("");
  } catch (error) {
    if (error instanceof ServiceError) return `${error.message} (${error.code})`;
    throw error;
  }
}

describe("dead jobs", () => {
  test("are listed with reason and attempts, and without what they carry", async () => {
    const { status, body } = await api.ask("GET", "/api/v1/dead-jobs");
    expect(status).toBe(200);
    expect(body.jobs).toHaveLength(3);
    expect(body.jobs).toContainEqual({
      id: "sweeps:1",
      queue: "sweeps",
      name: "sweep p (0, 10]",
      data: { partition: "p", from: 0, to: 10, revision: 3, urgency: "live" },
      reason: "sweep has\nno luck\u001b[2J",
      attempts: 2,
      failedAt: "2024-05-01T11:00:00.000Z",
    });
    expect(JSON.stringify(body)).not.toContain(SECRET);
    const of = (query: string) => api.ask("GET", `/api/v1/dead-jobs?${query}`);
    expect((await of("queue=parts")).body.jobs).toMatchObject([
      { name: "store part 1 of 2 of a feed of inbox", data: { import: "i", part: 1, parts: 2 } },
    ]);
    expect((await of("queue=fetch")).body.jobs).toEqual([]);
    expect((await of("limit=1")).body.jobs).toHaveLength(1);
    expect((await of("queue=other")).status).toBe(400);
  });

  test("are replayed one by one, or all", async () => {
    const replay = (path: string) => api.ask("POST", `/api/v1/dead-jobs/${path}`);
    isBroken = false;
    expect((await replay("sweeps:1/replay")).body).toEqual({ replayed: 1 });
    expect((await replay("sweeps:1/replay")).body.code).toBe("api/not-found");
    expect((await replay("nonsense/replay")).body.code).toBe("api/not-found");
    expect((await replay("replay?queue=fetch")).body).toEqual({ replayed: 0 });
    expect((await replay("replay")).body).toEqual({ replayed: 2 });
    expect((await api.ask("GET", "/api/v1/dead-jobs")).body).toEqual({ jobs: [] });
    await sleep(10);
    expect(done.toSorted()).toEqual(["part", "sweep", "sweep"]);
  });

  test("are none where one process does all", async () => {
    await api.stop();
    api.queues = {};
    await api.listen();
    expect((await api.ask("GET", "/api/v1/dead-jobs")).body).toEqual({ jobs: [] });
    const { body } = await api.ask("POST", "/api/v1/dead-jobs/replay");
    expect(body).toEqual({ replayed: 0 });
    expect(await jobs("list")).toBe("there are no dead jobs\n");
  });
});

const USAGE = /^usage: stixsweep jobs .* \(config\/usage\)$/;

describe("jobs", () => {
  test.each([
    { words: "", want: USAGE },
    { words: "list all", want: USAGE },
    { words: "list --all", want: USAGE },
    { words: "replay", want: USAGE },
    { words: "replay a b", want: USAGE },
    { words: "replay a --all", want: USAGE },
    { words: "replay a --queue sweeps", want: USAGE },
    { words: "forget a", want: USAGE },
    { words: "list --queue other", want: /^--queue other: must be one of pulls, fetch, parts/ },
    { words: "list --queue folds", want: /^there are no dead jobs\n$/ },
    { words: "replay sweeps:9", want: /^there is no such dead job \(api\/not-found\)$/ },
    { words: "replay sweeps:2", want: /^1 replayed\n$/ },
    { words: "replay --all", want: /^3 replayed\n$/ },
    { words: "replay --all --queue sweeps", want: /^2 replayed\n$/ },
  ])("$words", async ({ words, want }) => expect(await jobs(words)).toMatch(want));

  test("list has a line for each, and a key is needed like anywhere", async () => {
    const lines = (await jobs("list")).split("\n").filter(Boolean);
    expect(lines).toHaveLength(3);
    expect(lines).toContain(
      "2024-05-01T11:00:00.000Z  sweeps:1  sweep p (0, 10]  2 attempts  sweep has no luck�[2J",
    );
    const reader = await api.key(["read"]);
    expect(await jobs("list")).toMatch(/set STIXSWEEP_API_KEY.*\(api\/unauthorized\)$/);
    expect(await jobs("list", reader.token)).toMatch(/\(api\/missing-scope\)$/);
    expect((await api.ask("GET", "/api/v1/dead-jobs", bearer(reader.token))).status).toBe(403);
    const { token } = await api.key(["admin"]);
    expect((await jobs("list", token)).split("\n")).toHaveLength(4);
  });
});
