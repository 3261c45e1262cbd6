/** What state in indices must stand beyond the suite of its ports: restores, deletions, crashes, busy and broken answers. */
import { changesOf } from "../support/changes.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals"; // prettier-ignore
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { SCHEMA_VERSION } from "../../services/adapters/elasticsearch/state/schema.ts";
import { openElasticsearchState } from "../../services/adapters/elasticsearch/state/state.ts";
import { groupOf } from "../../services/core/alert/group.ts";
import type { State } from "../../services/core/ports.ts";
import type { AlertRecord } from "../../services/core/records.ts";
import { alert, indicator, match, pattern } from "../conformance/state-records.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi, type Json } from "../engines/engine-api.ts";
import { snapshotFolder } from "../engines/shared-server.ts";
import { startProxy, type EngineProxy } from "../support/engine-proxy.ts";

jest.setTimeout(120_000);

const ALL = Number.MAX_SAFE_INTEGER;
const group = groupOf(match("", 0));
const november = Date.UTC(2026, 10, 25);
const december = Date.UTC(2026, 11, 1);

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, at) => `${from + at}`);
}

function made(host: string, over: Partial<AlertRecord> = {}): AlertRecord {
  return alert(`alert-${host}`, { group: { ...group, host }, createdAt: november, ...over });
}

describeEngines("state in indices", (engine) => {
  let proxy: EngineProxy;
  let client: EngineClient;
  let api: EngineApi;
  let prefix = "";
  let runs = 0;
  let state: State;
  const open = async () => openElasticsearchState({ client, prefix });
  const hits = async (path: string, query: object): Promise<readonly Json[]> => {
    await api.call("POST", `/${path}/_refresh`);
    const answer = await api.call("POST", `/${path}/_search`, { query });
    return (answer["hits"] as { readonly hits: readonly Json[] }).hits;
  };
  beforeAll(() => {
    api = new EngineApi(engine.url);
  });
  beforeEach(async () => {
    proxy = await startProxy(engine.url);
    client = connectEngine({ nodes: [proxy.url], deadlineMs: 20_000 });
    runs += 1;
    prefix = `broken-${runs}`;
    state = await open();
  });
  afterEach(async () => {
    await client.close();
    await proxy.close();
    await api.removeState(prefix);
  });
  afterAll(async () => {
    await api.removeAll("broken-");
  });

  describe("schema", () => {
    const setVersion = async (version: number) =>
      api.call("PUT", `/${prefix}-matches/_mapping`, { _meta: { stixsweep: { version } } });

    test("opening again changes nothing; several may open at once", async () => {
      proxy.calls.length = 0;
      await Promise.all([open(), open()]);
      expect(proxy.calls.filter((call) => !/^(?:GET|POST .*_(?:search|mget))/.test(call))).toEqual(
        [],
      );
      const other = `${prefix}-new`;
      await Promise.all([1, 2, 3].map(() => openElasticsearchState({ client, prefix: other })));
      await api.removeState(other);
    });

    test("an older one is brought up to date", async () => {
      await setVersion(0);
      await open();
      const after = await api.call("GET", `/${prefix}-matches/_mapping`);
      expect(JSON.stringify(after)).toContain(`"version":${SCHEMA_VERSION}`);
    });

    test("a newer one is refused, and left as it is", async () => {
      await setVersion(99);
      proxy.calls.length = 0;
      await expect(open()).rejects.toMatchObject({
        code: "state/too-new",
        facts: { index: `${prefix}-matches`, version: 99 },
      });
      expect(proxy.calls.filter((call) => call.startsWith("PUT"))).toEqual([]);
    });

    test("without its registry it is refused, and left as it is", async () => {
      await api.call("DELETE", `/${prefix}-registry`);
      proxy.calls.length = 0;
      await expect(open()).rejects.toMatchObject({
        code: "state/incomplete",
        facts: { index: `${prefix}-registry` },
      });
      expect(proxy.calls.filter((call) => call.startsWith("PUT"))).toEqual([]);
    });

    test("without the right to templates it works all the same", async () => {
      await api.removeState(prefix);
      proxy.rule = ({ path }) => (path.includes("_index_template") ? { status: 403 } : undefined);
      const bare = await open();
      expect(await bare.alerts.compareAndSet(made("a"))).toBe(true);
      expect((await bare.alerts.list({}, 0, 9, false)).map(({ id }) => id)).toEqual(["alert-a"]);
      proxy.rule = () => undefined;
      await open();
    });
  });

  describe("a log whose numbers are handed out again", () => {
    test("patterns restored over themselves: every pattern is newer than any coverage", async () => {
      const other = await open();
      await state.patterns.activate(["a", "b"].map(pattern));
      const name = `${prefix}-patterns`;
      const repository = { type: "fs", settings: { location: snapshotFolder(engine.name) } };
      await api.call("PUT", "/_snapshot/state", repository);
      const wait = "?wait_for_completion=true";
      await api.call("PUT", `/_snapshot/state/one${wait}`, { indices: name });
      await state.patterns.activate(["c", "d"].map(pattern));
      const covered = await state.patterns.bound();
      expect([covered, await other.patterns.bound()]).toEqual([4, 4]);
      await api.call("POST", `/${name}/_close`);
      await api.call("POST", `/_snapshot/state/one/_restore${wait}`, { indices: name });
      await state.patterns.activate(["e", "f"].map(pattern));
      const bound = await state.patterns.bound();
      expect(Number.isSafeInteger(bound)).toBe(true);
      const fresh = await changesOf(state.patterns, covered, bound);
      expect(fresh.map(({ key }) => key)).toEqual(["a", "b", "e", "f"]);
      expect(await other.patterns.bound()).toBe(bound);
      expect(await changesOf(other.patterns, covered, bound)).toEqual(fresh);
      expect(await (await open()).patterns.bound()).toBe(bound);
      // Who took its bound before gets nothing new to credit by.
      expect(await changesOf(other.patterns, 0, covered)).toEqual([]);
      await api.call("DELETE", "/_snapshot/state/one");
    });

    test("matches deleted under a running service: all that is found again is folded again", async () => {
      await state.matches.add([match("a", 1), match("b", 2)]);
      await state.matches.dispose(["a"], "expired");
      await state.bookmarks.set("fold", (await state.matches.tail(0, 9)).at(-1)?.number ?? 0);
      await api.call("DELETE", `/${prefix}-matches`);
      await state.matches.add([match("b", 2), match("a", 1)]);
      const tail = await state.matches.tail(await state.bookmarks.get("fold"), 9);
      expect(tail.map(({ id, heldBack }) => [id, heldBack])).toEqual([
        ["b", undefined],
        ["a", undefined],
      ]);
      expect((await state.matches.fold(group, 0, ALL)).count).toBe(2);
      await state.matches.dispose(["a"], "expired");
      expect((await state.matches.fold(group, 0, ALL)).count).toBe(1);
      expect(await state.matches.count()).toEqual({ matches: 2, heldBack: 1 });
    });
  });

  test("while others write, a tail gives every match once and in order", async () => {
    const writers = [state, await open(), await open()].map(async (one, writer) => {
      for (let at = 0; at < 15; at += 1) {
        await one.matches.add(numbered(0, 40).map((n) => match(`${writer}-${at}-${n}`, at)));
      }
    });
    let isOver = false;
    const end = Promise.all(writers).finally(() => {
      isOver = true;
    });
    const reader = await open();
    const seen: { readonly id: string; readonly number: number }[] = [];
    for (let last = false; !last;) {
      last = isOver;
      for (let more = true; more;) {
        const page = await reader.matches.tail(seen.at(-1)?.number ?? 0, 500);
        seen.push(...page);
        more = page.length > 0;
      }
    }
    await end;
    expect(seen).toHaveLength(1800);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(1800);
    expect(seen.every(({ number }, at) => number > (seen[at - 1]?.number ?? 0))).toBe(true);
  });

  test("more matches held back than one query can leave out", async () => {
    const ids = numbered(0, 10_050);
    await state.matches.add(ids.map((id) => match(id, Number(id))));
    await state.matches.dispose(ids.slice(10, 10_040), "expired");
    const { count, firstSeen, lastSeen, samples } = await state.matches.fold(group, 8, ALL);
    expect([count, firstSeen, lastSeen]).toEqual([12, 8, 10_049]);
    expect(samples.map(({ id }) => id)).toEqual(["8", "9", "10040"]);
    expect((await state.matches.fold(group, 0, 10_045)).count).toBe(15);
  });

  test("a mark that is set again while it is worked off stays", async () => {
    const importer = await open();
    await importer.bookmarks.soil(["a", "b"]);
    const dirty = await state.bookmarks.dirty();
    await importer.bookmarks.soil(["b"]);
    await state.bookmarks.clean(dirty);
    expect((await state.bookmarks.dirty()).map((one) => one.pattern)).toEqual(["b"]);
  });

  describe("alerts", () => {
    test.each([1, 2, 3, 4])(
      "a crash before write %i is mended by making it again",
      async (write) => {
        let writes = 0;
        proxy.rule = ({ path }) => {
          writes += path === "/_bulk" ? 1 : 0;
          return path === "/_bulk" && writes >= write ? { status: 403 } : undefined;
        };
        const one = made("h");
        await expect(state.alerts.compareAndSet(one)).rejects.toMatchObject({
          code: "store/forbidden",
        });
        proxy.rule = () => undefined;
        const other = await open();
        await other.alerts.compareAndSet(one);
        expect(await state.alerts.latest(one.group)).toEqual({ ...one, version: 1 });
        const listed = await state.alerts.list({}, 0, 9, false);
        expect(listed).toEqual([{ ...one, version: 1, number: 1 }]);
        expect(await hits(`${prefix}-alerts`, { term: { "stixsweep.number": 1 } })).toHaveLength(1);
      },
    );

    // The first of a state also notes an epoch, so the alert is the third and its number the fourth.
    test.each([4, 5])(
      "a crash before write %i is mended by a fold that finds the alert as it should be",
      async (write) => {
        let writes = 0;
        proxy.rule = ({ path }) => {
          writes += path === "/_bulk" ? 1 : 0;
          return path === "/_bulk" && writes >= write ? { status: 403 } : undefined;
        };
        const one = made("h");
        await expect(state.alerts.compareAndSet(one)).rejects.toMatchObject({
          code: "store/forbidden",
        });
        proxy.rule = () => undefined;
        const other = await open();
        expect(await other.alerts.latest(one.group)).toEqual({ ...one, version: 1 });
        const listed = await other.alerts.list({}, 0, 9, false);
        expect(listed).toEqual([{ ...one, version: 1, number: 1 }]);
      },
    );

    test("months stand behind one alias and are numbered through; dashboards find ECS fields", async () => {
      await state.patterns.activate([pattern("p")]);
      await state.indicators.upsert([indicator("i", { name: "Bad file", feed: "feed" })]);
      for (const one of [made("b", { createdAt: december }), made("a"), made("c")]) {
        expect(await state.alerts.compareAndSet(one)).toBe(true);
      }
      const listed = await state.alerts.list({}, 0, 9, false);
      expect(listed.map(({ id }) => id)).toEqual(["alert-b", "alert-a", "alert-c"]);
      const [found, second] = await hits(`${prefix}-alerts`, {
        bool: {
          filter: [
            { term: { "event.kind": "alert" } },
            { term: { "host.name": "a" } },
            { range: { "@timestamp": { gte: "2026-11-01", lt: "2026-12-01" } } },
          ],
        },
      });
      expect(second).toBeUndefined();
      expect(found).toMatchObject({
        _index: `${prefix}-alerts-2026.11`,
        _source: {
          rule: { id: "p", name: "Bad file", ruleset: ["feed"], description: "[file:name = 'p']" },
          threat: { indicator: { type: "file", name: "v", provider: ["feed"] } },
          event: { category: ["intrusion_detection"], start: "1970-01-01T00:00:00.010Z" },
        },
      });
    });

    test("a month that was deleted takes its alerts along; made again, they are new", async () => {
      const one = made("h");
      await state.alerts.compareAndSet(one);
      await state.alerts.compareAndSet(made("other", { createdAt: december }));
      await api.call("DELETE", `/${prefix}-alerts-2026.11`);
      expect(await state.alerts.latest(one.group)).toBeUndefined();
      expect(await state.alerts.get(one.id)).toBeUndefined();
      expect(await state.alerts.compareAndSet({ ...one, createdAt: december })).toBe(true);
      const listed = await state.alerts.list({}, 0, 9, false);
      expect(listed.map(({ id }) => id)).toEqual(["alert-other", "alert-h"]);
      expect(await state.alerts.count()).toBe(2);
    });

    test("pages lose none that are made meanwhile", async () => {
      const hosts = numbered(0, 60);
      const others = [state, await open()];
      const makers = others.map(async (one, at) => {
        for (const host of hosts.filter((_, i) => i % 2 === at)) {
          await one.alerts.compareAndSet(made(host));
        }
      });
      let isOver = false;
      const end = Promise.all(makers).finally(() => {
        isOver = true;
      });
      const reader = await open();
      const seen: { readonly id: string; readonly number: number }[] = [];
      for (let last = false; !last;) {
        last = isOver;
        seen.push(...(await reader.alerts.list({}, seen.at(-1)?.number ?? 0, 99, false)));
      }
      await end;
      expect(seen.map(({ id }) => id).toSorted()).toEqual(
        hosts.map((h) => `alert-${h}`).toSorted(),
      );
    });
  });

  describe("answers that are not whole", () => {
    const item = (status: number, type: string) => ({
      status: 200,
      body: { items: [{ create: { status, error: { type, reason: "by the test" } } }] },
    });

    test("a write that the engine is too busy for is sent again, it alone", async () => {
      let calls = 0;
      proxy.rule = ({ path }) => {
        calls += path === "/_bulk" ? 1 : 0;
        return path === "/_bulk" && calls <= 2 ? item(429, "es_rejected_execution_exception") : undefined; // prettier-ignore
      };
      expect(await state.matches.add([match("a", 1)])).toBe(1);
      expect(calls).toBe(3);
    });

    test("a write that is refused fails with the engine's reason", async () => {
      proxy.rule = ({ path }) =>
        path === "/_bulk" ? item(400, "mapper_parsing_exception") : undefined;
      await expect(state.matches.add([match("a", 1)])).rejects.toMatchObject({
        code: "store/rejected",
        facts: { index: `${prefix}-matches`, type: "mapper_parsing_exception" },
      });
    });

    test.each([
      { name: "a search", end: "_search", body: { timed_out: false, _shards: { total: 1, successful: 0, failed: 1 }, hits: { hits: [] } } }, // prettier-ignore
      { name: "a search that timed out", end: "_search", body: { timed_out: true, _shards: { total: 1, successful: 1, failed: 0 }, hits: { hits: [] } } }, // prettier-ignore
      { name: "a refresh", end: "_refresh", body: { _shards: { total: 2, successful: 1, failed: 1 } } }, // prettier-ignore
    ])("$name fails rather than leaving something out", async ({ end, body }) => {
      await state.matches.add([match("a", 1)]);
      proxy.rule = ({ path }) => (path.endsWith(end) ? { status: 200, body } : undefined);
      await expect(state.matches.fold(group, 0, ALL)).rejects.toMatchObject({
        code: "store/partial-answer",
        retryable: true,
      });
      await expect(state.ledger.rows()).rejects.toMatchObject({ code: "store/partial-answer" });
    });

    test("an index that was closed fails with a code", async () => {
      await api.call("POST", `/${prefix}-registry/_close`);
      await expect(state.bookmarks.get("x")).rejects.toMatchObject({ code: expect.any(String) });
      await expect(state.ledger.rows()).rejects.toMatchObject({ code: expect.any(String) });
    });
  });
});
