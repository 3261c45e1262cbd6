/** Who is told why a service is not ready. */
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ApiServer, bearer } from "../support/api-server.ts";

const REASONS = ["redis: not connected", "engine: no answer within 3000 ms"];

let api: ApiServer;
beforeEach(async () => {
  api = new ApiServer();
  api.reasons = REASONS;
});
afterEach(async () => api.close());

const outer = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find((one) => one.family === "IPv4" && !one.internal)?.address;

test("this machine is, with keys and without", async () => {
  await api.listen();
  const told = { status: 503, body: { ready: false, reasons: REASONS } };
  expect(await api.ask("GET", "/readyz")).toMatchObject(told);
  await api.key(["admin"]);
  expect(await api.ask("GET", "/readyz")).toMatchObject(told);
});

test("a page that was re-bound to this machine is not", async () => {
  await api.listen();
  const foreign = { headers: { host: "soc.example" } };
  expect(await api.ask("GET", "/readyz", foreign)).toMatchObject({ status: 503, body: {} });
  expect((await api.ask("GET", "/readyz", foreign)).body).toEqual({});
});

test("elsewhere whoever shows a good key is", async () => {
  await api.listen("0.0.0.0");
  const { token } = await api.key(["read"]);
  const ask = async (headers: Readonly<Record<string, string>>) => {
    // Where this machine has no other address, the name alone says that it comes from elsewhere.
    const asked = { headers: { host: "soc.example", ...headers } };
    const { status, body } = await api.ask("GET", "/readyz", asked, outer);
    return { status, told: body.reasons };
  };
  expect(await ask({})).toEqual({ status: 503, told: undefined });
  expect(await ask(bearer(`${token.slice(0, -4)}0000`).headers)).toMatchObject({ status: 503 });
  expect(await ask({ "x-api-key": "nonsense" })).toEqual({ status: 503, told: undefined });
  expect(await ask(bearer(token).headers)).toEqual({ status: 503, told: REASONS });
  api.reasons = [];
  expect(await ask({})).toEqual({ status: 200, told: undefined });
});
