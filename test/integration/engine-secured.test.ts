/** An engine with TLS by an authority of its own and credentials; secrets stay out of every log. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { connectEngine, type EngineOptions } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { openElasticsearchState } from "../../services/adapters/elasticsearch/state/state.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { sharedRedis } from "../engines/shared-server.ts";
import { RoleCluster, until } from "../support/role-cluster.ts";
import {
  makeCertificates,
  startSecureProxy,
  type Certificates,
  type SecureProxy,
} from "../support/secure-proxy.ts";

jest.setTimeout(120_000);

const USER = "sweeper";
const PASSWORD = "correct-horse-8261";
const API_KEY = Buffer.from("key-id:very-secret-3507").toString("base64");
const ACCEPTED = new Set([
  `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`,
  `ApiKey ${API_KEY}`,
]);
const WRONG = "wrong-battery-4419";
const SECRETS = [PASSWORD, API_KEY, WRONG, ...ACCEPTED].map((one) => one.replace(/^\w+ /, ""));

let ours: Certificates;
let foreign: Certificates;
let elsewhere: Certificates;
beforeAll(() => {
  [ours, foreign] = [makeCertificates(), makeCertificates()];
  elsewhere = makeCertificates("DNS:engine.example");
});
afterAll(() => [ours, foreign, elsewhere].forEach(({ remove }) => remove()));

const good = { username: USER, password: PASSWORD };

describeEngines("a secured engine", (engine) => {
  let proxy: SecureProxy;
  let cluster: RoleCluster | undefined;
  beforeAll(async () => {
    proxy = await startSecureProxy(engine.url, ours, ACCEPTED);
  });
  afterEach(async () => {
    await cluster?.close();
    cluster = undefined;
  });
  afterAll(async () => proxy.close());

  test.each([
    { name: "user and password", credentials: good },
    { name: "an API key", credentials: { apiKey: API_KEY } },
  ])("is read and written with $name", async ({ credentials }) => {
    const api = new EngineApi(engine.url);
    const client = connectEngine({ nodes: [proxy.url], caFile: ours.ca, ...credentials });
    const prefix = "secured";
    try {
      await api.call("PUT", `/${prefix}-events`, { settings: { number_of_shards: 1 } });
      const state = await openElasticsearchState({ client, prefix });
      await state.bookmarks.set("here", 7);
      expect(await state.bookmarks.get("here")).toBe(7);
      const store = new ElasticsearchEventStore(client, { indices: [`${prefix}-events`] });
      expect(await store.partitions()).toHaveLength(1);
    } finally {
      await client.close();
      await api.removeState(prefix);
    }
  });

  const refused = async (options: EngineOptions): Promise<{ readonly [key: string]: unknown }> => {
    const started = Date.now();
    const client = connectEngine({ deadlineMs: 60_000, ...options });
    const error: unknown = await client
      .call({ method: "GET", path: "/" })
      .then(() => undefined, (failure: unknown) => failure); // prettier-ignore
    await client.close();
    // What waiting does not mend is not waited for.
    expect(Date.now() - started).toBeLessThan(20_000);
    for (const secret of SECRETS) {
      expect(String(error)).not.toContain(secret);
    }
    return error as { readonly [key: string]: unknown };
  };

  test("refuses wrong credentials, and says so", async () => {
    const node = { nodes: [proxy.url], caFile: ours.ca };
    for (const credentials of [
      {},
      { username: USER, password: WRONG },
      { apiKey: Buffer.from(`id:${WRONG}`).toString("base64") },
    ]) {
      const error = await refused({ ...node, ...credentials });
      expect(error).toMatchObject({ code: "store/forbidden", facts: { status: 401 } });
    }
  });

  test("whose certificate is not trusted is an error that names what to set", async () => {
    const wrongName = await startSecureProxy(engine.url, elsewhere, ACCEPTED);
    try {
      for (const [options, why] of [
        [{ nodes: [proxy.url], caFile: foreign.ca }, /certificate/],
        [{ nodes: [proxy.url] }, /certificate/],
        [{ nodes: [wrongName.url], caFile: elsewhere.ca }, /altnames/],
        [{ nodes: [engine.url.replace("http:", "https:")], caFile: ours.ca }, /SSL|EPROTO/],
      ] as const) {
        const error = await refused({ ...options, ...good });
        expect(error).toMatchObject({ code: "store/untrusted", retryable: false });
        expect(error["message"]).toMatch(why);
        expect(error["message"]).toMatch(/ELASTICSEARCH_CA_FILE/);
      }
    } finally {
      await wrongName.close();
    }
  });

  test("serves the roles; what they log at any level has no secret in it", async () => {
    cluster = new RoleCluster(engine.url, await sharedRedis(), {
      ELASTICSEARCH_URL: proxy.url,
      ELASTICSEARCH_CA_FILE: ours.ca,
      ELASTICSEARCH_USERNAME: USER,
      LOG_LEVEL: "trace",
      HEALTH_PORT: "0",
    });
    await cluster.makeEventIndex();
    const file = path.join(path.dirname(ours.ca), "password");
    writeFileSync(file, `${PASSWORD}\n`);
    const worker = cluster.role("sweep-worker", { ELASTICSEARCH_PASSWORD_FILE: file });
    const ready = async () => {
      const port = /port (\d+)/.exec(worker.out())?.[1] ?? "1";
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      return answer?.status === 200;
    };
    expect(await until(ready, 60)).toBe(true);
    worker.child.kill("SIGTERM");
    const said = [await worker.ended];
    for (const env of [
      { ELASTICSEARCH_PASSWORD: WRONG },
      { ELASTICSEARCH_PASSWORD: PASSWORD, ELASTICSEARCH_CA_FILE: foreign.ca },
      { ELASTICSEARCH_PASSWORD: PASSWORD, ELASTICSEARCH_CA_FILE: file },
      { ELASTICSEARCH_PASSWORD: PASSWORD, ELASTICSEARCH_API_KEY: API_KEY },
      { ELASTICSEARCH_URL: proxy.url.replace("//", `//${USER}:${PASSWORD}@`) },
    ]) {
      said.push(await cluster.role("sweep-worker", env).ended);
    }
    expect(said.map(({ code, err }) => `${code} ${/\(([a-z]+\/[a-z-]+)\)$/m.exec(err)?.[1]}`)).toEqual([
      "0 undefined",
      "2 store/forbidden",
      "2 store/untrusted",
      "2 store/misconfigured",
      "2 config/invalid",
      "2 config/invalid",
    ]); // prettier-ignore
    for (const secret of SECRETS) {
      expect(JSON.stringify(said)).not.toContain(secret);
    }
  });
});

test("a cloud id names the deployment's address", async () => {
  const parts = Buffer.from("cloud.invalid$es-uuid$kibana-uuid").toString("base64");
  const client = connectEngine({ cloudId: `name:${parts}`, ...good, deadlineMs: 1 });
  await expect(client.call({ method: "GET", path: "/" })).rejects.toThrow(
    /es-uuid\.cloud\.invalid/,
  );
  await client.close();
  for (const cloudId of ["", "nonsense", `name:${Buffer.from("a").toString("base64")}`]) {
    expect(() => connectEngine({ cloudId, ...good })).toThrow(
      expect.objectContaining({ code: "store/misconfigured" }),
    );
  }
});
