import { once } from "node:events";
import { request as httpRequest, type Server } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parseBundle } from "stix2-ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { keySecrets } from "../../services/adapters/crypto/key-secrets.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { WarningLists } from "../../services/core/suppress/warning-lists.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { makeHunter } from "../../services/runtime/hunter.ts";
import { makeApi, type ApiDeps } from "../../services/api/api.ts";
import { ServiceError } from "../../services/core/errors.ts";
import { checkAnswer } from "../support/check-answer.ts";
import type { AlertRecord, ImportRecord, IndicatorRecord } from "../../services/core/records.ts";

const NOON = Date.parse("2024-05-01T12:00:00Z");
const HOUR = 3_600_000;
const MAX_BODY = 1000;

let state: ReturnType<typeof openSqliteState>;
let events: MemoryEventStore;
let server: Server;
let port: number;
let reasons: string[];
let logged: unknown[];
let importFile: ApiDeps["importFile"];
let added: { source: string; text: string }[];

beforeEach(async () => {
  state = openSqliteState(":memory:");
  events = new MemoryEventStore({ sealEvery: 10 });
  reasons = [];
  logged = [];
  added = [];
  importFile = async (name, bytes) => anImport(name, String(bytes.length));
  const log = (...said: unknown[]) => void logged.push(said);
  const app = makeApi({
    state,
    events,
    hunter: makeHunter(events),
    now: () => NOON,
    hash: sha256Hash,
    regex: re2,
    warningLists: async () => new WarningLists([], { regex: re2, holding: new Set() }),
    semantics: 1,
    ready: async () => reasons,
    jobEvents: 2,
    coldMs: 0,
    queues: {},
    times: { isSchedule: () => true, isTimezone: () => true },
    importFile: (name, bytes) => importFile(name, bytes),
    preview: async () => Promise.reject(new Error("no preview in this test")),
    addEvents: async (source, text) => {
      added.push({ source, text });
      return { stored: 1, notSysmon: 0, broken: [], brokenCount: 0 };
    },
    maxBodyBytes: MAX_BODY,
    requestsPerMinute: 0,
    answerMs: 0,
    keySecrets,
    logger: { error: log, warn: log, info: log },
  });
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  state.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of many shapes
  readonly body: any;
  readonly text: string;
  readonly bytes: Buffer;
}

/** Asks over a plain socket: fetch would not let a test choose its Host. */
async function ask(
  path: string,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: "127.0.0.1", path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString("utf8");
        const type = response.headers["content-type"] ?? "";
        const isPlain = response.headers["content-encoding"] === undefined;
        const isJson = /\bjson\b/.test(type) && isPlain;
        const answered: unknown = isJson && text !== "" ? JSON.parse(text) : undefined;
        const status = response.statusCode ?? 0;
        try {
          checkAnswer(method, path, { status, body: answered, type });
          resolve({ status, headers: response.headers, body: answered, bytes, text });
        } catch (error) {
          reject(error);
        }
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function anAlert(id: string, over: Partial<AlertRecord> & { host?: string; key?: string } = {}) {
  const { host = "ws-1", key = "p1", ...rest } = over;
  const alert: AlertRecord = {
    id,
    group: { patternKey: key, host, value: "evil.example" },
    generation: 1,
    version: 0,
    status: "new",
    resolution: undefined,
    assignee: undefined,
    tags: [],
    history: [],
    covers: 0,
    after: 0,
    through: undefined,
    createdAt: NOON,
    updatedAt: NOON,
    count: 1,
    firstSeen: NOON,
    lastSeen: NOON + HOUR,
    severity: "medium",
    evidence: [
      {
        id: `m-${id}`,
        patternKey: key,
        eventKey: "e1",
        partition: "memory-1",
        position: 1,
        locator: "log:1",
        host,
        eventId: 22,
        time: NOON,
        layout: "flat",
        why: [{ comparison: "c", path: "domain-name:value", field: "QueryName", value: "v" }],
      },
    ],
    ...rest,
  };
  return alert;
}

/** Each alert is a group of its own: the store keeps one of a group's generation. */
async function addAlert(...given: Parameters<typeof anAlert>): Promise<void> {
  const alert = anAlert(...given);
  const group = { ...alert.group, value: alert.id };
  expect(await state.alerts.compareAndSet({ ...alert, group })).toBe(true);
}

function anIndicator(id: string, feed: string, key: string): IndicatorRecord {
  return {
    feed,
    id,
    patternKey: key,
    pattern: `[domain-name:value = '${key}']`,
    name: `name of ${id}`,
    description: "",
    modified: "2024-01-01T00:00:00Z",
    validFrom: NOON,
    validUntil: undefined,
    revoked: false,
    confidence: 50,
    labels: [],
    markings: [],
    killChain: [],
    context: [],
    notes: [],
  };
}

function anImport(name: string, content: string): ImportRecord {
  return {
    id: `import-${name}`,
    feed: "upload",
    name,
    content,
    state: "done",
    error: undefined,
    startedAt: NOON,
    finishedAt: NOON,
    format: "stix-2.1",
    counts: { accepted: 1 },
    entries: [
      { status: "accepted", id: "i", where: "0", code: undefined, reason: undefined, lost: [] },
    ],
  };
}

const options = { mode: "observable", subdomains: false } as const;
const idsOf = (answer: Answer): string[] =>
  answer.body.alerts.map((alert: { id: string }) => alert.id);

describe("alerts", () => {
  beforeEach(async () => {
    await state.patterns.activate(
      ["p1", "p2"].map((key) => ({ key, pattern: `[domain-name:value = '${key}']`, options })),
    );
    await state.indicators.upsert([
      anIndicator("indicator--1", "a", "p1"),
      anIndicator("indicator--1b", "b", "p1"),
      anIndicator("indicator--2", "a", "p2"),
    ]);
    await addAlert("one");
    await addAlert("two", { host: "ws-2", key: "p2", severity: "high" });
    await addAlert("three", {
      status: "closed",
      firstSeen: NOON - 9 * HOUR,
      lastSeen: NOON - 8 * HOUR,
    });
  });

  test.each([
    { query: "", want: ["three", "two", "one"] },
    { query: "order=asc", want: ["one", "two", "three"] },
    { query: "host=WS-2", want: ["two"] },
    { query: "host=nobody", want: [] },
    { query: "indicator=indicator--1b", want: ["three", "one"] },
    { query: "indicator=indicator--2", want: ["two"] },
    { query: "status=closed", want: ["three"] },
    { query: "severity=high", want: ["two"] },
    { query: "status=new,closed", want: ["three", "two", "one"] },
    { query: "tag=none", want: [] },
    { query: "assignee=none", want: [] },
    { query: "severity=high&status=closed", want: [] },
    { query: "since=2024-05-01T13:00:00Z", want: ["two", "one"] },
    { query: "since=2024-05-01T13:00:00.001Z", want: [] },
    { query: "until=2024-05-01T12:00:00Z", want: ["three"] },
    { query: "until=2024-05-01T14:00:01%2B02:00", want: ["three", "two", "one"] },
  ])("?$query", async ({ query, want }) => {
    const answer = await ask(`/api/v1/alerts?${query}`);
    expect(answer.status).toBe(200);
    expect(idsOf(answer)).toEqual(want);
    expect(answer.body.next).toBeNull();
  });

  const post = async (path: string, body: object): Promise<Answer> =>
    ask(`/api/v1/alerts/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("have an ETag; who has the answer gets 304 until something changes", async () => {
    const first = await ask("/api/v1/alerts");
    const etag = String(first.headers["etag"]);
    expect(etag).toMatch(/^W\/"[\w-]{27}"$/);
    expect(first.headers).toMatchObject({ "cache-control": "private, no-cache" });
    const again = await ask("/api/v1/alerts", { headers: { "if-none-match": etag } });
    expect(again).toMatchObject({ status: 304, body: undefined, headers: { etag } });
    expect(await ask("/api/v1/alerts?limit=1", { headers: { "if-none-match": etag } })).toMatchObject({ status: 200 }); // prettier-ignore
    await post("one/triage", { status: "acknowledged" });
    const changed = await ask("/api/v1/alerts", { headers: { "if-none-match": etag } });
    expect(changed.status).toBe(200);
    expect(changed.headers["etag"]).not.toBe(etag);
    const one = await ask("/api/v1/alerts/one");
    const headers = { "if-none-match": `"x", ${String(one.headers["etag"])}` };
    expect(await ask("/api/v1/alerts/one", { headers })).toMatchObject({ status: 304 });
    // As browsers send what a script asks.
    const asBrowser = { ...headers, "cache-control": "no-cache", pragma: "no-cache" };
    expect(await ask("/api/v1/alerts/one", { headers: asBrowser })).toMatchObject({ status: 304 });
    expect(await ask("/api/v1/alerts/one", { headers: { "if-none-match": "*" } })).toMatchObject({ status: 304 }); // prettier-ignore
    expect(await ask("/api/v1/alerts/none", { headers })).toMatchObject({ status: 404 });
  });

  test("are exported as NDJSON, with all that the list tells of each", async () => {
    const answer = await ask("/api/v1/alerts/export?status=new");
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        "content-type": "application/x-ndjson",
        "content-disposition": "attachment; filename=alerts.ndjson",
      },
    });
    const { body } = await ask("/api/v1/alerts?status=new");
    const lines = answer.text.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(body.alerts);
    expect(lines).toHaveLength(2);
  });

  test("are sent compressed to whoever takes that", async () => {
    for (let i = 0; i < 20; i += 1) await addAlert(`more-${i}`);
    for (const path of [
      "/api/v1/alerts",
      "/api/v1/alerts/export",
      "/api/v1/alerts/export?format=csv",
      "/metrics",
    ]) {
      // prettier-ignore
      const plain = await ask(path);
      const { headers, bytes } = await ask(path, {
        headers: { "accept-encoding": "gzip, br;q=0" },
      });
      expect(headers).toMatchObject({ "content-encoding": "gzip" });
      expect(headers["vary"]).toContain("Accept-Encoding");
      expect(plain.headers["content-encoding"]).toBeUndefined();
      if (path !== "/metrics") expect(gunzipSync(bytes)).toEqual(plain.bytes);
      expect(bytes.length).toBeLessThan(plain.bytes.length / 2);
    }
  });

  test("are exported as CSV that a spreadsheet takes for text", async () => {
    await post("one/triage", { assignee: "=cmd|' /C calc'!A0", addTags: ["a", "b"] });
    await addAlert('x,"y"\nz', { host: "+ws" });
    const answer = await ask("/api/v1/alerts/export?format=csv&order=asc");
    expect(answer).toMatchObject({ status: 400, body: { code: "api/invalid-query" } });
    const { headers, text } = await ask("/api/v1/alerts/export?format=csv");
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    const rows = text.split("\r\n");
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatch(/^id,status,resolution,assignee,tags,severity,host,value,count,/);
    expect(rows[1]).toMatch(/^"x,""y""\nz",new,,,,medium,'\+ws,"x,""y""\nz",1,2024-05-01T12:00:00/);
    expect(rows[4]).toMatch(/^one,new,,'=cmd\|' \/C calc'!A0,a b,medium,ws-1,one,1,/);
    expect(rows[4]).toContain(",indicator--1 indicator--1b");
  });

  test("are exported as a STIX bundle: who saw which indicator how often", async () => {
    await addAlert("seen", { count: 7 });
    const { headers, text } = await ask("/api/v1/alerts/export?format=stix");
    expect(headers["content-type"]).toBe("application/stix+json;version=2.1");
    const { objects, rejected, issues } = parseBundle(text);
    expect([rejected, issues.filter(({ severity }) => severity === "error")]).toEqual([[], []]);
    expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
    const types = Map.groupBy(objects, ({ type }) => type);
    const many = [...types].map(([type, all]) => [type, all.length]);
    expect(Object.fromEntries(many)).toMatchObject({
      indicator: 3,
      // Two indicators of p1 on three alerts, and one of p2.
      sighting: 7,
      identity: 2,
    });
    const [indicator] = types.get("indicator") ?? [];
    const seen = types.get("sighting")?.find((one) => "count" in one && one.count === 7);
    expect(seen).toMatchObject({
      first_seen: "2024-05-01T12:00:00.000Z",
      last_seen: "2024-05-01T13:00:00.000Z",
      sighting_of_ref: indicator?.id,
    });
    const none = await ask("/api/v1/alerts/export?format=stix&host=nobody");
    expect(parseBundle(none.text)).toMatchObject({ objects: [], rejected: [] });
    expect(none.text).not.toContain("objects");
  });

  test("are exported to the last one, however many there are", async () => {
    for (let i = 0; i < 1001; i += 1) await addAlert(`more-${i}`);
    const { text } = await ask("/api/v1/alerts/export");
    const ids = text.trimEnd().split("\n").map((line) => JSON.parse(line).id); // prettier-ignore
    expect(ids).toHaveLength(1004);
    expect(new Set(ids).size).toBe(1004);
    const none = await ask("/api/v1/alerts/export?host=nobody&format=csv");
    expect(none.text.split("\r\n")).toHaveLength(2);
    const head = await ask("/api/v1/alerts/export", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, text: "" });
  });

  test("whose export fails in the middle break off, and the log says why", async () => {
    for (let i = 0; i < 600; i += 1) await addAlert(`more-${i}`);
    const list = state.alerts.list.bind(state.alerts);
    state.alerts.list = async (filter, after, ...rest) => {
      if (after > 0) throw new Error("the store is gone");
      return list(filter, after, ...rest);
    };
    await expect(ask("/api/v1/alerts/export")).rejects.toThrow("aborted");
    expect(JSON.stringify(logged)).toContain("an answer broke off");
    state.alerts.list = async () => Promise.reject(new Error("the store is gone"));
    expect(await ask("/api/v1/alerts/export")).toMatchObject({ status: 500 });
  });

  test("are waited for, if a client prefers that", async () => {
    const { headers } = await ask("/api/v1/alerts");
    const asked = { "if-none-match": String(headers["etag"]), prefer: "respond-async, wait=20" };
    const waiting = ask("/api/v1/alerts", { headers: asked });
    await addAlert("four");
    const answer = await waiting;
    expect(answer).toMatchObject({ status: 200, headers: { "preference-applied": "wait=20" } });
    expect(idsOf(answer)).toContain("four");
    const late = { "if-none-match": String(answer.headers["etag"]), prefer: "wait=1" };
    expect(await ask("/api/v1/alerts", { headers: late })).toMatchObject({ status: 304 });
    const plain = await ask("/api/v1/alerts", { headers: { prefer: "wait=9999" } });
    expect(plain).toMatchObject({ status: 200, headers: { "preference-applied": "wait=25" } });
  }, 30_000);

  test("are triaged one by one, by the version that was seen", async () => {
    const { body: seen } = await ask("/api/v1/alerts/one");
    const change = { status: "acknowledged", assignee: "ann", addTags: ["vip"], comment: "mine" };
    const answer = await post("one/triage", { ...change, version: seen.version });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: "one",
        status: "acknowledged",
        assignee: "ann",
        tags: ["vip"],
        version: seen.version + 1,
        history: [{ at: "2024-05-01T12:00:00.000Z", by: "local", comment: "mine" }],
      },
    });
    expect((await ask("/api/v1/alerts/one")).body).toEqual(answer.body);
    expect(await post("one/triage", { comment: "late", version: seen.version })).toMatchObject({
      status: 409,
      body: { code: "alert/changed" },
    });
    expect(idsOf(await ask("/api/v1/alerts?tag=vip&assignee=ann&status=acknowledged"))).toEqual([
      "one",
    ]);
    expect(JSON.stringify(logged)).toContain("an alert was triaged");
    expect(JSON.stringify(logged)).not.toContain("mine");
  });

  test("are triaged many at once; what fails of one is told of it", async () => {
    const ids = ["one", "none", "two", "one"];
    const answer = await post("triage", { ids, status: "closed", resolution: "benign" });
    expect(answer).toMatchObject({
      status: 200,
      body: { triaged: 2, failures: [{ id: "none", code: "alert/unknown" }] },
    });
    expect(idsOf(await ask("/api/v1/alerts?status=closed"))).toEqual(["three", "two", "one"]);
  });

  test.each([
    { body: { status: "open" }, parameter: "status" },
    { body: { resolution: "none" }, parameter: "resolution" },
    { body: { comment: " " }, parameter: "comment" },
    { body: { comment: "x".repeat(4001) }, parameter: "comment" },
    { body: { addTags: ["a\nb"] }, parameter: "addTags.0" },
    { body: { assignee: 5 }, parameter: "assignee" },
    { body: { version: 0 }, parameter: "version" },
    { body: { owner: "ann" }, parameter: "owner" },
  ])("are not triaged by $body", async ({ body, parameter }) => {
    const answer = await post("one/triage", body);
    expect(answer.status).toBe("comment" in body && body.comment.length > 999 ? 413 : 400);
    if (answer.status === 400) expect(answer.body.errors).toMatchObject([{ parameter }]);
    expect(await post("one/triage", { status: "closed" })).toMatchObject({
      status: 400,
      body: { code: "alert/resolution" },
    });
    expect(await post("none/triage", { comment: "x" })).toMatchObject({ status: 404 });
  });

  test("tell pattern, indicators, times and evidence", async () => {
    const { body } = await ask("/api/v1/alerts/one");
    expect(body).toMatchObject({
      id: "one",
      host: "ws-1",
      firstSeen: "2024-05-01T12:00:00.000Z",
      lastSeen: "2024-05-01T13:00:00.000Z",
      pattern: "[domain-name:value = 'p1']",
      indicators: [
        { feed: "a", id: "indicator--1" },
        { feed: "b", id: "indicator--1b" },
      ],
      evidence: [{ event: "log:1", why: [{ field: "QueryName" }] }],
    });
    expect((await ask("/api/v1/alerts")).body.alerts[2]).toEqual(body);
  });

  test("an event time that no calendar holds spoils nothing", async () => {
    await addAlert("odd", { lastSeen: 9e15 });
    expect((await ask("/api/v1/alerts/odd")).body.lastSeen).toBeNull();
  });

  test("a page asks each store once", async () => {
    let asked = 0;
    const { byPattern } = state.indicators;
    state.indicators.byPattern = async (keys) => {
      asked += 1;
      return byPattern.call(state.indicators, keys);
    };
    await ask("/api/v1/alerts");
    expect(asked).toBe(1);
  });
});

describe("walking with a cursor while alerts arrive and change", () => {
  test.each([
    { order: "asc", want: 25 },
    { order: "desc", want: 20 },
  ])("$order leaves none out and repeats none", async ({ order, want }) => {
    for (let i = 0; i < 20; i++) {
      await addAlert(`a${i}`);
    }
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; ; page++) {
      const answer = await ask(`/api/v1/alerts?order=${order}&limit=4${cursor}`);
      seen.push(...idsOf(answer));
      if (page < 5) {
        await addAlert(`late${page}`);
        const grown = await state.alerts.get(`a${page * 3}`);
        if (grown !== undefined) {
          await state.alerts.compareAndSet({ ...grown, lastSeen: NOON + 9 * HOUR, count: 7 });
        }
      }
      if (answer.body.next === null) {
        break;
      }
      cursor = `&cursor=${answer.body.next}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id.startsWith("a"))).toHaveLength(20);
    expect(seen).toHaveLength(want);
  });

  test("a full last page has no next", async () => {
    await addAlert("a");
    await addAlert("b");
    expect((await ask("/api/v1/alerts?limit=2")).body.next).toBeNull();
    expect((await ask("/api/v1/alerts?limit=1")).body.next).not.toBeNull();
  });
});

describe("errors", () => {
  const cases: readonly {
    name: string;
    path: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string | Uint8Array;
    want: readonly [status: number, code: string];
    parameters?: readonly string[];
  }[] = [
    { name: "limit 0", path: "/api/v1/alerts?limit=0", want: [400, "api/invalid-query"] },
    { name: "limit 1001", path: "/api/v1/alerts?limit=1001", want: [400, "api/invalid-query"] },
    { name: "limit 1.5", path: "/api/v1/alerts?limit=1.5", want: [400, "api/invalid-query"] },
    {
      name: "all at once",
      path: "/api/v1/alerts?limit=x&order=up&since=yesterday&cursor=!&colour=red&host=",
      want: [400, "api/invalid-query"],
      parameters: ["colour", "cursor", "host", "limit", "order", "since"],
    },
    { name: "twice", path: "/api/v1/alerts?host=a&host=b", want: [400, "api/invalid-query"] },
    {
      name: "a cursor that is none of ours",
      path: `/api/v1/imports?cursor=${Buffer.from("-1").toString("base64url")}`,
      want: [400, "api/invalid-query"],
      parameters: ["cursor"],
    },
    {
      name: "a day that is not",
      path: "/api/v1/alerts?since=2024-02-30T00:00:00Z",
      want: [400, "api/invalid-query"],
      parameters: ["since"],
    },
    {
      name: "a time without seconds",
      path: "/api/v1/alerts?until=2024-02-20T00:00Z",
      want: [400, "api/invalid-query"],
      parameters: ["until"],
    },
    {
      name: "an import without name",
      path: "/api/v1/imports",
      method: "POST",
      want: [400, "api/invalid-query"],
      parameters: ["name"],
    },
    {
      name: "a name with a line break",
      path: "/api/v1/imports?name=a%0Ab",
      method: "POST",
      want: [400, "api/invalid-query"],
      parameters: ["name"],
    },
    {
      name: "events that are not UTF-8",
      path: "/api/v1/events?source=s",
      method: "POST",
      body: Buffer.from([0xff, 0xfe]),
      want: [400, "api/bad-request"],
    },
    { name: "a broken path", path: "/api/v1/alerts/%E0%A4", want: [400, "api/bad-request"] },
    { name: "an unknown path", path: "/api/v2/alerts", want: [404, "api/not-found"] },
    { name: "an unknown alert", path: "/api/v1/alerts/none", want: [404, "api/not-found"] },
    { name: "an unknown import", path: "/api/v1/imports/none", want: [404, "api/not-found"] },
    {
      name: "another method",
      path: "/api/v1/alerts",
      method: "DELETE",
      want: [405, "api/method-not-allowed"],
    },
    {
      name: "a body too large",
      path: "/api/v1/imports?name=a",
      method: "POST",
      body: "x".repeat(MAX_BODY + 1),
      want: [413, "api/too-large"],
    },
    {
      name: "a body that grows too large",
      path: "/api/v1/events?source=a",
      method: "POST",
      headers: { "content-encoding": "gzip" },
      body: gzipSync("x".repeat(MAX_BODY * 50)),
      want: [413, "api/too-large"],
    },
    {
      name: "a form",
      path: "/api/v1/imports?name=a",
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: "--b--",
      want: [415, "api/unsupported-media-type"],
    },
    {
      name: "an unknown encoding",
      path: "/api/v1/imports?name=a",
      method: "POST",
      headers: { "content-encoding": "made-up" },
      body: "x",
      want: [415, "api/unsupported-media-type"],
    },
  ];
  test.each(cases)("$name", async ({ path, want: [status, code], parameters, ...request }) => {
    const answer = await ask(path, request);
    expect(answer.body).toMatchObject({ type: "about:blank", status, code });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    if (parameters !== undefined) {
      const named = answer.body.errors.map((one: { parameter: string }) => one.parameter);
      expect(named.toSorted()).toEqual(parameters);
    }
    expect(logged).toEqual([]);
  });

  test("405 names the methods there are", async () => {
    const { headers } = await ask("/api/v1/imports", { method: "PUT" });
    expect(headers["allow"]).toBe("GET, HEAD, POST");
  });

  test.each([
    { name: "an unforeseen one", error: new Error("in /secret/place"), want: 500 },
    { name: "a store's", error: new ServiceError("state/unusable", "/secret/place"), want: 500 },
    {
      name: "a passing one",
      error: new ServiceError("state/unusable", "/secret/place", { retryable: true }),
      want: 503,
    },
  ])("$name keeps its internals, and is logged", async ({ error, want }) => {
    importFile = async () => {
      throw error;
    };
    const answer = await ask("/api/v1/imports?name=a", { method: "POST", body: "x" });
    expect(answer.status).toBe(want);
    expect(JSON.stringify(answer.body)).not.toContain("secret");
    expect(logged).toHaveLength(1);
  });
});

describe("who may ask", () => {
  test.each([
    { host: "localhost", want: 200 },
    { host: "LOCALHOST:8080", want: 200 },
    { host: "127.0.0.1:1", want: 200 },
    { host: "127.3.2.1", want: 200 },
    { host: "[::1]:8080", want: 200 },
    { host: "evil.example", want: 421 },
    { host: "localhost.evil.example", want: 421 },
    { host: "127.0.0.1.evil.example:8080", want: 421 },
    { host: "evil.example:localhost", want: 421 },
    { host: "10.0.0.1", want: 421 },
  ])("Host: $host", async ({ host, want }) => {
    expect((await ask("/api/v1/imports", { headers: { host } })).status).toBe(want);
    // Probes call a process by its address.
    expect((await ask("/healthz", { headers: { host } })).status).toBe(200);
    const ready = await ask("/readyz", { headers: { host } });
    expect(ready).toMatchObject({ status: 200, body: want === 200 ? { ready: true } : {} });
    expect(ready.body === undefined || "reasons" in ready.body).toBe(want === 200);
  });

  test.each([
    { origin: "http://localhost:3000", want: 200 },
    { origin: "http://127.0.0.1", want: 200 },
    { origin: "http://[::1]:8080", want: 200 },
    { origin: "https://evil.example", want: 403 },
    { origin: "http://localhost.evil.example", want: 403 },
    { origin: "null", want: 403 },
  ])("Origin: $origin", async ({ origin, want }) => {
    const answer = await ask("/api/v1/events?source=a", {
      method: "POST",
      headers: { origin },
      body: "{}",
    });
    expect(answer.status).toBe(want);
    expect(added).toHaveLength(want === 200 ? 1 : 0);
  });

  test("measures are told in the text format of Prometheus", async () => {
    await addAlert("one");
    await state.indicators.upsert([anIndicator("i1", "a", "p1")]);
    await state.patterns.activate([{ key: "p1", pattern: "[file:name = 'a']", options }]);
    await events.append([{ locator: "a", text: "{}", keys: [], source: "", line: 1 }]);
    const { status, headers, text } = await ask("/metrics");
    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    const found = Object.fromEntries(
      [...text.matchAll(/^stixsweep_(\w+) (\S+)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(found).toMatchObject({
      alerts: "1",
      indicators: "1",
      matches: "0",
      pairs_total: "1",
      pairs_uncovered: "1",
      partitions: "1",
      partitions_unreachable: "0",
      pattern_revision: "1",
    });
    expect(text).toMatch(/^# HELP stixsweep_pairs_uncovered .+$/m);
    expect(text).toContain("stixsweep_process_resident_memory_bytes");
  });

  test.each(["/healthz", "/nowhere"])("%s has safe headers", async (path) => {
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["etag"]).toBeUndefined();
  });
});

describe("indicators and imports", () => {
  test.each([
    { query: "", want: ["i1", "i2", "i3"] },
    { query: "feed=a", want: ["i1", "i3"] },
    { query: "id=i2", want: ["i2"] },
    { query: "feed=a&id=i2", want: [] },
  ])("indicators?$query, page by page", async ({ query, want }) => {
    await state.indicators.upsert([
      anIndicator("i1", "a", "p1"),
      anIndicator("i2", "b", "p1"),
      anIndicator("i3", "a", "p2"),
    ]);
    const seen: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const cursor: string = next === "" ? "" : `&cursor=${next}`;
      const { body } = await ask(`/api/v1/indicators?limit=1&${query}${cursor}`);
      seen.push(...body.indicators.map(({ id }: { id: string }) => id));
      next = body.next;
    }
    expect(seen).toEqual(want);
  });

  test("the list of imports leaves the entries to each report", async () => {
    await state.imports.put(anImport("a", ""));
    const { body } = await ask("/api/v1/imports");
    expect(body.imports).toHaveLength(1);
    expect(body.imports[0]).toMatchObject({ startedAt: "2024-05-01T12:00:00.000Z", error: null });
    expect(body.imports[0]).not.toHaveProperty("entries");
    expect((await ask("/api/v1/imports/import-a")).body.entries).toHaveLength(1);
  });

  test.each([
    { name: "full", size: MAX_BODY },
    { name: "empty", size: 0 },
  ])("a posted file is imported as it is: $name", async ({ size }) => {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: "{".repeat(size) };
    const { status, body } = await ask("/api/v1/imports?name=b.json", request);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: "import-b.json", content: String(size), entries: [{}] });
  });

  test("posted events are stored, packed or not", async () => {
    const body = gzipSync('{"a":"ü"}\n');
    const headers = { "content-encoding": "gzip" };
    const answer = await ask("/api/v1/events?source=s", { method: "POST", headers, body });
    expect(answer.body).toEqual({ stored: 1, notSysmon: 0, broken: [], brokenCount: 0 });
    expect(added).toEqual([{ source: "s", text: '{"a":"ü"}\n' }]);
  });
});

describe("coverage", () => {
  const row = { version: 0, unreachableSince: undefined, costs: {} };

  test("nothing to cover is covered", async () => {
    const { body } = await ask("/api/v1/coverage");
    expect(body).toMatchObject({ revision: 0, ratio: 1, total: 0, partitions: [] });
  });

  test("says what the store can't look at", async () => {
    const limitation = { code: "store/index-failed", subject: "an-index", reason: "r" };
    events.limitations = () => [limitation];
    const { body } = await ask("/api/v1/coverage");
    expect(body).toMatchObject({ limitations: [limitation] });
  });

  test("sums partitions; a vanished one counts as not covered", async () => {
    await events.append(
      [1, 2, 3, 4].map((line) => ({
        locator: `l${line}`,
        text: "{}",
        keys: [],
        source: "s",
        line,
      })),
    );
    await state.patterns.activate(
      ["p1", "p2"].map((key) => ({ key, pattern: `[domain-name:value = '${key}']`, options })),
    );
    const [here] = await events.partitions();
    await state.ledger.compareAndSet({
      ...row,
      partition: here?.id ?? "",
      pieces: [
        { to: 2, revision: 2, semantics: 1 },
        { to: 3, revision: 1, semantics: 0 },
      ],
    });
    await state.ledger.compareAndSet({
      partition: "gone",
      version: 0,
      pieces: [{ to: 5, revision: 2, semantics: 1 }],
      unreachableSince: NOON,
      costs: {},
    });
    await state.ledger.except({
      pattern: "p1",
      partition: "*",
      code: "match/evaluation-failed",
      reason: "r",
      retryAt: NOON + HOUR,
    });
    const { body } = await ask("/api/v1/coverage");
    expect(body).toMatchObject({
      asOf: "2024-05-01T12:00:00.000Z",
      revision: 2,
      covered: 4,
      stale: 1,
      total: 18,
      ratio: 4 / 18,
      exceptions: [{ pattern: "p1", retryAt: "2024-05-01T13:00:00.000Z" }],
      partitions: [
        { id: here?.id, bound: 4, covered: 4, stale: 1, total: 8, unreachableSince: null },
        { id: "gone", covered: 0, total: 10, unreachableSince: "2024-05-01T12:00:00.000Z" },
      ],
    });
  });
});

describe("health", () => {
  test("alive even when not ready", async () => {
    reasons = ["loading", "disk full"];
    expect((await ask("/healthz")).status).toBe(200);
    expect(await ask("/readyz")).toMatchObject({ status: 503, body: { ready: false, reasons } });
  });

  test("ready", async () => {
    expect(await ask("/readyz")).toMatchObject({ status: 200, body: { ready: true, reasons: [] } });
  });

  test("HEAD has no body", async () => {
    const answer = await ask("/readyz", { method: "HEAD" });
    expect([answer.status, answer.body]).toEqual([200, undefined]);
  });
});
