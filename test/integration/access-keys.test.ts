import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ApiServer, bearer, HOUR } from "../support/api-server.ts";

let api: ApiServer;

beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

describe("keys over the API", () => {
  const post = async (body: unknown, token?: string) =>
    api.ask("POST", "/api/v1/keys", {
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(token === undefined ? {} : bearer(token)),
    });

  test("are made, listed without a secret, used and revoked", async () => {
    const first = await post({ name: "ops", scopes: ["admin"] });
    expect(first.status).toBe(201);
    expect(first.body.token).toMatch(/^stixsweep_[0-9a-f]{16}_[0-9a-f]{64}$/);
    const admin = String(first.body.token);
    const expiresAt = "2024-06-01T00:00:00.000Z";
    const scopes = ["feeds", "read", "feeds"];
    const second = await post({ name: " grafana ", scopes, expiresAt }, admin);
    expect(second.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      token: expect.stringContaining(second.body.id),
      name: "grafana",
      scopes: ["read", "feeds"],
      createdAt: "2024-05-01T12:00:00.000Z",
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    });
    const path = `/api/v1/keys/${second.body.id}`;
    expect((await api.ask("GET", "/api/v1/alerts", bearer(second.body.token))).status).toBe(200);
    const listed = await api.ask("GET", "/api/v1/keys", bearer(admin));
    expect(listed.body.keys.map((key: { name: string }) => key.name)).toEqual(["ops", "grafana"]);
    const stored = await api.state.apiKeys.list();
    for (const secret of [admin, String(second.body.token), ...stored.map(({ hash }) => hash)]) {
      expect(JSON.stringify(listed.body)).not.toContain(secret.slice(-64));
      expect(api.logged.join("")).not.toContain(secret.slice(-64));
    }
    expect((await api.ask("DELETE", path, bearer(admin))).body.revokedAt).not.toBeNull();
    api.now += HOUR;
    const again = await api.ask("DELETE", path, bearer(admin));
    expect([again.status, again.body.revokedAt]).toEqual([200, "2024-05-01T12:00:00.000Z"]);
    expect((await api.ask("GET", "/api/v1/alerts", bearer(second.body.token))).status).toBe(401);
    expect((await api.ask("DELETE", "/api/v1/keys/none", bearer(admin))).status).toBe(404);
    expect(api.logged.filter((line) => line.includes(`"by":"${first.body.id}"`))).toHaveLength(3);
  });

  const whole = { name: "a", scopes: ["admin"] };
  test.each([
    { name: "no JSON", body: "{", code: "api/bad-request", parameters: undefined },
    { name: "no object", body: [], code: "api/invalid-body", parameters: [""] },
    { name: "nothing in it", body: {}, code: "api/invalid-body", parameters: ["name", "scopes"] },
    { name: "no scope", body: { ...whole, scopes: [] }, code: "api/invalid-body", parameters: ["scopes"] }, // prettier-ignore
    { name: "an unknown scope", body: { ...whole, scopes: ["root"] }, code: "api/invalid-body", parameters: ["scopes.0"] }, // prettier-ignore
    { name: "a name with a line break", body: { ...whole, name: "a\nb" }, code: "api/invalid-body", parameters: ["name"] }, // prettier-ignore
    { name: "a field too many", body: { ...whole, id: "x" }, code: "api/invalid-body", parameters: ["id"] }, // prettier-ignore
    { name: "an end that is past", body: { ...whole, expiresAt: "2024-05-01T12:00:00Z" }, code: "api/invalid-body", parameters: ["expiresAt"] }, // prettier-ignore
    { name: "an end that is no time", body: { ...whole, expiresAt: 5 }, code: "api/invalid-body", parameters: ["expiresAt"] }, // prettier-ignore
  ])("are not made with $name", async ({ body, code, parameters }) => {
    const { status, body: told } = await post(body);
    expect({ status, code: told.code }).toEqual({ status: 400, code });
    expect(told.errors?.map((one: { parameter: string }) => one.parameter)).toEqual(parameters);
    expect(await api.state.apiKeys.any()).toBe(false);
  });
});
