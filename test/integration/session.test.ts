/** Sessions: what a browser shows instead of a key. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { keySecrets } from "../../services/adapters/crypto/key-secrets.ts";
import { ApiServer, bearer, HOUR, NOON, type Answer } from "../support/api-server.ts";

const PATH = "/api/v1/session";
const OURS = { origin: "http://soc.example", host: "soc.example", "x-stixsweep": "console" };

let api: ApiServer;
beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

const setCookie = ({ headers }: Answer) => ((headers["set-cookie"] ?? []) as string[]).join();
const cookieOf = (answer: Answer) => setCookie(answer).split(";")[0] ?? "";

/** Signs in with a key; gives the cookie as a browser would send it. */
async function signIn(token: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await api.ask("POST", PATH, { headers: { ...bearer(token).headers, ...headers } });
  expect(answer.status).toBe(200);
  expect(answer.body.session).toBe(true);
  return cookieOf(answer);
}

const read = async (cookie: string) => api.ask("GET", PATH, { headers: { cookie } });

test("a session shows its key, and does what the key may do, no more", async () => {
  const { id, token } = await api.key(["triage"]);
  const cookie = await signIn(token);
  const { status, body } = await read(cookie);
  expect({ status, body }).toEqual({
    status: 200,
    body: { key: { id, name: "test" }, scopes: ["triage"], session: true },
  });
  const ask = async (method: string, path: string) =>
    (await api.ask(method, path, { headers: { ...OURS, cookie }, ...(method === "POST" && { body: "{}" }) })).status; // prettier-ignore
  expect(await ask("GET", "/api/v1/alerts")).toBe(200);
  expect(await ask("POST", "/api/v1/alerts/triage")).toBe(400);
  expect(await ask("GET", "/api/v1/keys")).toBe(403);
});

test("the cookie is kept from scripts and other sites, and its secret from the store and the log", async () => {
  const { token } = await api.key(["read"]);
  const headers = bearer(token).headers;
  const plain = await api.ask("POST", PATH, { headers });
  expect(setCookie(plain)).toMatch(
    /^stixsweep_session=[0-9a-f]{64}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const behind = await api.ask("POST", PATH, { headers: { ...headers, "x-forwarded-proto": "https" } }); // prettier-ignore
  expect(setCookie(behind)).toMatch(/; Secure$/);
  const secret = cookieOf(plain).split("=")[1] ?? "";
  const stored = JSON.stringify(await api.state.records.list("session"));
  expect(stored).toContain(keySecrets.hash(secret));
  expect(stored + api.logged.join("")).not.toContain(secret);
});

describe("a change by a session", () => {
  test.each([
    { name: "of our own page", headers: OURS, want: 400 },
    { name: "of our own page, whose browser says so otherwise", headers: { "x-stixsweep": "console", "sec-fetch-site": "same-origin" }, want: 400 },
    { name: "without the header", headers: { origin: OURS.origin, host: OURS.host }, want: 403 },
    { name: "with another header", headers: { ...OURS, "x-stixsweep": "1" }, want: 403 },
    { name: "without an origin", headers: { "x-stixsweep": "console" }, want: 403 },
    { name: "of another origin", headers: { ...OURS, origin: "https://evil.example" }, want: 403 },
    { name: "of another port of this machine", headers: { ...OURS, origin: "http://127.0.0.1:3000" }, want: 403 },
    { name: "of a sandboxed page", headers: { ...OURS, origin: "null" }, want: 403 },
    { name: "of another site", headers: { "x-stixsweep": "console", "sec-fetch-site": "cross-site" }, want: 403 },
    { name: "of another page of the site", headers: { "x-stixsweep": "console", "sec-fetch-site": "same-site" }, want: 403 },
  ])("$name is answered $want", async ({ headers, want }) => {
    const cookie = await signIn((await api.key(["admin"])).token);
    const asked = { headers: { ...headers, cookie }, body: "{}" };
    const { status, body } = await api.ask("POST", "/api/v1/alerts/triage", asked);
    expect(status).toBe(want);
    if (want === 403) expect(body.code).toBe("api/foreign-origin");
    expect((await api.ask("DELETE", PATH, { headers: { ...headers, cookie } })).status).toBe(want === 403 ? 403 : 200); // prettier-ignore
  }); // prettier-ignore

  test("needs none of that with a key, which no browser adds", async () => {
    const { token } = await api.key(["triage"]);
    const headers = { ...bearer(token).headers, cookie: await signIn(token) };
    const { status } = await api.ask("POST", "/api/v1/alerts/triage", { headers, body: "{}" });
    expect(status).toBe(400);
  });
});

describe("a session ends", () => {
  test.each([
    { name: "when nobody used it for 12 hours", steps: [12 * HOUR], want: 401 },
    { name: "not before", steps: [12 * HOUR - 1], want: 200 },
    { name: "not while it is used", steps: Array.from({ length: 20 }, () => 8 * HOUR), want: 200 },
    { name: "after 7 days, however much it is used", steps: Array.from({ length: 21 }, () => 8 * HOUR), want: 401 },
  ])("$name", async ({ steps, want }) => {
    const cookie = await signIn((await api.key(["read"])).token);
    let status = 0;
    for (const step of steps) {
      api.now += step;
      ({ status } = await read(cookie));
    }
    expect(status).toBe(want);
  }); // prettier-ignore

  test("with its key: revoked", async () => {
    const { id, token } = await api.key(["read"]);
    const cookie = await signIn(token);
    await api.state.apiKeys.revoke(id, NOON);
    expect((await read(cookie)).status).toBe(401);
  });

  test("with its key: expired", async () => {
    const cookie = await signIn((await api.key(["read"], NOON + HOUR)).token);
    api.now += HOUR - 1;
    expect((await read(cookie)).status).toBe(200);
    api.now += 1;
    expect((await read(cookie)).status).toBe(401);
  });

  test("when somebody signs out, on every replica", async () => {
    const { token } = await api.key(["read"]);
    const [cookie, other] = [await signIn(token), await signIn(token)];
    const headers = { ...OURS, cookie };
    const answer = await api.ask("DELETE", PATH, { headers });
    expect(answer.body).toEqual({ ended: true });
    expect(setCookie(answer)).toContain("stixsweep_session=; Max-Age=0;");
    expect((await read(cookie)).status).toBe(401);
    expect((await read(other)).status).toBe(200);
  });
});

test("it survives a restart", async () => {
  const cookie = await signIn((await api.key(["read"])).token);
  await api.stop();
  await api.listen();
  expect((await read(cookie)).status).toBe(200);
});

test.each([
  { name: "nonsense", cookie: "stixsweep_session=nonsense" },
  { name: "nothing", cookie: "stixsweep_session=" },
  { name: "an unknown one", cookie: `stixsweep_session=${"0".repeat(64)}` },
  { name: "the stored hash", cookie: "HASH" },
  { name: "the key itself", cookie: "KEY" },
  { name: "another cookie", cookie: "session=1; a" },
])("$name is no session", async ({ cookie }) => {
  const { token } = await api.key(["admin"]);
  await signIn(token);
  const [stored] = await api.state.records.list("session");
  const shown = { HASH: `stixsweep_session=${stored?.id}`, KEY: `stixsweep_session=${token}` }[cookie]; // prettier-ignore
  const { status, body } = await read(shown ?? cookie);
  expect({ status, code: body.code }).toEqual({ status: 401, code: "api/unauthorized" });
});

test("a session begets no other, and without keys there is none", async () => {
  const open = await api.ask("POST", PATH);
  expect({ ...open.body, cookie: setCookie(open) }).toEqual({
    key: null,
    scopes: ["admin"],
    session: false,
    cookie: "",
  });
  const cookie = await signIn((await api.key(["read"])).token);
  const again = await api.ask("POST", PATH, { headers: { ...OURS, cookie } });
  expect({ status: again.status, cookie: setCookie(again) }).toEqual({ status: 200, cookie: "" });
  expect(await api.state.records.list("session")).toHaveLength(1);
});

test("what has ended is dropped, and of a key 50 browsers are remembered", async () => {
  const { token } = await api.key(["read"]);
  const first = await signIn(token);
  api.now += 1000;
  for (let i = 0; i < 50; i += 1) await signIn(token);
  expect(await api.state.records.list("session")).toHaveLength(50);
  expect((await read(first)).status).toBe(401);
  api.now += 12 * HOUR;
  await signIn(token);
  expect(await api.state.records.list("session")).toHaveLength(1);
});
