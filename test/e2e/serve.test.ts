import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { run, start } from "../support/stixsweep-process.ts";

const folders: string[] = [];
const running: ReturnType<typeof start>[] = [];

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
});

function environment(): Record<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-serve-"));
  folders.push(folder);
  return {
    PORT: "0",
    TICK_MS: "100",
    SEGMENT_EVENTS: "15000",
    DATA_DIR: path.join(folder, "data"),
    INBOX_DIR: path.join(folder, "inbox"),
  };
}

function serve(env: Record<string, string>): ReturnType<typeof start> {
  const server = start(["serve", "--sample"], env);
  running.push(server);
  return server;
}

async function ready(server: ReturnType<typeof start>): Promise<string> {
  for (let i = 0; i < 600; i++) {
    const url = /curl '(http:\/\/[^/]+)\/api/.exec(server.out())?.[1];
    if (url !== undefined) {
      return url;
    }
    if (server.child.exitCode !== null) {
      throw new Error((await server.ended).err);
    }
    await sleep(100);
  }
  throw new Error(`not ready: ${server.out()}`);
}

async function json(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

/** Id and count of every alert, in order of id. */
async function alerts(url: string): Promise<string[]> {
  const all: string[] = [];
  let cursor = "";
  do {
    const page = await json(`${url}/api/v1/alerts?limit=200${cursor}`);
    for (const alert of page["alerts"] as { id: string; count: number }[]) {
      all.push(`${alert.id} ${alert.count}`);
    }
    cursor = typeof page["next"] === "string" ? `&cursor=${page["next"]}` : "";
  } while (cursor !== "");
  return all.toSorted();
}

async function stop(server: ReturnType<typeof start>): Promise<number | null> {
  server.child.kill("SIGTERM");
  return (await server.ended).code;
}

describe("serve", () => {
  test("SIGKILL at any moment loses and doubles nothing; a second start does nothing anew", async () => {
    const calm = environment();
    const first = serve(calm);
    const want = await alerts(await ready(first));
    expect(want.length).toBeGreaterThan(100);
    expect(await stop(first)).toBe(0);
    const again = serve(calm);
    expect(await alerts(await ready(again))).toEqual(want);
    expect(again.out()).toMatch(/\(0 new\)/);
    expect(await stop(again)).toBe(0);

    const rough = environment();
    for (const delay of [700, 1500, 2200, 3000, 4000]) {
      const victim = serve(rough);
      await sleep(delay);
      victim.child.kill("SIGKILL");
      await victim.ended;
    }
    const last = serve(rough);
    const url = await ready(last);
    expect(await alerts(url)).toEqual(want);
    expect(await json(`${url}/api/v1/coverage`)).toMatchObject({ ratio: 1 });
    expect(await stop(last)).toBe(0);
  }, 240_000);

  test("a bundle dropped into the inbox gives its report and alerts; a late event is caught", async () => {
    const env = environment();
    const server = serve(env);
    const url = await ready(server);
    const id = "indicator--33333333-3333-4333-8333-333333333333";
    const indicator = {
      type: "indicator",
      spec_version: "2.1",
      id,
      created: "2024-01-01T00:00:00.000Z",
      modified: "2024-01-01T00:00:00.000Z",
      valid_from: "2024-01-01T00:00:00Z",
      pattern_type: "stix",
      pattern: "[process:name = 'late.exe']",
    };
    writeFileSync(path.join(env["INBOX_DIR"] ?? "", "drop.json"), JSON.stringify(indicator));
    for (let i = 0; i < 100 && !server.out().includes("drop.json"); i++) {
      await sleep(100);
    }
    expect(server.out()).toMatch(/drop\.json: 1 accepted/);
    const late = {
      EventID: 1,
      Channel: "Microsoft-Windows-Sysmon/Operational",
      Hostname: "H1",
      RecordNumber: 1,
      UtcTime: "2001-01-01 00:00:00.000",
      Image: "C:\\late.exe",
    };
    const answer = await fetch(`${url}/api/v1/events?source=late`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: `${JSON.stringify(late)}\n`,
    });
    expect(await answer.json()).toMatchObject({ stored: 1 });
    let found: unknown[] = [];
    for (let i = 0; i < 100 && found.length === 0; i++) {
      await sleep(100);
      found = (await json(`${url}/api/v1/alerts?indicator=${id}`))["alerts"] as unknown[];
    }
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ host: "h1", value: "late.exe", count: 1 });
    expect(await stop(server)).toBe(0);
  }, 120_000);

  test("a full disk ends the load with a clear error; with room again it goes on where it stopped", async () => {
    const env = environment();
    for (const [blocks, file] of [
      [1, /state\.sqlite.*state\/unusable/],
      [20_000, /events.*events\/unwritable/],
    ] as const) {
      const ended = await start(["serve", "--sample"], env, blocks).ended;
      expect(ended.err).toMatch(file);
      expect(ended.err).not.toMatch(/\n\s+at /);
      expect(ended.code).toBe(2);
    }
    const server = serve(env);
    const url = await ready(server);
    expect(server.out()).toMatch(/40618 events/);
    expect(await json(`${url}/api/v1/coverage`)).toMatchObject({ ratio: 1 });
    expect(await stop(server)).toBe(0);
  }, 120_000);

  test("a second server on the same folder is told so", async () => {
    const env = environment();
    await ready(serve(env));
    const { code, err } = await run(["serve"], env);
    expect(err).toMatch(/in use by another stixsweep \(state\/locked\)/);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  }, 60_000);

  test.each([
    { name: "a bad setting", env: { PORT: "many" }, err: /PORT/ },
    {
      name: "a data folder that is a file",
      env: { DATA_DIR: import.meta.filename },
      err: /DATA_DIR|data folder/i,
    },
    {
      name: "a data folder that can't be written",
      env: { DATA_DIR: "/dev/null/data" },
      err: /\/dev\/null\/data/,
    },
    {
      name: "an inbox that can't be made",
      env: { INBOX_DIR: "/dev/null/inbox" },
      err: /\/dev\/null\/inbox/,
    },
  ])("$name: says what and where, exit code 2, no stack trace", async ({ env, err }) => {
    const ended = await run(["serve"], { ...environment(), ...env });
    expect(ended.err).toMatch(err);
    expect(ended.err).not.toMatch(/\n\s+at /);
    expect(ended.code).toBe(2);
  });
});
