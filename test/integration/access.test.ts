import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ApiServer, bearer, HOUR, NOON } from "../support/api-server.ts";

let api: ApiServer;

beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

describe("with a key in the store", () => {
  test.each([
    { name: "an unknown path", method: "GET", path: "/api/v2/none" },
    { name: "another method", method: "PUT", path: "/api/v1/alerts" },
    { name: "a broken path", method: "GET", path: "/api/v1/alerts/%E0%A4" },
    { name: "another spelling of an open path", method: "GET", path: "/HEALTHZ" },
    { name: "HEAD", method: "HEAD", path: "/api/v1/alerts" },
    { name: "a key in the query", method: "GET", path: "/api/v1/alerts?api_key=TOKEN" },
  ])("$name needs one too", async ({ method, path }) => {
    const { token } = await api.key(["admin"]);
    expect((await api.ask(method, path.replace("TOKEN", token))).status).toBe(401);
  });

  test.each([
    { name: "Authorization", headers: { authorization: "Bearer TOKEN" } },
    { name: "the scheme in other letters", headers: { authorization: "bEARER  TOKEN" } },
    { name: "X-API-Key", headers: { "x-api-key": "TOKEN" } },
    { name: "X-API-Key beside a proxy's Basic", headers: { "x-api-key": "TOKEN", authorization: "Basic YTpi" } }, // prettier-ignore
  ])("it is taken from $name", async ({ headers }) => {
    const { token } = await api.key(["read"]);
    const shown = Object.entries(headers).map(([k, v]) => [k, v.replace("TOKEN", token)]);
    const answer = await api.ask("GET", "/api/v1/alerts", { headers: Object.fromEntries(shown) });
    expect(answer.status).toBe(200);
  });

  test.each([
    { headers: { host: "soc.example" }, want: 200 },
    { headers: { host: "10.0.0.1:8080" }, want: 200 },
    { headers: { host: "soc.example", origin: "https://soc.example" }, want: 200 },
    { headers: { host: "SOC.example:8443", origin: "https://soc.example:8443" }, want: 200 },
    { headers: { host: "soc.example", origin: "https://evil.example" }, want: 403 },
    { headers: { host: "soc.example", origin: "https://soc.example.evil.example" }, want: 403 },
    { headers: { host: "soc.example", origin: "null" }, want: 403 },
  ])("a write with $headers is answered $want", async ({ headers, want }) => {
    const { token } = await api.key(["feeds"]);
    const given = { headers: { ...headers, "x-api-key": token } };
    expect((await api.ask("POST", "/api/v1/events?source=a", given)).status).toBe(want);
  });

  test("the body of a write without a key is not read", async () => {
    await api.key(["admin"]);
    const answer = await api.ask("POST", "/api/v1/events?source=a", { body: "x".repeat(5000) });
    expect(answer.status).toBe(401);
  });

  test("the end of the last key does not open the door", async () => {
    const { id, token } = await api.key(["admin"], NOON + HOUR);
    api.now += 2 * HOUR;
    expect((await api.ask("GET", "/api/v1/alerts")).status).toBe(401);
    await api.state.apiKeys.revoke(id, api.now);
    await api.stop();
    await api.listen();
    expect((await api.ask("GET", "/api/v1/alerts")).status).toBe(401);
    expect((await api.ask("GET", "/api/v1/alerts", bearer(token))).status).toBe(401);
  });

  test("its last use is noted at most once a minute, and a failing note keeps nobody out", async () => {
    const { id, token } = await api.key(["read"]);
    const used = async () => {
      expect((await api.ask("GET", "/api/v1/alerts", bearer(token))).status).toBe(200);
      return (await api.state.apiKeys.get(id))?.lastUsedAt;
    };
    expect(await used()).toBe(NOON);
    api.now += 59_999;
    expect(await used()).toBe(NOON);
    api.now += 1;
    expect(await used()).toBe(NOON + 60_000);
    api.state.apiKeys.touch = async () => Promise.reject(new Error("disk full"));
    api.now += HOUR;
    expect(await used()).toBe(NOON + 60_000);
    expect(api.logged.filter((line) => line.includes("disk full"))).toHaveLength(1);
  });

  test("a secret is compared in constant time, also where there is no such key", async () => {
    const { id, token } = await api.key(["read"]);
    const hash = (await api.state.apiKeys.get(id))?.hash;
    await api.ask("GET", "/api/v1/alerts", bearer(token));
    await api.ask("GET", "/api/v1/alerts", bearer(token.replace(id, "f".repeat(16))));
    expect(api.compared).toEqual([hash, "0".repeat(64)]);
  });
});

describe("failed attempts", () => {
  const fail = async (from = "127.0.0.1") =>
    api.ask("GET", "/api/v1/alerts", { ...bearer("wrong"), from });

  test("are slowed down by address, and a good key gets in all the while", async () => {
    const { token } = await api.key(["read"]);
    const answers = [];
    for (let i = 0; i < 12; i++) {
      answers.push(await fail());
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect(answers[11]?.body.code).toBe("api/too-many-attempts");
    expect(answers[11]?.headers["retry-after"]).toBe("6");
    expect((await api.ask("GET", "/api/v1/alerts", bearer(token))).status).toBe(200);
    api.now += 6000;
    expect([(await fail()).status, (await fail()).status]).toEqual([401, 429]);
    expect((await fail("127.0.0.2")).status).toBe(401);
  });

  test("are logged once each, with address, reason and id, and never with the token", async () => {
    const { id, token } = await api.key(["read"]);
    const wrong = `${token.slice(0, -4)}0000`;
    await api.ask("GET", "/api/v1/alerts");
    await fail();
    await api.ask("GET", "/api/v1/alerts", bearer(wrong));
    await api.state.apiKeys.revoke(id, NOON);
    await api.ask("GET", `/api/v1/alerts?key=${token}`, { headers: { "x-api-key": token } });
    expect(api.logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: "warn", address: "127.0.0.1", reason: "missing" },
      { level: "warn", address: "127.0.0.1", reason: "malformed" },
      { level: "warn", address: "127.0.0.1", reason: "wrong-secret", key: id },
      { level: "warn", address: "127.0.0.1", reason: "revoked", key: id },
    ]);
    expect(api.logged.join("")).not.toMatch(new RegExp(token.slice(-64, -4)));
    for (let i = 0; i < 50; i++) {
      await fail();
    }
    expect(api.logged).toHaveLength(10);
  });
});

describe("without a key in the store", () => {
  test("this machine may do everything, under a loopback name", async () => {
    expect((await api.ask("GET", "/api/v1/keys")).body).toEqual({ keys: [] });
    const foreign = { headers: { host: "soc.example" } };
    expect((await api.ask("GET", "/api/v1/keys", foreign)).body.code).toBe("api/foreign-host");
  });

  test("a token is no hindrance", async () => {
    expect((await api.ask("GET", "/api/v1/alerts", bearer("whatever"))).status).toBe(200);
  });

  test("nobody else may, even if the server was made to listen there", async () => {
    await api.stop();
    await api.listen("0.0.0.0");
    const outer = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find((one) => one.family === "IPv4" && !one.internal);
    const asked = { headers: { host: "localhost" } };
    const { status } = await api.ask("GET", "/api/v1/alerts", asked, outer?.address);
    expect(status).toBe(outer === undefined ? 200 : 401);
  });

  test("the first key must be able to make others", async () => {
    const body = JSON.stringify({ name: "grafana", scopes: ["read"] });
    const { status, body: told } = await api.ask("POST", "/api/v1/keys", { body });
    expect({ status, code: told.code }).toEqual({ status: 409, code: "api/first-key" });
    expect(await api.state.apiKeys.any()).toBe(false);
  });
});
