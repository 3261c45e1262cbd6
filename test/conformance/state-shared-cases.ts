/** What a state must do for several that use it at once, for many records, and for one that opens it later. */
import { changesOf } from "../support/changes.ts";
import { groupOf } from "../../services/core/alert/group.ts";
import type { State } from "../../services/core/ports.ts";
import { alert, importRecord, indicator, ledgerRow, match, pattern } from "./state-records.ts";

/** `other` is the same state, opened a second time where the store can do that. */
export interface SharedCase {
  readonly name: string;
  readonly run: (state: State, other: State) => Promise<unknown>;
  readonly want: unknown;
}

/** More than one request of any store takes, and no round number of pages. */
const MANY = Array.from({ length: 3001 }, (_, at) => `m${String(at).padStart(4, "0")}`);
const FEW = MANY.slice(0, 50);
const LAST = "m3000";

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

async function inTurns(state: State, other: State, work: (state: State) => Promise<boolean>) {
  const won = await Promise.all([state, other, state, other, state, other].map(work));
  return won.filter(Boolean).length;
}

export const SHARED_CASES: readonly SharedCase[] = [
  {
    name: "patterns: of several that activate or retire the same at once, one does",
    run: async (state, other) => {
      const both = [state, other, state, other];
      const made = await Promise.all(both.map((s) => s.patterns.activate(FEW.map(pattern))));
      const gone = await Promise.all(both.map((s) => s.patterns.retire(FEW)));
      const records = await changesOf(state.patterns, 0, await state.patterns.bound());
      const revisions = new Set(records.map(({ revision }) => revision));
      return [sum(made), sum(gone), records.length, revisions.size];
    },
    want: [50, 50, 50, 50],
  },
  {
    name: "patterns: what one writes, another's bound takes in",
    run: async (state, other) => {
      await state.patterns.activate([pattern("a")]);
      const first = await other.patterns.bound();
      await other.patterns.activate([pattern("b")]);
      const changed = await changesOf(state.patterns, first, await state.patterns.bound());
      return [first, changed.map(({ key }) => key)];
    },
    want: [1, ["b"]],
  },
  {
    name: "indicators: one that several bring at once is created once",
    run: async (state, other) => {
      const all = FEW.map((id) => indicator(id));
      const done = await Promise.all([state, other, state].map((s) => s.indicators.upsert(all)));
      const listed = await other.indicators.list({}, 0, 99);
      const numbers = new Set(listed.map(({ number }) => number));
      return [sum(done.map(({ created }) => created)), listed.length, numbers.size];
    },
    want: [50, 50, 50],
  },
  {
    name: "indicators: the same one twice in a call is taken in order",
    run: async (state) => [
      await state.indicators.upsert([
        indicator("a"),
        indicator("a", { name: "later" }),
        indicator("a", { name: "later" }),
        indicator("b"),
      ]),
      (await state.indicators.list({}, 0, 9)).map(({ name, number }) => `${number} ${name}`),
    ],
    want: [{ created: 2, updated: 1, unchanged: 1, left: [] }, ["1 later", "2 b"]],
  },
  {
    name: "ledger: of several that set one row at once, one does",
    run: async (state, other) => {
      const first = await inTurns(state, other, async (s) =>
        s.ledger.compareAndSet(ledgerRow("a")),
      );
      const next = ledgerRow("a", { version: 1, pieces: [] });
      const second = await inTurns(state, other, async (s) => s.ledger.compareAndSet(next));
      return [first, second, await other.ledger.rows()];
    },
    want: [1, 1, [ledgerRow("a", { version: 2, pieces: [] })]],
  },
  {
    name: "matches: one that several bring at once is stored once, and all see one order",
    run: async (state, other) => {
      const all = FEW.map((id, at) => match(id, at));
      const half = all.slice(25);
      const added = await Promise.all([
        state.matches.add(all),
        other.matches.add(half),
        other.matches.add(all.toReversed()),
      ]);
      const [one, two] = await Promise.all([state.matches.tail(0, 99), other.matches.tail(0, 99)]);
      const rising = one.every(({ number }, at) => number > (one[at - 1]?.number ?? 0));
      return [sum(added), one.length, rising, JSON.stringify(one) === JSON.stringify(two)];
    },
    want: [50, 50, true, true],
  },
  {
    name: "matches: what one holds back, another neither counts nor tails as counted",
    run: async (state, other) => {
      await state.matches.add(FEW.map((id, at) => match(id, at)));
      await state.matches.dispose(FEW.slice(0, 49), "expired");
      const { count, firstSeen } = await other.matches.fold(groupOf(match("", 0)), 0, 1e9);
      const held = (await other.matches.tail(0, 99)).filter((one) => one.heldBack !== undefined);
      return [count, firstSeen, held.length, await other.matches.count()];
    },
    want: [1, 49, 49, { matches: 50, heldBack: 49 }],
  },
  {
    name: "alerts: of several that make or change one at once, one does",
    run: async (state, other) => {
      const made = await inTurns(state, other, async (s) => s.alerts.compareAndSet(alert("a")));
      const next = alert("a", { version: 1, count: 2 });
      const changed = await inTurns(state, other, async (s) => s.alerts.compareAndSet(next));
      const listed = await other.alerts.list({}, 0, 9, false);
      return [made, changed, listed.map(({ id, version }) => [id, version])];
    },
    want: [1, 1, [["a", 2]]],
  },
  {
    name: "alerts: what one makes, another finds at once; no number is given twice",
    run: async (state, other) => {
      const group = (host: string) => ({ ...groupOf(match("", 0)), host });
      const all = FEW.slice(0, 12).map((id) => alert(id, { group: group(id) }));
      await Promise.all(all.map((one, at) => (at % 2 ? state : other).alerts.compareAndSet(one)));
      const found = await Promise.all(all.map((one) => other.alerts.latest(one.group)));
      const listed = await state.alerts.list({}, 0, 99, false);
      const numbers = new Set(listed.map(({ number }) => number));
      return [found.map((one) => one?.id), listed.length, numbers.size];
    },
    want: [FEW.slice(0, 12), 12, 12],
  },
  {
    name: "many: patterns whole and in order",
    run: async (state) => {
      const made = await state.patterns.activate(MANY.map(pattern));
      const found = await changesOf(state.patterns, 0, await state.patterns.bound());
      const rest = await changesOf(state.patterns, 2990, 2999);
      return [made, found.map(({ key }) => key).join() === MANY.join(), rest.length];
    },
    want: [3001, true, 9],
  },
  {
    name: "many: indicators whole and in order",
    run: async (state) => {
      const all = MANY.map((id) => indicator(id, { patternKey: id, validFrom: 5 }));
      const { created } = await state.indicators.upsert(all);
      const { updated } = await state.indicators.upsert([
        indicator("m0001", { name: "changed", patternKey: "m0001", validFrom: 5 }),
      ]);
      const listed = await state.indicators.list({}, 0, 9999);
      const page = await state.indicators.list({}, 2999, 1);
      return [
        [created, updated, listed.map(({ id }) => id).join() === MANY.join(), page[0]?.id],
        (await state.indicators.byPattern(MANY)).map(({ id }) => id).join() === MANY.join(),
        (await state.indicators.dueBetween(4, 5)).length,
      ];
    },
    want: [[3001, 1, true, "m2999"], true, 3001],
  },
  {
    name: "many: matches whole, held back and folded exactly",
    run: async (state) => {
      const all = MANY.map((id, at) => match(id, at));
      const added = await state.matches.add(all);
      await state.matches.dispose(MANY.slice(1, 2000), "expired");
      const { count, firstSeen, lastSeen, samples } = await state.matches.fold(
        groupOf(match("", 0)),
        0,
        Number.MAX_SAFE_INTEGER,
      );
      const held = await state.matches.heldBack("p");
      return [
        [added, (await state.matches.tail(0, 99_999)).map(({ id }) => id).join() === MANY.join()],
        [count, firstSeen, lastSeen, samples.map(({ id }) => id)],
        [held.length, held[0]?.id, held.at(-1)?.number],
        (await state.matches.tail(2999, 99)).map(({ id }) => id),
      ];
    },
    want: [[3001, true], [1002, 0, 3000, ["m0000", "m2000", "m2001"]], [1999, "m0001", 2000], ["m2999", LAST]], // prettier-ignore
  },
  {
    name: "many: groups of a pattern, each once",
    run: async (state) => {
      const hosts = MANY.map((host, at) => match(host, at, { host }));
      await state.matches.add([...hosts, match("again", 0, { host: LAST })]);
      const groups = await state.matches.groups("p");
      return [groups.length, new Set(groups.map(({ host }) => host)).size];
    },
    want: [3001, 3001],
  },
  {
    name: "many: ledger rows, marks",
    run: async (state) => {
      await state.bookmarks.soil(MANY);
      await state.bookmarks.clean((await state.bookmarks.dirty()).slice(1));
      const exceptions = FEW.map((key) => ({ pattern: key, partition: "*", code: "c", reason: "r", retryAt: 1 })); // prettier-ignore
      await Promise.all(exceptions.map((one) => state.ledger.except(one)));
      await Promise.all(FEW.map((one) => state.ledger.compareAndSet(ledgerRow(one))));
      const rows = await state.ledger.rows();
      const left = (await state.bookmarks.dirty()).map((one) => one.pattern);
      return [left, await state.ledger.exceptions(), rows.length];
    },
    want: [["m0000"], FEW.map((key) => ({ pattern: key, partition: "*", code: "c", reason: "r", retryAt: 1 })), 50], // prettier-ignore
  },
  {
    name: "opened a second time it reads the same",
    run: async (state, other) => {
      await state.patterns.activate(["a", "b"].map(pattern));
      await state.patterns.retire(["b"]);
      await state.indicators.upsert([indicator("i"), indicator("j")]);
      await state.indicators.upsert([indicator("i", { name: "new" })]);
      await state.ledger.compareAndSet(ledgerRow("part"));
      await state.matches.add([match("m", 1), match("n", 2)]);
      await state.matches.dispose(["m"], "expired");
      await state.alerts.compareAndSet(alert("x"));
      await state.alerts.compareAndSet(alert("x", { version: 1, count: 3 }));
      await state.imports.put(importRecord("y"));
      await state.bookmarks.set("fold", 7);
      await state.bookmarks.soil(["a"]);
      const [one, two] = [await everything(state), await everything(other)];
      return [JSON.stringify(one) === JSON.stringify(two), two];
    },
    want: [
      true,
      {
        patterns: ["a true 1", "b false 3"],
        indicators: ["1 new", "2 j"],
        ledger: [ledgerRow("part", { version: 1 })],
        matches: [
          { ...match("m", 1), number: 1, heldBack: "expired" },
          { ...match("n", 2), number: 2, heldBack: undefined },
        ],
        alerts: [{ ...alert("x", { version: 2, count: 3 }), number: 1 }],
        imports: [{ ...importRecord("y"), number: 1 }],
        bookmarks: [7, ["a"]],
      },
    ],
  },
  {
    name: "records: of several that write one version at once, one does; another sees it",
    run: async (state, other) => {
      const record = { kind: "value", value: "v", scope: {}, reason: "r", by: "local", at: 1 } as const; // prettier-ignore
      const won = [];
      for (const version of [0, 1, 2]) {
        won.push(
          await inTurns(state, other, async (one) =>
            one.records.compareAndSet("suppression", { id: "a", version, record }),
          ),
        );
      }
      return [won, (await other.records.list("suppression")).map(({ version }) => version)];
    },
    want: [[1, 1, 1], [3]],
  },
];

async function everything(state: State) {
  const patterns = await changesOf(state.patterns, 0, await state.patterns.bound());
  return {
    patterns: patterns.map(({ key, live, revision }) => `${key} ${live} ${revision}`),
    indicators: (await state.indicators.list({}, 0, 9)).map((one) => `${one.number} ${one.name}`),
    ledger: await state.ledger.rows(),
    matches: await state.matches.tail(0, 9),
    alerts: await state.alerts.list({}, 0, 9, false),
    imports: await state.imports.list(0, 9),
    bookmarks: [
      await state.bookmarks.get("fold"),
      (await state.bookmarks.dirty()).map((one) => one.pattern),
    ],
  };
}
