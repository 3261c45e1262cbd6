/** Webhooks told of alerts over real HTTP: in order, at least once, until they take them or are given up. */
import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { WebhookSender } from "../../services/adapters/notify/send-webhook.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { bodyOf } from "../../services/core/notify/message.ts";
import { deliver, dueWebhooks, type DeliverDeps } from "../../services/core/notify/deliver.ts";
import {
  newWebhookState,
  webhookSchema,
  type WebhookState,
} from "../../services/core/notify/webhook.ts";
import type { AlertRecord, Severity } from "../../services/core/records.ts";
import { ApiServer, NOON } from "../support/api-server.ts";
import { FeedHost } from "../support/feed-host.ts";

let state: ReturnType<typeof openSqliteState>;
let host: FeedHost;
let sender: WebhookSender;
let now: number;
/** What the receiver answers, one after another; 200 then. */
let answers: (number | { status: number; headers: Record<string, string> })[];
let got: { headers: IncomingMessage["headers"]; body: string }[];

beforeEach(async () => {
  state = openSqliteState(":memory:");
  [now, answers, got] = [NOON, [], []];
  host = await new FeedHost((request, response) => void take(request, response)).listen();
  sender = new WebhookSender({
    secretOf: (name) => ({ PLAIN: "s3cret", STANDARD: `whsec_${Buffer.from("key").toString("base64")}` })[name], // prettier-ignore
    privateHosts: ["127.0.0.1"],
  });
});
afterEach(async () => {
  await sender.close();
  host.close();
  state.close();
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readText(request);
  const answer = answers.shift() ?? 200;
  got.push({ headers: request.headers, body });
  if (typeof answer === "number") response.writeHead(answer).end();
  else response.writeHead(answer.status, answer.headers).end();
}

const deps = (): DeliverDeps => ({ state, now: () => now, send: async (one) => sender.send(one) });

async function hook(more: object = {}): Promise<void> {
  const webhook = webhookSchema.parse({ url: `${host.url}/hook`, ...more });
  await state.records.compareAndSet("webhook", { id: "w", version: 0, record: { webhook, by: "local", at: NOON } }); // prettier-ignore
}

async function its(): Promise<WebhookState> {
  return (await state.records.get("webhook-state", "w"))?.record ?? newWebhookState(0);
}

async function raise(
  id: string,
  severity: Severity = "high",
  value = "evil.example",
): Promise<void> {
  const alert: AlertRecord = {
    id,
    group: { patternKey: `p-${id}`, host: "h1", value },
    generation: 1,
    version: 0,
    status: "new",
    resolution: undefined,
    assignee: undefined,
    tags: [],
    history: [],
    covers: 1,
    after: 0,
    through: undefined,
    createdAt: NOON,
    updatedAt: NOON,
    count: 3,
    firstSeen: NOON - 5000,
    lastSeen: NOON,
    severity,
    evidence: [],
  };
  expect(await state.alerts.compareAndSet(alert)).toBe(true);
}

const told = (): string[] => got.map(({ body }) => (JSON.parse(body) as { alert: { id: string } }).alert.id); // prettier-ignore

test("alerts are told in order, each once, and later ones later", async () => {
  await hook();
  for (const id of ["a", "b", "c"]) await raise(id);
  expect(await deliver(deps(), "w")).toBe(3);
  expect(told()).toEqual(["a", "b", "c"]);
  expect(await deliver(deps(), "w")).toBe(0);
  await raise("d");
  expect(await deliver(deps(), "w")).toBe(1);
  expect(told()).toEqual(["a", "b", "c", "d"]);
  expect(await its()).toMatchObject({ delivered: 4, deliveredAt: NOON, failures: 0 });
  expect(JSON.parse(got[0]?.body ?? "")).toMatchObject({
    type: "alert.raised",
    timestamp: new Date(NOON).toISOString(),
    alert: { id: "a", severity: "high", host: "h1", value: "evil.example", count: 3 },
  });
});

test.each([
  { secret: "PLAIN", key: "s3cret" },
  { secret: "STANDARD", key: "key" },
])("requests are signed as Standard Webhooks has it: $secret", async ({ secret, key }) => {
  await hook({ secret });
  await raise("a");
  await deliver(deps(), "w");
  const [{ headers, body } = { headers: {}, body: "" }] = got;
  const [id, timestamp] = [headers["webhook-id"], headers["webhook-timestamp"]];
  expect([id, timestamp]).toEqual(["a", String(NOON / 1000)]);
  const want = createHmac("sha256", key)
    .update(`a.${NOON / 1000}.${body}`)
    .digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${want}`);
});

test("what is not taken holds up what comes after it, and is told again under the same id", async () => {
  await hook();
  answers = [500, 503, 200];
  for (const id of ["a", "b"]) await raise(id);
  expect(await deliver(deps(), "w")).toBe(0);
  expect(await its()).toMatchObject({ failures: 1, error: "answered 500", nextAt: NOON + 5000 });
  expect(await dueWebhooks(deps())).toEqual([]);
  now += 5000;
  expect(await dueWebhooks(deps())).toEqual(["w"]);
  await deliver(deps(), "w");
  expect((await its()).nextAt).toBe(now + 10_000);
  now += 10_000;
  expect(await deliver(deps(), "w")).toBe(2);
  expect(told()).toEqual(["a", "a", "a", "b"]);
  expect(got.map(({ headers }) => headers["webhook-id"])).toEqual(["a", "a", "a", "b"]);
  expect(await its()).toMatchObject({ failures: 0, dead: [] });
});

test("a receiver that says when is asked again then", async () => {
  await hook();
  answers = [{ status: 429, headers: { "retry-after": "120" } }];
  await raise("a");
  await deliver(deps(), "w");
  expect((await its()).nextAt).toBe(NOON + 120_000);
});

test("what is refused as such is given up after five tries, and can be told again", async () => {
  await hook();
  answers = [400, 400, 400, 400, 400];
  for (const id of ["a", "b"]) await raise(id);
  for (let i = 0; i < 5; i++) {
    await deliver(deps(), "w");
    now += 3_600_000;
  }
  expect(told()).toEqual(["a", "a", "a", "a", "a", "b"]);
  expect((await its()).dead).toMatchObject([{ alert: "a", reason: "answered 400" }]);
});

test("what is not taken for a day is given up", async () => {
  await hook();
  await raise("a");
  let tries = 0;
  for (; tries < 100 && (await its()).dead.length === 0; tries++) {
    answers = [500];
    await deliver(deps(), "w");
    now = Math.max(now + 1, (await its()).nextAt);
  }
  expect(tries).toBeGreaterThan(20);
  expect(now - NOON).toBeGreaterThanOrEqual(86_400_000);
  answers = [];
  await raise("b");
  await deliver(deps(), "w");
  expect(told().at(-1)).toBe("b");
});

test("a receiver that breaks off is tried again", async () => {
  await hook();
  host.serve = (request) => request.socket.destroy();
  await raise("a");
  await deliver(deps(), "w");
  expect(await its()).toMatchObject({ failures: 1, after: 0 });
});

test.each([
  { name: "by severity", more: { minSeverity: "high" }, want: ["a"] },
  { name: "by feed", more: { feeds: ["f"] }, want: ["b"] },
])("only what is asked for is told: $name", async ({ more, want }) => {
  await hook(more);
  await raise("a", "high");
  await raise("b", "low");
  await state.indicators.upsert([
    { feed: "f", id: "i", patternKey: "p-b", pattern: "x", name: "n", description: "", modified: "", validFrom: undefined, validUntil: undefined, revoked: false, confidence: 5, labels: [], markings: [], killChain: [], context: [], notes: [] }, // prettier-ignore
  ]);
  await deliver(deps(), "w");
  expect(told()).toEqual(want);
  expect((await its()).after).toBe(2);
});

test("private addresses are refused where they are not named", async () => {
  await hook();
  await raise("a");
  const strict = new WebhookSender({ secretOf: () => undefined, privateHosts: [] });
  await deliver({ ...deps(), send: async (one) => strict.send(one) }, "w");
  await strict.close();
  expect(got).toEqual([]);
  expect((await its()).error).toContain("no public address");
});

describe("a message", () => {
  const hostile = { id: "a", severity: "high", name: 'n"}\n<!channel>', host: "h", value: "{{alert.id}}\u202e" }; // prettier-ignore
  test("of text is one line that speaks to nobody", () => {
    const body = bodyOf(webhookSchema.parse({ url: "https://h.example", format: "text" }), "alert.raised", "t", hostile); // prettier-ignore
    expect(JSON.parse(body)).toEqual({ text: '[high] n"}  !channel  on h: {{alert.id}} ' });
  });

  test("of a template has values where its places were, and nothing of them is read", () => {
    const template = JSON.stringify({ a: "{{alert.name}}", "b{{x}}": ["{{ alert.value }}!", 3], c: "{{alert.none.x}}{{alert.constructor}}" }); // prettier-ignore
    const body = bodyOf(webhookSchema.parse({ url: "https://h.example", template }), "alert.raised", "t", hostile); // prettier-ignore
    expect(JSON.parse(body)).toEqual({
      a: hostile.name,
      "b{{x}}": [`${hostile.value}!`, 3],
      c: "",
    });
  });
});

describe("through the API", () => {
  let api: ApiServer;
  beforeEach(async () => {
    api = new ApiServer();
    await api.listen();
  });
  afterEach(async () => api.close());
  const post = async (path: string, body?: object) =>
    api.ask("POST", `/api/v1/webhooks${path}`, {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("a webhook is made, tested, told again, and taken away", async () => {
    const webhook = { url: "https://chat.example/hook", secret: "CHAT", format: "text" };
    const made = await post("", { id: "chat", webhook });
    expect(made).toMatchObject({
      status: 201,
      body: { id: "chat", by: "local", webhook, dead: [] },
    });
    expect(await post("/chat/test")).toMatchObject({ status: 202, body: { waiting: ["test"] } });
    const { records } = api.state;
    const before = await records.get("webhook-state", "chat");
    const dead = [{ alert: "a", at: NOON, reason: "answered 400" }];
    const record = { ...newWebhookState(7), dead };
    await records.compareAndSet("webhook-state", {
      id: "chat",
      version: before?.version ?? 0,
      record,
    });
    expect(await post("/chat/replay")).toMatchObject({ status: 202, body: { waiting: ["a"], dead: [] } }); // prettier-ignore
    expect((await api.ask("GET", "/api/v1/webhooks")).body.webhooks).toHaveLength(1);
    expect((await api.ask("DELETE", "/api/v1/webhooks/chat")).status).toBe(200);
    expect((await api.ask("DELETE", "/api/v1/webhooks/chat")).status).toBe(404);
    expect((await post("/chat/test")).status).toBe(404);
  });

  test.each([
    { name: "an address of another kind", webhook: { url: "file:///etc/passwd" } },
    { name: "an address with a password", webhook: { url: "https://u:p@h.example" } },
    { name: "a template that is no JSON", webhook: { url: "https://h.example", template: "{" } },
    { name: "a secret that is no name", webhook: { url: "https://h.example", secret: "s3cret!" } },
  ])("$name is refused", async ({ webhook }) => {
    expect((await post("", { id: "w", webhook })).status).toBe(400);
  });
});
