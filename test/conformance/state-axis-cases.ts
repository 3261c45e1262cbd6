/** What both axes ask of a state: patterns and indicators on one, the ledger of partitions on the other. */
import { changesOf } from "../support/changes.ts";
import type { State } from "../../services/core/ports.ts";
import { indicator, ledgerRow, pattern, type StateCase } from "./state-records.ts";

/** More keys than one statement of any store takes. */
const MANY = Array.from({ length: 25_000 }, (_, at) => `k${at}`);

async function changed(state: State, from = 0, to = 100): Promise<readonly string[]> {
  const records = await changesOf(state.patterns, from, to);
  return records.map((one) => `${one.key}${one.live ? "+" : "-"}${one.revision}`);
}

/** Upserts each in a call of its own; gives what became of it. */
async function upserts(state: State, ...all: readonly ReturnType<typeof indicator>[]) {
  const outcomes: string[] = [];
  for (const one of all) {
    const { created, updated, unchanged } = await state.indicators.upsert([one]);
    outcomes.push(`${created}/${updated}/${unchanged}`);
  }
  return outcomes;
}

const old = "2020-01-01T00:00:00Z";
const newer = "2021-01-01T00:00:00Z";

export const AXIS_CASES: readonly StateCase[] = [
  { name: "patterns: an empty state is bound at 0", run: async (s) => [await s.patterns.bound(), await changed(s)], want: [0, []] }, // prettier-ignore
  {
    name: "patterns: each gets the next revision; a live one or one named twice is left as it is",
    run: async (s) => [
      await s.patterns.activate([pattern("a"), pattern("b"), pattern("a")]),
      await s.patterns.activate([pattern("b"), pattern("c")]),
      await changed(s),
      await s.patterns.bound(),
    ],
    want: [2, 1, ["a+1", "b+2", "c+3"], 3],
  },
  {
    name: "patterns: retired once, activated again; changes gives the current record alone",
    run: async (s) => {
      await s.patterns.activate([pattern("a"), pattern("b")]);
      const retired = [await s.patterns.retire(["a", "none"]), await s.patterns.retire(["a"])];
      const before = await changed(s);
      await s.patterns.activate([pattern("a")]);
      return [retired, before, await changed(s), await changed(s, 0, 1), await s.patterns.bound()];
    },
    want: [[1, 0], ["b+2", "a-3"], ["b+2", "a+4"], [], 4],
  },
  {
    name: "patterns: changes leaves `from` out and takes `to` in",
    run: async (s) => {
      await s.patterns.activate(["a", "b", "c", "d"].map(pattern));
      return changed(s, 1, 3);
    },
    want: ["b+2", "c+3"],
  },
  {
    name: "patterns: registered again only while live",
    run: async (s) => {
      await s.patterns.activate(["a", "b"].map(pattern));
      await s.patterns.retire(["b"]);
      await s.patterns.reregister(["a", "b", "none"]);
      return [await changed(s), await s.patterns.bound()];
    },
    want: [["b-3", "a+4"], 4],
  },
  {
    name: "patterns: found whole, among any number of keys, each once",
    run: async (s) => {
      await s.patterns.activate([pattern("k7")]);
      return s.patterns.find([...MANY, "k7"]);
    },
    want: [{ ...pattern("k7"), live: true, revision: 1 }],
  },
  {
    name: "indicators: the same twice changes nothing; another feed's is another",
    run: (s) => upserts(s, indicator("i"), indicator("i"), indicator("i", { feed: "g" })),
    want: ["1/0/0", "0/0/1", "1/0/0"],
  },
  {
    name: "indicators: newer or equally old replaces and keeps the number, older does not",
    run: async (s) => [
      await upserts(s, indicator("i"), indicator("j")),
      await upserts(s, indicator("i", { modified: newer, name: "new", patternKey: "q" })),
      await upserts(s, indicator("i", { modified: old, name: "old" })),
      await upserts(s, indicator("j", { name: "same time" })),
      (await s.indicators.list({}, 0, 9)).map((i) => [i.number, i.id, i.name]),
      (await s.indicators.byPattern(["p"])).map((i) => i.id),
      await s.indicators.count(),
    ],
    want: [["1/0/0", "1/0/0"], ["0/1/0"], ["0/0/1"], ["0/1/0"], [[1, "i", "new"], [2, "j", "same time"]], ["j"], 2], // prettier-ignore
  },
  {
    name: "indicators that get another pattern tell which they have left",
    run: async (s) => {
      await s.indicators.upsert([indicator("i"), indicator("j")]);
      const other = indicator("i", { modified: newer, patternKey: "q" });
      const { left } = await s.indicators.upsert([other, indicator("j", { modified: newer })]);
      const again = await s.indicators.upsert([other, indicator("k")]);
      return [left, again.left];
    },
    want: [["p"], []],
  },
  {
    name: "indicators are counted by feed",
    run: async (s) => {
      await upserts(s, indicator("i"), indicator("i"), indicator("j"), indicator("i", { feed: "g" })); // prettier-ignore
      return Object.fromEntries(await s.indicators.countByFeed());
    },
    want: { f: 2, g: 1 },
  },
  ...[
    { name: "a fraction is later than none", first: "2020-01-01T00:00:00Z", second: "2020-01-01T00:00:00.5Z", want: "0/1/0" }, // prettier-ignore
    { name: "none is earlier than a fraction", first: "2020-01-01T00:00:00.5Z", second: "2020-01-01T00:00:00Z", want: "0/0/1" }, // prettier-ignore
    { name: "a time is later than no time", first: "", second: old, want: "0/1/0" },
    { name: "no time is earlier than a time", first: old, second: "", want: "0/0/1" },
  ].map(({ name, first, second, want }) => ({
    name: `indicators: \`modified\`: ${name}`,
    run: (s: State) =>
      upserts(
        s,
        indicator("i", { modified: first }),
        indicator("i", { modified: second, name: "x" }),
      ),
    want: ["1/0/0", want],
  })),
  {
    name: "indicators: by pattern whole, among any number of keys, each once",
    run: async (s) => {
      await upserts(s, indicator("i", { patternKey: "k7", validUntil: 9, confidence: 0 }));
      return s.indicators.byPattern([...MANY, "k7"]);
    },
    want: [indicator("i", { patternKey: "k7", validUntil: 9, confidence: 0 })],
  },
  {
    name: "indicators: listed by filter, after, limit",
    run: async (s) => {
      await s.indicators.upsert(["a", "b", "c"].map((id) => indicator(id)));
      await s.indicators.upsert([indicator("a", { feed: "g", patternKey: "q" })]);
      const filters = [{}, { feed: "g" }, { id: "a" }, { patternKey: "p" }, { feed: "f", id: "a" }];
      const all = filters.map(async (filter) => s.indicators.list(filter, 0, 9));
      const page = await s.indicators.list({}, 1, 2);
      return [...(await Promise.all(all)), page].map((list) => list.map((one) => one.number));
    },
    want: [[1, 2, 3, 4], [4], [1, 4], [1, 2, 3], [1], [2, 3]],
  },
  {
    name: "indicators: due in (from, to], each pattern once",
    run: async (s) => {
      const due = [5, 6, 7, 8, undefined].map((validFrom, at) =>
        indicator(`i${at}`, { validFrom, patternKey: validFrom === 7 ? "p6" : `p${validFrom}` }),
      );
      await s.indicators.upsert(due);
      return [await s.indicators.dueBetween(5, 7), await s.indicators.dueBetween(8, 9)];
    },
    want: [["p6"], []],
  },
  {
    name: "ledger: first writer wins, a stale version loses",
    run: async (s) => [
      await s.ledger.row("a"),
      await s.ledger.compareAndSet(ledgerRow("a", { version: 3 })),
      await s.ledger.compareAndSet(ledgerRow("a")),
      await s.ledger.compareAndSet(ledgerRow("a", { pieces: [] })),
      await s.ledger.compareAndSet(ledgerRow("a", { version: 1, unreachableSince: 0 })),
      await s.ledger.compareAndSet(ledgerRow("a", { version: 1 })),
      await s.ledger.compareAndSet(ledgerRow("b")),
      (await s.ledger.rows()).toSorted((x, y) => x.partition.localeCompare(y.partition)),
    ],
    want: [undefined, false, true, false, true, false, true, [ledgerRow("a", { version: 2, unreachableSince: 0 }), ledgerRow("b", { version: 1 })]], // prettier-ignore
  },
  {
    name: "ledger: one exception for each pattern and partition, the last word; pardon takes one",
    run: async (s) => {
      const one = { pattern: "p", partition: "*", code: "c", reason: "r", retryAt: 5 };
      await s.ledger.except(one);
      await s.ledger.except({ ...one, retryAt: undefined });
      await s.ledger.except({ ...one, partition: "x" });
      await s.ledger.pardon("p", "x");
      return s.ledger.exceptions();
    },
    want: [{ pattern: "p", partition: "*", code: "c", reason: "r", retryAt: undefined }],
  },
];
