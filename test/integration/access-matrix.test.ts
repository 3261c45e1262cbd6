import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { routes } from "../../services/api/routes.ts";
import { allows, SCOPES, type Scope } from "../../services/core/access/scopes.ts";
import { ApiServer, bearer, HOUR, NOON } from "../support/api-server.ts";

let api: ApiServer;

beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

/** A stream is asked for as short as it can be. */
const addressed = (path: string) =>
  path.replace(":id", "0123456789abcdef").replace(/\/stream$/, "/stream?seconds=1");

/** The way things are meant to be: a route that is not in here, or whose scope is another, fails. */
const MEANT: Readonly<Record<string, Scope | "open">> = {
  "get /api/v1/alerts": "read",
  "get /api/v1/alerts/export": "read",
  "get /api/v1/alerts/stream": "read",
  "post /api/v1/alerts/triage": "triage",
  "get /api/v1/alerts/:id": "read",
  "post /api/v1/alerts/:id/triage": "triage",
  "get /api/v1/suppressions": "read",
  "post /api/v1/suppressions": "triage",
  "delete /api/v1/suppressions/:id": "triage",
  "get /api/v1/warning-lists": "read",
  "get /api/v1/indicators": "read",
  "get /api/v1/feeds": "read",
  "post /api/v1/feeds": "admin",
  "get /api/v1/feeds/:id": "read",
  "delete /api/v1/feeds/:id": "admin",
  "post /api/v1/feeds/:id/run": "feeds",
  "get /api/v1/webhooks": "admin",
  "post /api/v1/webhooks": "admin",
  "delete /api/v1/webhooks/:id": "admin",
  "post /api/v1/webhooks/:id/test": "admin",
  "post /api/v1/webhooks/:id/replay": "admin",
  "get /api/v1/imports": "read",
  "post /api/v1/imports": "feeds",
  "get /api/v1/imports/:id": "read",
  "post /api/v1/events": "feeds",
  "post /api/v1/events/search": "read",
  "get /api/v1/events/:id": "read",
  "get /api/v1/process-tree": "read",
  "get /api/v1/coverage": "read",
  "get /api/v1/audit": "admin",
  "get /api/v1/keys": "admin",
  "post /api/v1/keys": "admin",
  "delete /api/v1/keys/:id": "admin",
  "get /api/v1/plan": "read",
  "post /api/v1/plan/express": "feeds",
  "post /api/v1/plan/pause": "admin",
  "post /api/v1/plan/resume": "admin",
  "get /api/v1/dead-jobs": "admin",
  "post /api/v1/dead-jobs/replay": "admin",
  "post /api/v1/dead-jobs/:id/replay": "admin",
  "post /api/v1/session": "read",
  "get /api/v1/session": "read",
  "delete /api/v1/session": "read",
  "get /metrics": "read",
  "get /healthz": "open",
  "get /readyz": "open",
  "get /openapi.json": "open",
  "get /docs": "open",
};

test("every route needs the scope that it is meant to need", () => {
  const found = routes.map(({ method, path, scope }) => [`${method} ${path}`, scope]);
  expect(Object.fromEntries(found)).toEqual(MEANT);
  expect(found).toHaveLength(Object.keys(MEANT).length);
});

test.each([
  { has: ["read"], may: ["read"] },
  { has: ["triage"], may: ["read", "triage"] },
  { has: ["feeds"], may: ["read", "feeds"] },
  { has: ["triage", "feeds"], may: ["read", "triage", "feeds"] },
  { has: ["admin"], may: ["read", "triage", "feeds", "admin"] },
  { has: [], may: [] },
] satisfies { has: Scope[]; may: Scope[] }[])("scopes $has hold $may", ({ has, may }) => {
  expect(SCOPES.filter((scope) => allows(has, scope))).toEqual(may);
});

describe.each(routes)("$method $path needs $scope", ({ method, path, scope }) => {
  const request = { method: method.toUpperCase(), path: addressed(path) };

  test("and refuses whoever shows no good key, each in the same words", async () => {
    const expired = await api.key(["admin"], NOON + HOUR);
    const revoked = await api.key(["admin"]);
    await api.state.apiKeys.revoke(revoked.id, NOON);
    const good = await api.key(["admin"]);
    api.now += HOUR;
    const answers = [];
    for (const headers of [
      {},
      { authorization: `Basic ${Buffer.from("a:b").toString("base64")}` },
      { authorization: "Bearer" },
      { authorization: "Bearer nonsense" },
      { authorization: `Bearer ${good.token}0` },
      { authorization: `Bearer ${good.token.slice(0, -1)}${good.token.endsWith("0") ? 1 : 0}` },
      { authorization: `Bearer ${good.token.replace(good.id, "f".repeat(16))}` },
      { "x-api-key": expired.token },
      { authorization: `Bearer ${revoked.token}` },
    ] satisfies Record<string, string>[]) {
      answers.push(await api.ask(request.method, request.path, { headers }));
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([scope === "open" ? 200 : 401]),
    );
    if (scope !== "open") {
      const told = answers.map(({ headers, body }) => [
        headers["content-type"],
        headers["www-authenticate"],
        headers["content-length"],
        body,
      ]);
      expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
      expect(answers[0]?.headers["www-authenticate"]).toBe('Bearer realm="stixsweep"');
      expect(answers[0]?.headers["content-type"]).toContain("application/problem+json");
      expect(answers[0]?.body).toMatchObject({ status: 401, code: "api/unauthorized" });
    }
  });

  test.each(SCOPES)("and takes a key with %s for what it is", async (has) => {
    const { token } = await api.key([has]);
    const { status, headers, body } = await api.ask(request.method, request.path, bearer(token));
    if (scope === "open" || allows([has], scope)) {
      expect([401, 403]).not.toContain(status);
      return;
    }
    expect({ status, code: body.code }).toEqual({ status: 403, code: "api/missing-scope" });
    expect(body.detail).toContain(`scope ${scope}`);
    expect(headers["www-authenticate"]).toContain(`scope="${scope}"`);
  });
});
