import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  compilePattern,
  parsePattern,
  PatternSet,
  type Observation,
  type ObservationExpression,
} from "stix2-ts";

const seen = (v: string, first: number, last = first, count = 1): Observation => ({
  objects: { x: { type: "x", v } },
  firstObserved: first,
  lastObserved: last,
  numberObserved: count,
});

const ascending = (a: number, b: number) => a - b;

const compiled = (text: string) => compilePattern(parsePattern(text), { mode: "spec" });

/** One observation in a binding of the specification below: which record, which of its repeats, and when. */
interface Taken {
  readonly place: number;
  readonly repeat: number;
  readonly at: number;
}

/** STIX 2.1 §9.5 word by word: every binding with every choice of whole instants. */
function* bindings(
  node: ObservationExpression,
  observations: readonly Observation[],
): Generator<readonly Taken[], void, undefined> {
  switch (node.kind) {
    case "observation": {
      const { test: holds } = compilePattern({ text: "", root: node }, { mode: "spec" });
      for (const [place, one] of observations.entries()) {
        if (holds(one) === undefined) continue;
        for (let repeat = 0; repeat < one.numberObserved; repeat++)
          for (let at = one.firstObserved; at <= one.lastObserved; at++)
            yield [{ place, repeat, at }];
      }
      return;
    }
    case "observation-or":
      for (const operand of node.operands) yield* bindings(operand, observations);
      return;
    case "observation-and":
    case "followed-by":
      yield* joined(
        node.operands.map((operand) => () => bindings(operand, observations)),
        node.kind === "followed-by",
      );
      return;
    case "qualified": {
      const { qualifier } = node;
      if (qualifier.kind === "repeats") {
        const copies = Array.from(
          { length: qualifier.times },
          () => () => bindings(node.expression, observations),
        );
        yield* joined(copies, false);
        return;
      }
      for (const binding of bindings(node.expression, observations)) {
        const times = binding.map(({ at }) => at);
        const fits =
          qualifier.kind === "within"
            ? Math.max(...times) - Math.min(...times) <= qualifier.seconds * 1000
            : times.every(
                (at) => at >= Date.parse(qualifier.start) && at < Date.parse(qualifier.stop),
              );
        if (fits) yield binding;
      }
    }
  }
}

function* joined(
  operands: readonly (() => Iterable<readonly Taken[]>)[],
  inSequence: boolean,
  before: readonly Taken[] = [],
): Generator<readonly Taken[], void, undefined> {
  const [first, ...rest] = operands;
  if (first === undefined) {
    yield before;
    return;
  }
  for (const binding of first()) {
    const isApart = binding.every(
      (one) => !before.some((two) => one.place === two.place && one.repeat === two.repeat),
    );
    const isLater =
      !inSequence || binding.every(({ at }) => before.every((earlier) => earlier.at <= at));
    if (isApart && isLater) yield* joined(rest, inSequence, [...before, ...binding]);
  }
}

const iso = (ms: number) => `t'${new Date(ms).toISOString()}'`;

const leaf = fc.constantFrom("[x:v = 'a']", "[x:v = 'b']", "[x:v IN ('a', 'b')]", "[x:v != 'a']");
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("pattern"), fc.constantFrom("AND", "OR", "FOLLOWEDBY"), tie("pattern"))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc
      .tuple(
        tie("pattern"),
        fc.oneof(
          fc.integer({ min: 1, max: 3 }).map((ms) => `WITHIN ${ms / 1000} SECONDS`),
          fc.integer({ min: 1, max: 3 }).map((times) => `REPEATS ${times} TIMES`),
          fc
            .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 4 }))
            .map(([start, more]) => `START ${iso(start)} STOP ${iso(start + more)}`),
        ),
      )
      .map(([a, qualifier]) => `(${a}) ${qualifier}`),
  ),
}));

const observations = fc.array(
  fc
    .tuple(
      fc.constantFrom("a", "b", "c"),
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom(0, 0, 1, 2),
      fc.constantFrom(1, 1, 1, 2),
    )
    .map(([v, first, length, count]) => seen(v, first, first + length, count)),
  { maxLength: 4 },
);

describe("correlated patterns", () => {
  test("find and participants are what the specification gives", () => {
    let found = 0;
    fc.assert(
      fc.property(pattern, observations, (text, list) => {
        const parsed = parsePattern(text);
        fc.pre(slots(parsed.root) <= 6);
        const want = new Set<number>();
        for (const binding of bindings(parsed.root, list)) {
          for (const { place } of binding) want.add(place);
        }
        const { find, participants } = compilePattern(parsed, { mode: "spec" });
        const binding = find(list);
        expect(binding !== undefined).toBe(want.size > 0);
        const got = participants(list);
        expect([...got.keys()].toSorted(ascending)).toEqual([...want].toSorted(ascending));
        for (const [place, evidence] of got) {
          expect(evidence.map(({ observation }) => observation)).toContain(place);
        }
        found += want.size > 0 ? 1 : 0;
      }),
      { numRuns: 3000 },
    );
    expect(found).toBeGreaterThan(1000);
  });

  test("operands decide for each observation, and the reach holds what satisfies a pattern together", () => {
    let bound = 0;
    fc.assert(
      fc.property(pattern, observations, (text, list) => {
        const parsed = parsePattern(text);
        fc.pre(slots(parsed.root) <= 6);
        const { correlation, participants } = compilePattern(parsed, { mode: "spec" });
        fc.pre(correlation !== undefined);
        const tests = correlation.operands.map((one) => compilePattern(one, { mode: "spec" }));
        const candidates = list.map((one) => ({
          firstObserved: one.firstObserved,
          lastObserved: one.lastObserved,
          numberObserved: one.numberObserved,
          operands: new Set(
            tests.flatMap(({ test: met }, n) => (met(one) === undefined ? [] : [n])),
          ),
        }));
        const among = correlation.participantsAmong(candidates);
        expect([...among.keys()]).toEqual([...participants(list).keys()]);
        for (const [place, binding] of among) {
          for (const { candidate, operands } of binding) {
            expect(operands.every((n) => candidates[candidate]?.operands.has(n))).toBe(true);
          }
          const one = list[place];
          const near = list.filter(
            (other) =>
              one === other ||
              (one !== undefined &&
                other.firstObserved <= one.lastObserved + correlation.reach &&
                other.lastObserved >= one.firstObserved - correlation.reach),
          );
          expect(participants(near).has(near.indexOf(one as Observation))).toBe(true);
          bound += near.length < list.length ? 1 : 0;
        }
        const all = new Set(candidates.flatMap(({ operands }) => [...operands]));
        expect(among.size === 0 || correlation.canHold(all)).toBe(true);
        expect(correlation.canHold(new Set())).toBe(false);
      }),
      { numRuns: 2000 },
    );
    expect(bound).toBeGreaterThan(20);
  });

  const a = (at: number) => seen("a", at);
  const b = (at: number) => seen("b", at);
  test.each([
    {
      name: "AND takes two observations",
      text: "[x:v = 'a'] AND [x:v = 'a']",
      list: [a(1)],
      want: [],
    },
    {
      name: "two records do (§9.5.2)",
      text: "[x:v = 'a'] AND [x:v = 'a']",
      list: [a(1), a(1)],
      want: [0, 1],
    },
    {
      name: "one record that stands for two observations does",
      text: "[x:v = 'a'] AND [x:v = 'a']",
      list: [seen("a", 1, 1, 2)],
      want: [0],
    },
    {
      name: "a record that begins too late takes no room from one that stands for two",
      text: "([x:v = 'a'] FOLLOWEDBY ([x:v = 'a'] AND [x:v = 'a'])) WITHIN 0.002 SECONDS",
      list: [seen("a", 0), seen("a", 1, 7, 2), seen("a", 3, 3, 2)],
      want: [0, 1, 2],
    },
    {
      name: "FOLLOWEDBY at the same time holds",
      text: "[x:v = 'a'] FOLLOWEDBY [x:v = 'b']",
      list: [a(5), b(5)],
      want: [0, 1],
    },
    {
      name: "FOLLOWEDBY does not run backwards",
      text: "[x:v = 'a'] FOLLOWEDBY [x:v = 'b']",
      list: [b(4), a(5)],
      want: [],
    },
    {
      name: "the conditions hold of one choice of instants, not each of its own",
      text: "([x:v = 'a'] FOLLOWEDBY [x:v = 'b']) WITHIN 0.002 SECONDS",
      list: [seen("a", 5, 9), seen("b", 0, 2)],
      want: [],
    },
    {
      name: "REPEATS over a window that slides",
      text: "[x:v = 'a'] REPEATS 3 TIMES WITHIN 0.01 SECONDS",
      list: [a(0), a(9), a(18), a(19), a(20), a(100)],
      want: [1, 2, 3, 4],
    },
    {
      name: "STOP itself is outside (§9.5.1)",
      text: `[x:v = 'a'] START ${iso(5)} STOP ${iso(7)}`,
      list: [a(4), a(5), a(6), a(7)],
      want: [1, 2],
    },
    {
      name: "AND binds closer than OR, OR closer than FOLLOWEDBY (§9.4)",
      text: "[x:v = 'a'] OR [x:v = 'b'] FOLLOWEDBY [x:v = 'c']",
      list: [a(1)],
      want: [],
    },
  ])("$name", ({ text, list, want }) => {
    expect([...compiled(text).participants(list).keys()].toSorted(ascending)).toEqual(want);
  });

  test.each([
    {
      name: "many repeats in a narrow window",
      text: "[x:v = 'a'] REPEATS 500 TIMES WITHIN 0.3 SECONDS",
    },
    {
      name: "many operands that share their observations",
      text: Array(12).fill("[x:v = 'a']").join(" AND "),
    },
    { name: "a long sequence", text: Array(12).fill("[x:v = 'a']").join(" FOLLOWEDBY ") },
  ])("$name is decided on 2,000 observations in few steps", ({ text }) => {
    const list = Array.from({ length: 2000 }, (_, i) => a(i));
    const { find } = compiled(text);
    expect(find(list) !== undefined).toBe(!text.includes("500"));
  });

  test("a number of observations beyond any bound hides no other", () => {
    const list = [seen("a", 4), seen("b", 2, 3, 1e238), seen("b", 5), seen("b", 1)];
    const { find, participants } = compiled("[x:v = 'a'] FOLLOWEDBY [x:v = 'b']");
    expect(find(list)?.map(({ observation }) => observation)).toEqual([0, 2]);
    expect([...participants(list).keys()].toSorted(ascending)).toEqual([0, 2]);
  });

  test.each([0, -1, 0.5, NaN])(
    "a record seen %d times is refused, in every way to ask",
    (times) => {
      const one = seen("a", 1, 1, times);
      const several = compiled("[x:v = 'a'] FOLLOWEDBY [x:v = 'b']");
      const { test: holds, find, participants, pattern: single } = compiled("[x:v = 'a']");
      const set = new PatternSet();
      set.add("p", { pattern: single, options: { mode: "spec" } });
      for (const ask of [
        () => holds(one),
        () => find([one]),
        () => participants([one]),
        () => several.find([seen("b", 2), one]),
        () => several.participants([one]),
        () => set.match(one),
        () => set.test("p", one),
      ]) {
        expect(ask).toThrow(expect.objectContaining({ code: "stix/number-observed" }));
      }
    },
  );

  test("what would take too long is an error, not an answer", () => {
    // Too few at any one time, not over all times: that is found by trying.
    const operands = Array.from({ length: 22 }, (_, i) => `[x:v != '${i}']`);
    const list = Array.from({ length: 42 }, (_, i) => a(i < 21 ? i : 1e6 + i));
    expect(() => compiled(`(${operands.join(" AND ")}) WITHIN 1 SECONDS`).find(list)).toThrow(
      expect.objectContaining({ code: "stix/evaluation-limit" }),
    );
    const many = Array.from({ length: 2100 }, (_, i) => a(i));
    const either = "([x:v = 'a'] OR ([x:v = 'a'] AND [x:v = 'b'])) REPEATS 2100 TIMES";
    expect(() => compiled(either).find(many)).toThrow(/more than 2000 observations/);
  }, 60_000);

  test("repetitions of one operand are decided without a search, as the search decides them", () => {
    let found = 0;
    const one = "[x:v = 'a']";
    const within = fc
      .constantFrom(0.0005, 0.001, 0.002, 0.004, 0.008)
      .map((seconds) => (text: string) => `(${text}) WITHIN ${seconds} SECONDS`);
    const times = fc.integer({ min: 1, max: 5 });
    const counted = fc.oneof(
      times.map((n) => `${one} REPEATS ${n} TIMES`),
      times.map((n) => Array(n).fill(one).join(" AND ")),
      times.map((n) => Array(n).fill(one).join(" FOLLOWEDBY ")),
      times.map((n) => `${one} FOLLOWEDBY (${one} REPEATS ${n} TIMES AND ${one})`),
      fc.tuple(within, times).map(([rule, n]) => `(${rule(one)}) REPEATS ${n} TIMES`),
    );
    const repetition = fc
      .tuple(counted, fc.array(within, { maxLength: 2 }))
      .map(([text, rules]) => rules.reduce((inner, rule) => rule(inner), text));
    const records = fc.array(
      fc
        .tuple(
          fc.constantFrom("a", "a", "a", "b"),
          fc.integer({ min: 0, max: 12 }),
          fc.constantFrom(0, 0, 1, 2, 6),
          fc.constantFrom(1, 1, 1, 2, 4),
        )
        .map(([v, first, length, count]) => seen(v, first, first + length, count)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(repetition, records, (text, list) => {
        const got = compiled(text).participants(list);
        // A window around all takes the way through the search.
        const searched = compiled(`(${text}) START ${iso(0)} STOP ${iso(1000)}`).participants(list);
        expect([...got.keys()].toSorted(ascending)).toEqual(
          [...searched.keys()].toSorted(ascending),
        );
        expect(compiled(text).find(list) === undefined).toBe(got.size === 0);
        for (const [place, binding] of got) {
          const places = binding.map(({ observation }) => observation);
          expect(places).toContain(place);
          const alone = compiled(text).participants(places.map((at) => list[at] as Observation));
          expect(alone.size).toBe(places.length);
        }
        found += got.size > 0 ? 1 : 0;
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(500);
  }, 60_000);

  test.each([
    ["REPEATS", "[x:v = 'a'] REPEATS 500 TIMES", 2000],
    ["REPEATS in a window", "[x:v = 'a'] REPEATS 500 TIMES WITHIN 0.6 SECONDS", 2000],
    ["a row of FOLLOWEDBY", Array(1900).fill("[x:v = 'a']").join(" FOLLOWEDBY "), 2000],
    ["more repeats than the search has slots", "[x:v = 'a'] REPEATS 5000 TIMES", 20_000],
    ["a window that slides", "[x:v = 'a'] REPEATS 3 TIMES WITHIN 0.002 SECONDS", 50_000],
  ])("all that take part in %s are found in little time", (_, text, size) => {
    const list = Array.from({ length: size }, (__, i) => a(i));
    expect(compiled(text).participants(list).size).toBe(size);
  });

  test("what a record of plenty stands for is what each of its observations would", () => {
    let found = 0;
    const repeated = fc.constantFrom(
      "[x:v = 'a'] REPEATS 3 TIMES",
      "[x:v = 'a'] REPEATS 4 TIMES",
      "([x:v = 'a'] REPEATS 3 TIMES) AND [x:v IN ('a', 'b')]",
      "([x:v = 'a'] REPEATS 3 TIMES) FOLLOWEDBY [x:v IN ('a', 'b')]",
      "[x:v = 'b'] FOLLOWEDBY ([x:v IN ('a', 'b')] REPEATS 3 TIMES)",
      "([x:v = 'a'] REPEATS 3 TIMES) WITHIN 0.001 SECONDS",
      "(([x:v = 'a'] REPEATS 3 TIMES) OR [x:v = 'b']) AND [x:v = 'a']",
      `([x:v = 'a'] REPEATS 3 TIMES) START ${iso(1)} STOP ${iso(3)}`,
    );
    const records = fc.array(
      fc
        .tuple(
          fc.constantFrom("a", "a", "b"),
          fc.integer({ min: 0, max: 3 }),
          fc.constantFrom(0, 0, 1),
          fc.constantFrom(1, 1, 1, 4),
        )
        .map(([v, first, length, count]) => seen(v, first, first + length, count)),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(repeated, records, (text, list) => {
        const want = new Set<number>();
        for (const binding of bindings(parsePattern(text).root, list)) {
          for (const { place } of binding) want.add(place);
        }
        const got = compiled(text).participants(list);
        expect([...got.keys()].toSorted(ascending)).toEqual([...want].toSorted(ascending));
        found += want.size > 0 ? 1 : 0;
      }),
      { numRuns: 150 },
    );
    expect(found).toBeGreaterThan(10);
  }, 60_000);

  const different = Array.from({ length: 30 }, (_, i) => `[x:v != '${i}']`);
  const often = (text: string, times: number) => Array(times).fill(text);
  test.each([
    ["fewer observations than operands", often("[x:v = 'a']", 30).join(" FOLLOWEDBY "), 29],
    ["fewer observations than operands that differ", different.join(" FOLLOWEDBY "), 29],
    ["fewer observations than repeats", "[x:v = 'a'] REPEATS 3000 TIMES", 29],
    ["repeats without end", "[x:v = 'a'] REPEATS 1000000000 TIMES", 29],
    [
      "many ways to the operand that nothing meets",
      [...often("([x:v = 'a'] OR ([x:v = 'a'] AND [x:v = 'a']))", 40), "[x:v = 'b']"].join(" AND "),
      200,
    ],
  ])("%s: none, without a search", (_, text, size) => {
    const list = Array.from({ length: size }, (__, i) => a(i));
    expect(compiled(text).find(list)).toBeUndefined();
    expect(compiled(text).participants(list).size).toBe(0);
  });

  test("repeats beyond any number of slots are answered by records that stand for as many", () => {
    const text = "([x:v = 'a'] REPEATS 3000 TIMES WITHIN 1 SECONDS) FOLLOWEDBY [x:v = 'b']";
    const list = [seen("a", 0, 0, 5000), seen("a", 900), seen("a", 2000), seen("b", 950)];
    expect([...compiled(text).participants(list).keys()].toSorted(ascending)).toEqual([0, 1, 3]);
    expect(compiled(text).find([seen("a", 0, 0, 2999), b(1)])).toBeUndefined();
    expect(compiled(text).find([seen("a", 0, 0, 3001), b(1)])).toHaveLength(2);
  });

  const either = (n: number) => `([x:v != '${n}'] OR ([x:v != 'b${n}'] AND [x:v != 'c${n}']))`;

  test("as many ways as are looked at, repeated, are an error of the pattern, not of the stack", () => {
    const text = Array.from({ length: 12 }, (_, n) => either(n)).join(" AND ");
    const { correlation } = compiled(`(${text}) REPEATS 2 TIMES`);
    const list = Array.from({ length: 100 }, (_, at) => seen("z", at));
    expect(() => correlation?.participants(list)).toThrow(
      expect.objectContaining({ code: "stix/evaluation-limit" }),
    );
  }, 60_000);

  test("repeats in a window that slides over many are each bound but once", () => {
    const { correlation } = compiled("[x:v = 'a'] REPEATS 100 TIMES WITHIN 600 SECONDS");
    const list = Array.from({ length: 5000 }, (_, at) => seen("a", at * 5000));
    expect(correlation?.participants(list).size).toBe(5000);
  }, 60_000);

  test("a row of 1,900 is decided, and costs no more than its square", () => {
    const text = often("[x:v = 'a']", 1900).join(" FOLLOWEDBY ");
    const list = Array.from({ length: 1900 }, (_, i) => a(i));
    expect(compiled(text).find(list)).toHaveLength(1900);
  }, 30_000);

  test("windows in windows cost what one does", () => {
    const text = often("[x:v = 'a']", 300).join(" AND ");
    const list = Array.from({ length: 400 }, (_, i) => a(i));
    const { find } = compiled(`(${text})${" WITHIN 0.3 SECONDS".repeat(250)}`);
    expect(find(list)).toHaveLength(300);
  });
});

function slots(node: ObservationExpression): number {
  switch (node.kind) {
    case "observation":
      return 1;
    case "qualified":
      return (
        slots(node.expression) * (node.qualifier.kind === "repeats" ? node.qualifier.times : 1)
      );
    default:
      return node.operands.reduce((sum, operand) => sum + slots(operand), 0);
  }
}
