/** Feeds through the API, over real HTTP. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { NO_COUNTS } from "../../services/core/feeds/feed-record.ts";
import { declareFeeds } from "../../services/core/feeds/plan-feeds.ts";
import { neverTaken } from "../../services/core/feeds/pull-feed.ts";
import { feedSources } from "../../services/runtime/feed-sources.ts";
import { ApiServer, NOON } from "../support/api-server.ts";

let api: ApiServer;

beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

const source = { kind: "taxii", url: "https://taxii.example/taxii2/" };

async function post(body: unknown, path = "/api/v1/feeds") {
  return api.ask("POST", path, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

test("a feed is declared, seen, taken now, and taken away", async () => {
  const made = await post({ id: "acme", source });
  expect(made).toMatchObject({
    status: 201,
    body: {
      id: "acme",
      origin: "api",
      kind: "taxii",
      state: "waiting",
      by: "local",
      indicators: 0,
    },
  });
  expect(made.body.source).toMatchObject({ ...source, schedule: "0 */15 * * * *", enabled: true });
  const record = { ...neverTaken("k"), nextAt: NOON + 1000, succeededAt: NOON - 5, endedAt: NOON - 5 }; // prettier-ignore
  await api.state.records.compareAndSet("feed-state", { id: "acme", version: 0, record });
  expect((await api.ask("GET", "/api/v1/feeds")).body.feeds).toMatchObject([
    { id: "acme", state: "good", nextAt: new Date(NOON + 1000).toISOString() },
  ]);
  expect(await post(undefined, "/api/v1/feeds/acme/run")).toMatchObject({ status: 202 });
  expect((await api.state.records.get("feed-state", "acme"))?.record.nextAt).toBe(NOON);
  const again = { id: "acme", source: { ...source, enabled: false } };
  expect((await post(again)).body.state).toBe("disabled");
  expect((await post(undefined, "/api/v1/feeds/acme/run")).status).toBe(404);
  expect((await api.ask("DELETE", "/api/v1/feeds/acme")).status).toBe(200);
  expect((await api.ask("DELETE", "/api/v1/feeds/acme")).status).toBe(404);
  expect((await api.ask("GET", "/api/v1/feeds/acme")).status).toBe(404);
});

test("what stands in the query of its address is not told", async () => {
  const made = await post({ id: "acme", source: { kind: "file", url: "https://f.example/a?key=s3cret" } }); // prettier-ignore
  expect(made.body).toMatchObject({ url: "https://f.example/a?…", source: { url: "https://f.example/a?…" } }); // prettier-ignore
  expect((await api.state.records.get("feed", "acme"))?.record.source?.url).toContain("s3cret");
});

test("what becomes of taking it is told", async () => {
  await post({ id: "acme", source });
  const record = {
    ...neverTaken("k"),
    failures: 3,
    error: { code: "http/timeout", message: "no answer", at: NOON },
    counts: { ...NO_COUNTS, documents: 2, unusable: 1, problem: "gone" },
  };
  await api.state.records.compareAndSet("feed-state", { id: "acme", version: 0, record });
  expect((await api.ask("GET", "/api/v1/feeds/acme")).body).toMatchObject({
    state: "failing",
    failures: 3,
    error: { code: "http/timeout", message: "no answer" },
    last: { documents: 2, unusable: 1, problem: "gone" },
  });
  const metrics = await (await fetch(`${api.url}/metrics`)).text();
  expect(metrics).toContain('stixsweep_feed_failures{feed="acme"} 3');
});

test("a feed of a file is changed by its file alone, and tells what is wrong with it", async () => {
  const { records } = api.state;
  const file = { source: feedSources.parse(source) };
  await declareFeeds(records, new Map([["acme", file]]), () => NOON);
  expect(await post({ id: "acme", source })).toMatchObject({
    status: 409,
    body: { code: "feed/declared-in-file" },
  });
  expect((await api.ask("DELETE", "/api/v1/feeds/acme")).status).toBe(409);
  await declareFeeds(records, new Map([["acme", { problem: "broken" }]]), () => NOON);
  expect((await api.ask("GET", "/api/v1/feeds/acme")).body).toMatchObject({
    problem: "broken",
    state: "waiting",
    url: source.url,
  });
  await declareFeeds(records, new Map(), () => NOON);
  expect((await api.ask("GET", "/api/v1/feeds")).body.feeds).toEqual([]);
});

test.each([
  { name: "an id of other characters", body: { id: "../x", source }, at: "id" },
  { name: "no address", body: { id: "x", source: { kind: "file" } }, at: "source.url" },
  { name: "another protocol", body: { id: "x", source: { kind: "file", url: "file:///etc/passwd" } }, at: "source.url" }, // prettier-ignore
  { name: "a password in the address", body: { id: "x", source: { kind: "file", url: "https://u:p@h.example/" } }, at: "source.url" }, // prettier-ignore
  { name: "an unknown kind", body: { id: "x", source: { kind: "ftp", url: "https://h.example" } }, at: "source.kind" }, // prettier-ignore
  { name: "a setting that is none", body: { id: "x", source: { ...source, sheduel: 1 } }, at: "sheduel" }, // prettier-ignore
  { name: "a schedule that is none", body: { id: "x", source: { ...source, schedule: "daily" } }, at: "source.schedule" }, // prettier-ignore
  { name: "a time zone that is none", body: { id: "x", source: { ...source, timezone: "Mars/Base" } }, at: "source.timezone" }, // prettier-ignore
  { name: "private addresses", body: { id: "x", source: { ...source, allowPrivate: true } }, at: "source.allowPrivate" }, // prettier-ignore
  { name: "a proxy", body: { id: "x", source: { ...source, proxy: "http://10.0.0.1:3128" } }, at: "proxy" }, // prettier-ignore
  { name: "a secret by a name that is none", body: { id: "x", source: { ...source, auth: { kind: "bearer", secret: "../KEY" } } }, at: "source.auth.secret" }, // prettier-ignore
])("$name is refused", async ({ body, at }) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(`"${at}"`);
});

test("a name that is taken by what has no source is refused", async () => {
  expect(await post({ id: "inbox", source })).toMatchObject({ status: 409, body: { code: "feed/built-in" } }); // prettier-ignore
});
