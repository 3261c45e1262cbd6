/** Alerts as server-sent events over real HTTP: each once, none missed, wherever a client was cut off. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { AlertRecord, Severity } from "../../services/core/records.ts";
import { ApiServer, bearer, NOON } from "../support/api-server.ts";

const STREAM = "/api/v1/alerts/stream";

let api: ApiServer;
beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

async function raise(id: string, severity: Severity = "high"): Promise<void> {
  const alert: AlertRecord = {
    id,
    group: { patternKey: `p-${id}`, host: "h1", value: "evil\r\n.example" },
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
    severity,
    count: 1,
    firstSeen: NOON,
    lastSeen: NOON,
    evidence: [],
  };
  expect(await api.state.alerts.compareAndSet(alert)).toBe(true);
}

interface Told {
  /** Ids of the alerts, in order. */
  readonly alerts: readonly string[];
  /** The place after the last event. */
  readonly place: string;
}

/** Reads a stream to its end, or until it has told so many alerts; `seen` is told how many, from 0 on. */
async function follow(
  query: string,
  headers: Readonly<Record<string, string>> = {},
  many = Infinity,
  seen: (alerts: number) => void = () => undefined,
): Promise<Told> {
  const answer = await fetch(`${api.url}${STREAM}${query}`, { headers });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  // Compressed, events would wait for others.
  expect(answer.headers.get("content-encoding")).toBeNull();
  const alerts: string[] = [];
  let [place, rest] = ["", ""];
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (rest + chunk).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const lines = event.split("\n").map((line) => /^(\w*): ?(.*)$/s.exec(line) ?? []);
      const fields = new Map(lines.map(([, name, value]) => [name, value ?? ""] as const));
      place = fields.get("id") ?? place;
      const data = fields.get("data");
      if (data !== undefined) alerts.push((JSON.parse(data) as { readonly id: string }).id);
      seen(alerts.length);
    }
    if (alerts.length >= many) break;
  }
  return { alerts, place };
}

const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `a${from + i}`);

test("begins with what comes next, or where it is told to", async () => {
  await raise("old");
  const all = follow("?after=0&seconds=5");
  let begun = Promise.resolve();
  const next = await follow("?seconds=5", {}, Infinity, (alerts) => {
    if (alerts === 0) begun = raise("new");
  });
  await begun;
  expect(next.alerts).toEqual(["new"]);
  expect((await all).alerts).toEqual(["old", "new"]);
}, 20_000);

test("goes on after Last-Event-ID, also on another start of the service", async () => {
  const { place } = await follow("?seconds=1");
  for (const id of names(0, 250)) await raise(id);
  const some = await follow("", { "last-event-id": place }, 1);
  await api.stop();
  await raise("late");
  await api.listen();
  // A browser asks by the same address again: the header counts.
  const rest = await follow("?after=0&seconds=1", { "last-event-id": some.place });
  expect([...some.alerts, ...rest.alerts]).toEqual([...names(0, 250), "late"]);
}, 20_000);

test("is filtered", async () => {
  for (const [id, severity] of [["a", "high"], ["b", "low"], ["c", "high"]] as const) await raise(id, severity); // prettier-ignore
  expect((await follow("?after=0&seconds=1&severity=high")).alerts).toEqual(["a", "c"]);
  expect((await follow("?after=0&seconds=1&host=H2")).alerts).toEqual([]);
}, 20_000);

test("200 clients, cut off now and then, are told every alert once, with few reads of the store", async () => {
  const { alerts } = api.state;
  const list = alerts.list.bind(alerts);
  let reads = 0;
  alerts.list = async (...asked) => {
    reads += 1;
    return list(...asked);
  };
  const client = async (n: number): Promise<readonly string[]> => {
    const told: string[] = [];
    let place = "0";
    while (told.length < 120) {
      const query = `?seconds=${1 + (n % 3)}`;
      const got = await follow(query, { "last-event-id": place }, n % 2 === 0 ? 30 : Infinity);
      told.push(...got.alerts);
      place = got.place;
    }
    return told;
  };
  const clients = Array.from({ length: 200 }, async (_, n) => client(n));
  for (const id of names(0, 120)) {
    await raise(id);
    await sleep(20);
  }
  for (const told of await Promise.all(clients)) expect(told).toEqual(names(0, 120));
  // One client alone would read once a second; so many would have read more than a thousand times.
  expect(reads).toBeLessThan(400);
}, 60_000);

test("ends when its key does", async () => {
  const { id, token } = await api.key(["read"]);
  await raise("last");
  let revoked: Promise<boolean> | undefined;
  const { alerts } = await follow("?after=0", bearer(token).headers, Infinity, (told) => {
    if (told > 0) revoked ??= api.state.apiKeys.revoke(id, NOON);
  });
  expect(await revoked).toBe(true);
  expect(alerts).toEqual(["last"]);
}, 20_000);

test("ends when the process is to end", async () => {
  await raise("last");
  const { alerts } = await follow("?after=0", {}, Infinity, (told) => {
    if (told > 0) api.stopping.abort();
  });
  expect(alerts).toEqual(["last"]);
}, 20_000);

test.each([
  { name: "a place that is none", query: "", headers: { "last-event-id": "x" } },
  { name: "a place in the query that is none", query: "?after=-1", headers: {} },
  { name: "a time too long", query: "?seconds=3601", headers: {} },
  { name: "no time", query: "?seconds=0", headers: {} },
])("refuses $name", async ({ query, headers }) => {
  const { status, body } = await api.ask("GET", STREAM + query, { headers });
  expect({ status, code: body.code }).toEqual({ status: 400, code: "api/invalid-query" });
});
