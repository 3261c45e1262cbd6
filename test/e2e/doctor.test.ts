/** `stixsweep doctor` as a process: what it finds, and that it tells no secret and changes nothing. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { sharedRedis } from "../engines/shared-server.ts";
import { run } from "../support/stixsweep-process.ts";

let folder: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-doctor-"));
  mkdirSync(path.join(folder, "sources"));
  env = {
    DATA_DIR: path.join(folder, "data"),
    INBOX_DIR: path.join(folder, "inbox"),
    FEEDS_DIR: path.join(folder, "sources"),
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

function declare(name: string, text: string): void {
  writeFileSync(path.join(folder, "sources", `${name}.json`), text);
}

test("a new installation is well, and stays as it was", async () => {
  const { code, out } = await run(["doctor"], env);
  expect(out).toMatch(/^ok {4}access: /);
  expect(out).toContain("data is not there; it is made at the start");
  expect(out).not.toMatch(/^(?:warn|BAD)/m);
  expect(code).toBe(0);
  expect(existsSync(path.join(folder, "data"))).toBe(false);
  expect(existsSync(path.join(folder, "inbox"))).toBe(false);
});

test("what is wrong is told, and of secrets only which are set", async () => {
  const source = { kind: "taxii", url: "https://taxii.example/" };
  declare("good", JSON.stringify({ ...source, auth: { kind: "bearer", secret: "SET" } }));
  declare("unset", JSON.stringify({ ...source, auth: { kind: "bearer", secret: "UNSET" } }));
  declare("broken", "{");
  const token = `stixsweep_0123456789abcdef_${"0123456789abcdef".repeat(4)}`;
  const secrets = { FEED_SECRET_SET: "s3cret", ADMIN_API_KEY: token, REDIS_URL: "redis://u:hidden@r.example" }; // prettier-ignore
  const { code, out } = await run(["doctor", "--json"], { ...env, ...secrets });
  expect(code).toBe(1);
  const told = JSON.parse(out) as {
    secretsSet: string[];
    findings: { what: string; is: string }[];
  };
  expect(told.secretsSet).toEqual(["ADMIN_API_KEY", "REDIS_URL"]);
  const feeds = told.findings.filter(({ what }) => what.startsWith("feed "));
  expect(feeds.map(({ what, is }) => `${what}: ${is}`)).toEqual([
    "feed broken: bad",
    "feed good: good",
    "feed unset: bad",
  ]);
  expect(out).not.toMatch(/s3cret|hidden|0123456789abcdef01/);
});

test("a cluster that can't be reached is told, each part by itself", async () => {
  const away = { ELASTICSEARCH_URL: "http://127.0.0.1:1", REDIS_URL: "redis://127.0.0.1:1" };
  const { code, out } = await run(["doctor"], { ...env, ...away });
  expect(code).toBe(1);
  expect(out).toMatch(/^BAD {3}engine: .*ECONNREFUSED/m);
  expect(out).toMatch(/^BAD {3}redis: .*ECONNREFUSED/m);
});

describeEngines("the doctor of a cluster", (engine) => {
  test("looks at engine, clock, events and Redis", async () => {
    const api = new EngineApi(engine.url);
    const index = `doctor-${engine.name}`;
    await api.call("PUT", `/${index}`, { settings: { number_of_shards: 2 } });
    try {
      const cluster = { ELASTICSEARCH_URL: engine.url, REDIS_URL: await sharedRedis(), EVENT_INDICES: index }; // prettier-ignore
      const { code, out } = await run(["doctor"], { ...env, ...cluster });
      expect(out).toMatch(/^ok {4}engine: (?:elasticsearch|opensearch) \d/m);
      expect(out).toMatch(/^ok {4}clock: \d/m);
      expect(out).toMatch(new RegExp(`^ok {4}events: ${index}: 2 shards, 0 writes`, "m"));
      expect(out).toMatch(/^ok {4}redis: version \d/m);
      expect(code).toBe(0);
    } finally {
      await api.removeAll("doctor-");
    }
  });
});
