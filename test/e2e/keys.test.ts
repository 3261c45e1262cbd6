import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { keySecrets } from "../../services/adapters/crypto/key-secrets.ts";
import { writeToken } from "../../services/core/access/token.ts";
import { run, start } from "../support/stixsweep-process.ts";

const TOKEN = /^stixsweep_([0-9a-f]{16})_[0-9a-f]{64}$/;

let folder: string;
let env: Record<string, string>;
let running: ReturnType<typeof start>[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-keys-"));
  env = {
    PORT: "0",
    DATA_DIR: path.join(folder, "data"),
    INBOX_DIR: path.join(folder, "inbox"),
    LOG_LEVEL: "trace",
  };
  running = [];
});

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true });
});

/** Starts the service; gives its address, and what it said in the end once it is stopped. */
async function serve(more: Record<string, string> = {}) {
  const server = start(["serve"], { ...env, ...more });
  running.push(server);
  const stop = async () => {
    server.child.kill("SIGTERM");
    const { out, err } = await server.ended;
    return out + err;
  };
  for (let i = 0; i < 600; i++) {
    const port = /curl 'http:\/\/[^/']+:(\d+)\/api/.exec(server.out())?.[1];
    if (port !== undefined) {
      return { url: `http://127.0.0.1:${port}`, out: server.out, stop };
    }
    if (server.child.exitCode !== null) {
      break;
    }
    await sleep(50);
  }
  throw new Error(await stop());
}

async function keys(words: string, more: Record<string, string> = {}) {
  return run(["keys", ...words.split(" ")], { ...env, ...more });
}

/** Adds a key; gives its token. */
async function add(words: string, more: Record<string, string> = {}): Promise<string> {
  const { code, out, err } = await keys(`add ${words}`, more);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("shown this once") });
  expect(err).not.toContain(out.trim());
  expect(out.trim()).toMatch(TOKEN);
  return out.trim();
}

const idOf = (token: string) => TOKEN.exec(token)?.[1] ?? "";

async function status(url: string, token?: string, way = "/api/v1/alerts"): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`${url}${way}`, { headers })).status;
}

describe("keys", () => {
  test("on the data folder while the server is stopped; they are good when it starts", async () => {
    expect(await keys("list")).toMatchObject({ code: 0, out: "", err: "there are no keys\n" });
    const admin = await add("ops --scopes admin");
    const reader = await add("grafana --scopes read,triage --expires 90d");
    const { out } = await keys("list");
    expect(out.split("\n").slice(0, -1)).toEqual([
      `${idOf(admin)}  ops  admin  no expiry  never used`,
      expect.stringMatching(`^${idOf(reader)}  grafana  read,triage  expires 20.*Z  never used$`),
    ]);
    const server = await serve();
    expect(server.out()).toContain("X-API-Key");
    expect(await status(server.url)).toBe(401);
    expect(await status(server.url, reader)).toBe(200);
    expect(await status(server.url, reader, "/api/v1/keys")).toBe(403);
    expect(await status(server.url, admin, "/api/v1/keys")).toBe(200);
    expect(await status(server.url, undefined, "/readyz")).toBe(200);
    const said = await server.stop();
    for (const token of [admin, reader]) {
      expect(said).not.toContain(token.slice(-64));
      expect(readFileSync(path.join(folder, "data", "state.sqlite"), "latin1")).not.toContain(
        token.slice(-64),
      );
    }
    // A token that leaked is enough to end its key.
    expect((await keys(`revoke ${reader}`)).out).toMatch(/last used 20.*Z {2}revoked 20.*Z\n$/);
    const again = await serve();
    expect(await status(again.url, reader)).toBe(401);
    expect(await status(again.url, admin)).toBe(200);
  }, 120_000);

  test("through the API while the server runs", async () => {
    const server = await serve();
    const there = { STIXSWEEP_URL: server.url };
    expect(await status(server.url)).toBe(200);
    const first = await keys("add grafana --scopes read", there);
    expect(first).toMatchObject({ code: 2, err: expect.stringContaining("(api/first-key)") });
    const admin = await add("ops --scopes admin", there);
    expect(await status(server.url)).toBe(401);
    const refused = await keys("list", there);
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringMatching(/set STIXSWEEP_API_KEY .*\(api\/unauthorized\)\n$/),
    });
    const file = path.join(folder, "key");
    writeFileSync(file, `${admin}\n`, { mode: 0o600 });
    const reader = await add("grafana --scopes read", { ...there, STIXSWEEP_API_KEY_FILE: file });
    const whole = { ...there, STIXSWEEP_API_KEY: admin };
    expect((await keys("list", whole)).out).toContain(`${idOf(reader)}  grafana  read  no expiry`);
    expect(await keys(`revoke ${idOf(reader)}`, whole)).toMatchObject({ code: 0, err: "" });
    expect(await status(server.url, reader)).toBe(401);
    const lacking = await keys("list", { ...there, STIXSWEEP_API_KEY: reader });
    expect(lacking.code).toBe(2);
    expect(lacking.err).not.toContain(reader.slice(-64));
    const said = await server.stop();
    expect(said).toContain("an API key was revoked");
    for (const token of [admin, reader]) {
      expect(said).not.toContain(token.slice(-64));
    }
  }, 120_000);

  test("go to the server that holds the folder, when no address is given", async () => {
    const port = String(20_000 + (process.pid % 10_000));
    await serve({ PORT: port });
    const admin = await add("ops --scopes admin", { PORT: port });
    const listed = await keys("list", { PORT: port, STIXSWEEP_API_KEY: admin });
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining(idOf(admin)) });
  }, 60_000);
});

describe("listening beyond loopback", () => {
  test("is refused without a key, saying what to do", async () => {
    const { code, err } = await run(["serve"], { ...env, HOST: "0.0.0.0" });
    expect(err).toMatch(/HOST 0\.0\.0\.0 .*keys add NAME --scopes admin.*ADMIN_API_KEY_FILE/);
    expect(err).toMatch(/\(api\/keys-required\)\n$/);
    expect(code).toBe(2);
  });

  test("goes with a key in the store", async () => {
    const token = await add("ops --scopes admin");
    const { url } = await serve({ HOST: "0.0.0.0" });
    expect([await status(url), await status(url, token)]).toEqual([401, 200]);
  }, 60_000);

  test.each(["ADMIN_API_KEY", "ADMIN_API_KEY_FILE"])(
    "goes with %s, as long as it is set",
    async (name) => {
      const token = writeToken(keySecrets.make());
      const file = path.join(folder, "admin-key");
      writeFileSync(file, `${token}\n`, { mode: 0o600 });
      const setting = { HOST: "0.0.0.0", [name]: name === "ADMIN_API_KEY" ? token : file };
      const server = await serve(setting);
      const there = { STIXSWEEP_URL: server.url, STIXSWEEP_API_KEY: token };
      expect([await status(server.url), await status(server.url, token)]).toEqual([401, 200]);
      const kept = await keys(`revoke ${idOf(token)}`, there);
      expect(kept).toMatchObject({
        code: 2,
        err: expect.stringContaining("(api/key-in-settings)"),
      });
      const reader = await add("grafana --scopes read", there);
      expect(await server.stop()).not.toContain(token.slice(-64));
      // Without the setting its key is gone, and the one that it made stays.
      const again = await serve({ HOST: "0.0.0.0" });
      expect([await status(again.url, token), await status(again.url, reader)]).toEqual([401, 200]);
    },
    60_000,
  );

  test("a secret that is wrong is told without its value", async () => {
    const { code, err } = await run(["serve"], { ...env, ADMIN_API_KEY: "hunter2-hunter2" });
    expect(err).toMatch(/ADMIN_API_KEY must be `stixsweep_.*\(config\/invalid\)\n$/);
    expect(err).not.toContain("hunter2");
    expect(code).toBe(2);
  });
});
