/** What the match log, alerts, imports and bookmarks ask of a state. */
import { groupOf } from "../../services/core/alert/group.ts";
import type { State } from "../../services/core/ports.ts";
import type { AlertFilter, GroupKey } from "../../services/core/records.ts";
import {
  alert,
  importRecord,
  indicator,
  match,
  operandHit,
  type StateCase,
} from "./state-records.ts";

const group = groupOf(match("", 0));
/** Cut within a character that is two code units, as a long value may be. */
const cut = match("cut", 1, {}, `${"x".repeat(511)}😀`);

async function folded(state: State, key: GroupKey, after = 0, to = Number.MAX_SAFE_INTEGER) {
  const { count, firstSeen, lastSeen, samples } = await state.matches.fold(key, after, to);
  return [count, firstSeen, lastSeen, samples.map((one) => one.id).join(" ")];
}

const FIVE = [match("a", 50), match("b", 20), match("c", 20), match("d", 40), match("e", 10)];

const ALERTS = [
  alert("a1"),
  alert("a2", { severity: "high", group: { ...group, patternKey: "q" }, firstSeen: 30, lastSeen: 40, assignee: "ann", tags: ["a", "b"] }), // prettier-ignore
  alert("a3", { status: "closed", through: 9, group: { ...group, host: "other" } }),
];

const FILTERS: readonly { filter: AlertFilter; want: readonly number[] }[] = [
  { filter: {}, want: [1, 2, 3] },
  { filter: { host: "other" }, want: [3] },
  { filter: { statuses: ["new"] }, want: [1, 2] },
  { filter: { statuses: ["new", "closed"] }, want: [1, 2, 3] },
  { filter: { assignee: "ann" }, want: [2] },
  { filter: { tag: "b" }, want: [2] },
  { filter: { severity: "high" }, want: [2] },
  { filter: { since: 20 }, want: [1, 2, 3] },
  { filter: { since: 21 }, want: [2] },
  { filter: { until: 30 }, want: [1, 3] },
  { filter: { until: 31 }, want: [1, 2, 3] },
  { filter: { indicator: "i" }, want: [2] },
  { filter: { indicator: "none" }, want: [] },
  { filter: { host: "h", statuses: ["new"], severity: "low" }, want: [1] },
];

export const LOG_CASES: readonly StateCase[] = [
  {
    name: "matches: an id is stored once, whichever call brings it; the first stays",
    run: async (s) => [
      await s.matches.add([match("a", 1), match("b", 2), match("a", 3)]),
      await s.matches.add([match("b", 9), match("c", 4)]),
      await s.matches.tail(0, 2),
      (await s.matches.tail(2, 9)).map((one) => one.id),
      await s.matches.count(),
    ],
    want: [2, 1, [{ ...match("a", 1), number: 1, heldBack: undefined }, { ...match("b", 2), number: 2, heldBack: undefined }], ["c"], { matches: 3, heldBack: 0 }], // prettier-ignore
  },
  {
    name: "matches: held back for a reason, and counted again",
    run: async (s) => {
      await s.matches.add([...FIVE, match("q", 1, { patternKey: "q" })]);
      await s.matches.dispose(["d", "a", "q"], "expired");
      await s.matches.dispose(["a"], undefined);
      await s.matches.dispose(["b"], "revoked");
      const held = await s.matches.heldBack("p");
      const rest = await s.matches.heldBack("p", ["expired", "none"]);
      return [
        held.map((m) => `${m.id} ${m.heldBack}`),
        rest.map((m) => m.id),
        await s.matches.count(),
      ];
    },
    want: [["b revoked", "d expired"], ["b"], { matches: 6, heldBack: 3 }],
  },
  {
    name: "matches: how many each reason holds back",
    run: async (s) => {
      await s.matches.add([...FIVE, match("q", 1, { patternKey: "q" })]);
      const before = await s.matches.heldBackBy();
      await s.matches.dispose(["d", "a", "q"], "expired");
      await s.matches.dispose(["b"], "suppression:x");
      await s.matches.dispose(["a"], undefined);
      return [before.size, Object.fromEntries(await s.matches.heldBackBy())];
    },
    want: [0, { expired: 2, "suppression:x": 1 }],
  },
  {
    name: "matches: a fold takes numbers in (after, to], counted ones, earliest three as samples",
    run: async (s) => {
      await s.matches.add(FIVE);
      const all = await folded(s, group);
      await s.matches.dispose(["e"], "expired");
      return [all, await folded(s, group), await folded(s, group, 1, 4), await folded(s, group, 4)];
    },
    want: [
      [5, 10, 50, "e b c"],
      [4, 20, 50, "b c d"],
      [3, 20, 40, "b c d"],
      [0, 0, 0, ""],
    ],
  },
  {
    name: "matches: groups apart by host and value, not by its case; held back ones too",
    run: async (s) => {
      await s.matches.add([match("a", 1, {}, "V"), match("b", 2), match("c", 3, { host: "" })]);
      await s.matches.add([match("d", 4, { why: [] }), match("e", 5, { patternKey: "q" })]);
      await s.matches.dispose(["c"], "expired");
      const groups = await s.matches.groups("p");
      return [groups.map((g) => `${g.host}/${g.value}`).toSorted(), await folded(s, group)];
    },
    want: [
      ["/v", "h/", "h/v"],
      [2, 1, 2, "a b"],
    ],
  },
  ...[cut, match("nul", 1, {}, "a\0b"), match("quote", 1, {}, `'"%_\\`)].map((one) => ({
    name: `matches: a group is what groupOf says of its matches (${one.id})`,
    run: async (s: State) => {
      await s.matches.add([one]);
      return [await s.matches.groups("p"), (await folded(s, groupOf(one)))[0]];
    },
    want: [[groupOf(one)], 1],
  })),
  {
    name: "operand hits: an id is stored once; the log gives them in order",
    run: async (s) => [
      await s.operandHits.add([operandHit("a"), operandHit("b"), operandHit("a", { time: 7 })]),
      await s.operandHits.add([operandHit("b"), operandHit("c", { operand: 1 })]),
      await s.operandHits.tail(0, 1),
      (await s.operandHits.tail(1, 9)).map(({ id }) => id),
      await s.operandHits.tail((await s.operandHits.tail(0, 9)).at(-1)?.number ?? 0, 9),
    ],
    want: [2, 1, [{ ...operandHit("a"), number: 1 }], ["b", "c"], []],
  },
  {
    name: "operand hits: found by pattern, scope and time, both ends included",
    run: async (s) => {
      await s.operandHits.add([
        operandHit("a", { time: 10 }),
        operandHit("b", { time: 20, operand: 11 }),
        operandHit("c", { time: 30, operand: 2, why: [] }),
        operandHit("d", { time: 40, scope: "host h\0" }),
        operandHit("e", { time: 20, patternKey: "q", operand: 3 }),
      ]);
      const of = async (from: number, to: number, scope = "s", limit = 9) => {
        const found = await s.operandHits.of("p", scope, from, to, limit);
        return found.map(({ id }) => id).toSorted();
      };
      const logged = await s.operandHits.tail(0, 9);
      const [e] = await s.operandHits.of("q", "s", 0, 99, 9);
      return [
        await s.operandHits.operands("p", "s"),
        await s.operandHits.operands("p", "t"),
        await of(-Infinity, Infinity),
        await of(10, 20),
        await of(11, 29),
        await of(21, Infinity),
        await of(-Infinity, 19),
        await of(0, 99, "host h\0"),
        (await of(0, 99, "s", 2)).length,
        logged.findIndex(({ number }) => number === e?.number),
        e && { ...e, number: 0 },
      ];
    },
    want: [[0, 2, 11], [], ["a", "b", "c"], ["a", "b"], ["b"], ["c"], ["a"], ["d"], 2, 4, { ...operandHit("e", { time: 20, patternKey: "q", operand: 3 }), number: 0 }], // prettier-ignore
  },
  {
    name: "alerts: first writer wins, a stale version loses",
    run: async (s) => [
      await s.alerts.get("a"),
      await s.alerts.compareAndSet(alert("a", { version: 2 })),
      await s.alerts.compareAndSet(alert("a")),
      await s.alerts.compareAndSet(alert("a", { count: 7 })),
      await s.alerts.compareAndSet(alert("a", { version: 1, count: 8 })),
      await s.alerts.compareAndSet(alert("a", { version: 1, count: 9 })),
      await s.alerts.get("a"),
      await s.alerts.count(),
    ],
    want: [undefined, false, true, false, true, false, alert("a", { version: 2, count: 8 }), 1],
  },
  {
    name: "alerts: the latest is the newest generation of that group, in whatever order written",
    run: async (s) => {
      await s.alerts.compareAndSet(alert("two", { generation: 2 }));
      await s.alerts.compareAndSet(alert("one", { status: "closed", through: 4 }));
      const other = await s.alerts.latest({ ...group, value: "w" });
      return [(await s.alerts.latest(group))?.id, other];
    },
    want: ["two", undefined],
  },
  ...FILTERS.map(({ filter, want }) => ({
    name: `alerts: listed by ${JSON.stringify(filter)}`,
    run: async (s: State) => {
      await s.indicators.upsert([indicator("i", { patternKey: "q" })]);
      await s.indicators.upsert([indicator("i", { patternKey: "q", feed: "g" })]);
      for (const one of ALERTS) {
        await s.alerts.compareAndSet(one);
      }
      return (await s.alerts.list(filter, 0, 9, false)).map((one) => one.number);
    },
    want,
  })),
  {
    name: "alerts: pages in both directions; a write keeps the number",
    run: async (s) => {
      for (const one of [...ALERTS, alert("a1", { version: 1, count: 2 })]) {
        await s.alerts.compareAndSet(one);
      }
      const pages = [[0, 2, false], [2, 2, false], [0, 2, true], [2, 2, true]] as const; // prettier-ignore
      const lists = pages.map(([after, limit, down]) => s.alerts.list({}, after, limit, down));
      return (await Promise.all(lists)).map((list) => list.map((one) => one.number));
    },
    want: [[1, 2], [3], [3, 2], [1]],
  },
  {
    name: "imports: replaced by id, keeping their number",
    run: async (s) => {
      await s.imports.put(importRecord("a"));
      await s.imports.put(importRecord("b"));
      await s.imports.put(importRecord("a", { state: "failed", error: "e" }));
      const page = await s.imports.list(1, 9);
      return [await s.imports.get("none"), await s.imports.get("a"), await s.imports.list(0, 1), page.map((one) => one.id)]; // prettier-ignore
    },
    want: [undefined, importRecord("a", { state: "failed", error: "e" }), [{ ...importRecord("a", { state: "failed", error: "e" }), number: 1 }], ["b"]], // prettier-ignore
  },
  {
    name: "imports: parts once each, by number, until dropped",
    run: async (s) => {
      const entry = (id: string) => ({ status: "accepted", id, where: "", code: undefined, reason: undefined, lost: [] }) as const; // prettier-ignore
      await s.imports.putPart("i", 1, [entry("b")]);
      await s.imports.putPart("i", 0, [entry("a")]);
      await s.imports.putPart("i", 1, [entry("c")]);
      await s.imports.putPart("j", 0, [entry("d")]);
      const parts = await s.imports.parts("i");
      await s.imports.dropParts("i");
      return [
        [...parts].map(([part, entries]) => [part, entries.map(({ id }) => id)]),
        (await s.imports.parts("i")).size,
        (await s.imports.parts("j")).size,
      ];
    },
    want: [[[0, ["a"]], [1, ["c"]]], 0, 1], // prettier-ignore
  },
  {
    name: "bookmarks: 0 until set, then the last value",
    run: async (s) => {
      const before = await s.bookmarks.get("x");
      await s.bookmarks.set("x", 4);
      await s.bookmarks.set("x", 1_800_000_000_000);
      return [before, await s.bookmarks.get("x"), await s.bookmarks.get("y")];
    },
    want: [0, 1_800_000_000_000, 0],
  },
  {
    name: "bookmarks: dirty once until cleaned",
    run: async (s) => {
      await s.bookmarks.soil(["b", "a", "b"]);
      await s.bookmarks.soil(["a"]);
      const before = await s.bookmarks.dirty();
      await s.bookmarks.soil(["a"]);
      await s.bookmarks.clean([...before, { pattern: "none", mark: "999999" }]);
      return [before, await s.bookmarks.dirty()].map((list) => list.map(({ pattern }) => pattern));
    },
    want: [["a", "b"], ["a"]],
  },
];
