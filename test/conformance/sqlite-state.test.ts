import { describe, expect, test } from "@jest/globals";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import type { State } from "../../services/core/ports.ts";
import type { IndicatorRecord, MatchRecord } from "../../services/core/records.ts";

const options = { mode: "observable", subdomains: false } as const;
const pattern = (key: string) => ({ key, pattern: `[process:name = '${key}']`, options });

function indicator(modified: string, extra: Partial<IndicatorRecord> = {}): IndicatorRecord {
  return {
    feed: "f",
    id: "i",
    patternKey: "p",
    pattern: "[a:b = 1]",
    name: "",
    description: "",
    modified,
    validFrom: undefined,
    validUntil: undefined,
    revoked: false,
    confidence: undefined,
    labels: [],
    markings: [],
    killChain: [],
    context: [],
    notes: [],
    ...extra,
  };
}

function match(n: number, host: string, time = n): MatchRecord {
  return {
    id: `m${n}`,
    patternKey: "p",
    eventKey: `e${n}`,
    partition: "x",
    position: n,
    locator: `l${n}`,
    host,
    eventId: 1,
    time,
    layout: "flat",
    why: [{ comparison: "c", path: "process:name", field: "Image", value: "A.exe" }],
  };
}

async function withState(work: (state: State) => Promise<void>): Promise<void> {
  const state = openSqliteState(":memory:");
  try {
    await work(state);
  } finally {
    state.close();
  }
}

describe("State: sqlite", () => {
  test("the pattern axis: a revision for each change, none where nothing changes", () =>
    withState(async ({ patterns }) => {
      expect(await patterns.activate([pattern("a"), pattern("b")])).toBe(2);
      expect(await patterns.activate([pattern("a")])).toBe(0);
      expect(await patterns.bound()).toBe(2);
      expect(await patterns.retire(["a", "none"])).toBe(1);
      expect(await patterns.retire(["a"])).toBe(0);
      expect((await patterns.changes(2, 3)).map((p) => [p.key, p.live])).toEqual([["a", false]]);
      expect(await patterns.activate([pattern("a")])).toBe(1);
      await patterns.reregister(["b"]);
      expect((await patterns.changes(0, 9)).map((p) => [p.key, p.revision, p.live])).toEqual([
        ["a", 4, true],
        ["b", 5, true],
      ]);
      expect((await patterns.find(["b"]))[0]?.pattern).toBe(pattern("b").pattern);
    }));

  test("an older version of an indicator does not undo a newer one", () =>
    withState(async ({ indicators }) => {
      const first = indicator("2024-01-02T00:00:00Z");
      const older = indicator("2023-01-01T00:00:00Z", { name: "old" });
      const newer = indicator("2025-01-01T00:00:00Z", { name: "new", validFrom: 50 });
      expect(await indicators.upsert([first])).toEqual({ created: 1, updated: 0, unchanged: 0 });
      expect(await indicators.upsert([first, older])).toMatchObject({ unchanged: 2 });
      expect(await indicators.upsert([newer])).toMatchObject({ updated: 1 });
      expect((await indicators.byPattern(["p"])).map(({ name }) => name)).toEqual(["new"]);
      expect(await indicators.dueBetween(49, 50)).toEqual(["p"]);
      expect(await indicators.dueBetween(50, 99)).toEqual([]);
    }));

  test("the ledger: the first of two writers wins, the other is told", () =>
    withState(async ({ ledger }) => {
      const row = { partition: "x", version: 0, pieces: [], unreachableSince: undefined };
      expect(await ledger.compareAndSet(row)).toBe(true);
      expect(await ledger.compareAndSet(row)).toBe(false);
      const pieces = [{ to: 3, revision: 1, semantics: 1 }];
      expect(await ledger.compareAndSet({ ...row, version: 1, pieces })).toBe(true);
      expect(await ledger.compareAndSet({ ...row, version: 1 })).toBe(false);
      expect(await ledger.row("x")).toEqual({ ...row, version: 2, pieces });
    }));

  test("a match is stored once; groups are folded from what is not held back", () =>
    withState(async ({ matches }) => {
      expect(await matches.add([match(1, "h", 30), match(2, "h", 10), match(3, "x")])).toBe(3);
      expect(await matches.add([match(1, "h"), match(4, "h", 20)])).toBe(1);
      const group = { patternKey: "p", host: "h", value: "a.exe" };
      const fold = () => matches.fold(group, 0, 99);
      expect(await fold()).toMatchObject({ count: 3, firstSeen: 10, lastSeen: 30 });
      await matches.dispose(["m2"], "expired");
      expect(await fold()).toMatchObject({ count: 2, firstSeen: 20, lastSeen: 30 });
      expect((await matches.heldBack("p")).map(({ id }) => id)).toEqual(["m2"]);
      expect(await matches.count()).toEqual({ matches: 4, heldBack: 1 });
      expect((await matches.tail(0, 2)).map(({ id }) => id)).toEqual(["m1", "m2"]);
      expect(await matches.groups("p")).toHaveLength(2);
    }));

  test("patterns whose alerts must be made again stay marked until cleaned", () =>
    withState(async ({ bookmarks }) => {
      await bookmarks.soil(["a", "b"]);
      await bookmarks.soil(["a"]);
      await bookmarks.clean(["b"]);
      expect(await bookmarks.dirty()).toEqual(["a"]);
      await bookmarks.set("fold", 7);
      expect(await bookmarks.get("fold")).toBe(7);
      expect(await bookmarks.get("never")).toBe(0);
    }));
});
