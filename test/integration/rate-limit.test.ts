import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ApiServer, bearer } from "../support/api-server.ts";

let api: ApiServer;
beforeEach(async () => {
  api = new ApiServer();
  api.requestsPerMinute = 3;
  await api.listen();
});
afterEach(async () => api.close());

const plan = "/api/v1/plan";

test("a key that asks too often is told when to come again; others, and probes, are answered", async () => {
  const [one, two] = [await api.key(["read"]), await api.key(["read"])];
  const ask = async (token: string) => (await api.ask("GET", plan, bearer(token))).status;
  // Who shows no good key uses up nothing of the address's.
  for (let i = 0; i < 5; i += 1) expect(await ask("nonsense")).toBe(401);
  for (let i = 0; i < 3; i += 1) expect(await ask(one.token)).toBe(200);
  const refused = await api.ask("GET", plan, bearer(one.token));
  expect(refused).toMatchObject({ status: 429, body: { code: "api/too-many-requests" } });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
  expect(await ask(two.token)).toBe(200);
  for (let i = 0; i < 5; i += 1) expect((await api.ask("GET", "/healthz")).status).toBe(200);
});

test("without keys it is the address that counts", async () => {
  for (let i = 0; i < 3; i += 1) expect((await api.ask("GET", plan)).status).toBe(200);
  expect((await api.ask("GET", plan)).status).toBe(429);
  expect((await api.ask("GET", plan, { from: "127.0.0.2" })).status).toBe(200);
});
