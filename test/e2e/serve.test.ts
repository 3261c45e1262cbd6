import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
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

  test("a port in use is told so, and a bad log among good ones; a log written anew is another source", async () => {
    const env = environment();
    const folder = path.dirname(env["DATA_DIR"] ?? "");
    const event = (host: string, n: number) =>
      `${JSON.stringify({ EventID: 1, Channel: "Microsoft-Windows-Sysmon/Operational", Hostname: host, RecordNumber: n, UtcTime: "2024-05-01 10:00:00.000", Image: "C:\\a.exe" })}\n`;
    const log = path.join(folder, "log.ndjson");
    const cut = path.join(folder, "cut.ndjson.gz");
    writeFileSync(log, event("H1", 1));
    writeFileSync(cut, gzipSync(event("H2", 1).repeat(50)).subarray(0, 60));
    const first = start(["serve", cut, log], env);
    running.push(first);
    const url = await ready(first);
    expect(first.out()).toMatch(/cut\.ndjson\.gz: unexpected end of file/);
    expect(first.out()).toMatch(/log\.ndjson: 1 events/);
    const taken = await run(["serve"], { ...environment(), PORT: new URL(url).port });
    expect(taken.err).toMatch(/port \d+ on .*EADDRINUSE.*\(api\/cannot-listen\)/);
    expect(taken.err).not.toMatch(/\n\s+at /);
    expect(taken.code).toBe(2);
    expect(await stop(first)).toBe(0);

    writeFileSync(log, event("H1", 1) + event("H1", 2));
    const grown = start(["serve", log], env);
    running.push(grown);
    await ready(grown);
    expect(grown.out()).toMatch(/log\.ndjson: 1 events/);
    expect(await stop(grown)).toBe(0);

    writeFileSync(log, event("H9", 1) + event("H9", 2));
    const anew = start(["serve", log], env);
    running.push(anew);
    await ready(anew);
    expect(anew.out()).toMatch(/log\.ndjson: 2 events/);
    expect(await stop(anew)).toBe(0);
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
