import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  compilePattern,
  mapComparisons,
  normalisePattern,
  parsePattern,
  PatternSyntaxError,
  printPattern,
  StixError,
  walkComparisons,
} from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { mutatedText } from "../../fuzz/mutate.ts";
import { treeOf } from "../../fuzz/targets.ts";
import { observations, pattern } from "../../differential/generate.ts";

describe("what is read", () => {
  const path = (text: string) => {
    const [comparison] = walkComparisons(parsePattern(text));
    return comparison?.path;
  };
  const key = (name: string) => ({ kind: "key", name });
  const index = (n: number | "*") => ({ kind: "index", index: n });

  test.each([
    ["[a:b = 1]", "a", [key("b")]],
    ["[x-y:b.c[3] = 1]", "x-y", [key("b"), key("c"), index(3)]],
    ["[a:b[*].'c d'.e = 1]", "a", [key("b"), index("*"), key("c d"), key("e")]],
    ["[a:'b\\'c' = 1]", "a", [key("b'c")]],
    ["[file:hashes.SHA-256 = 'a']", "file", [key("hashes"), key("SHA-256")]],
  ] as const)("path of %s", (text, objectType, steps) => {
    expect(path(text)).toEqual({ objectType, steps });
  });

  test.each([
    ["1", { kind: "integer", value: 1 }],
    ["-7", { kind: "integer", value: -7 }],
    ["99999999999999999999", { kind: "integer", value: 99999999999999999999n }],
    ["1.50", { kind: "float", value: 1.5 }],
    ["true", { kind: "boolean", value: true }],
    ["'it\\'s \\\\'", { kind: "string", value: "it's \\" }],
    [
      "t'2020-01-01T00:00:00.123456789Z'",
      { kind: "timestamp", value: "2020-01-01T00:00:00.123456789Z" },
    ],
    ["h'FFd8'", { kind: "hex", value: "ffd8" }],
    ["b'YQ=='", { kind: "binary", value: "YQ==" }],
  ] as const)("literal %s", (text, want) => {
    const [comparison] = walkComparisons(parsePattern(`[a:b = ${text}]`));
    expect(comparison?.literals).toEqual([want]);
  });

  test.each([
    ["[a:b = 1 OR a:c = 2 AND a:d = 3]", "[a:b = 1 OR (a:c = 2 AND a:d = 3)]"],
    [
      "[a:b=1] FOLLOWEDBY [a:b=2] OR [a:b=3] AND [a:b=4]",
      "[a:b=1] FOLLOWEDBY ([a:b=2] OR ([a:b=3] AND [a:b=4]))",
    ],
    ["[a:b=1] AND [a:b=2] REPEATS 2 TIMES", "[a:b=1] AND ([a:b=2] REPEATS 2 TIMES)"],
    ["[a:b=1] WITHIN 5 SECONDS REPEATS 2 TIMES", "([a:b=1] WITHIN 5 SECONDS) REPEATS 2 TIMES"],
    ["[a:b == 1]", "[a:b = 1]"],
    ["[a:b <> 1]", "[a:b != 1]"],
    [
      "[a:b=1]START '2020-01-01T00:00:00Z' STOP '2020-01-02T00:00:00Z'",
      "[a:b=1] START t'2020-01-01T00:00:00Z' STOP t'2020-01-02T00:00:00Z'",
    ],
    ["[ a:b\n=\t1 ] /* why */ // not", "[a:b = 1]"],
  ] as const)("%s means %s", (text, same) => {
    expect(treeOf(text)).toEqual(treeOf(same));
  });
});

describe("what is refused", () => {
  test.each([
    { text: "", line: 1, column: 1, expected: '"["' },
    { text: "[", line: 1, column: 2, expected: "object path" },
    { text: "[file:name = ]", line: 1, column: 14, expected: "literal" },
    { text: "[file:name = 'a'", line: 1, column: 17, expected: '"]"' },
    { text: "[file:name = 'a]", line: 1, column: 14, expected: "closing quote" },
    { text: "[file:name = 'a'] AND", line: 1, column: 22, expected: '"["' },
    {
      text: "[file:name = 'a']\n  XOR [file:name = 'b']",
      line: 2,
      column: 3,
      expected: "FOLLOWEDBY",
    },
    { text: "[file:name LIKE 5]", line: 1, column: 17, expected: "string" },
    { text: "[file:size > true]", line: 1, column: 14, expected: "order" },
    { text: "[file:name = 'a'] WITHIN 0 SECONDS", line: 1, column: 26, expected: "above zero" },
    { text: "[file:name = 'a'] REPEATS 1.5 TIMES", line: 1, column: 27, expected: "whole number" },
    { text: "[file:ctime = t'2020-13-01T00:00:00Z']", line: 1, column: 15, expected: "timestamp" },
    { text: "[file:x = h'abc']", line: 1, column: 11, expected: "hex" },
    { text: "[file = 'a']", line: 1, column: 7, expected: '":"' },
  ])("$text", ({ text, line, column, expected }) => {
    let error: unknown;
    try {
      parsePattern(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PatternSyntaxError);
    const { message, caret, ...rest } = error as PatternSyntaxError;
    expect(message).toContain(expected);
    expect(rest).toMatchObject({ code: "stix/pattern-syntax", line, column });
    expect(caret.split("\n")[1]).toBe(`${" ".repeat(column - 1)}^`);
  });

  test.each([
    { name: "too long", text: `[a:b = '${"x".repeat(1_000_001)}']` },
    { name: "too deep inside", text: `[${"(".repeat(300)}a:b = 1${")".repeat(300)}]` },
    { name: "too deep outside", text: `${"(".repeat(300)}[a:b = 1]${")".repeat(300)}` },
    { name: "too many qualifiers", text: `[a:b = 1]${" WITHIN 1 SECONDS".repeat(300)}` },
    { name: "a path too long", text: `[a:b${"[0]".repeat(300)} = 1]` },
    { name: "too many comparisons", text: `[${Array(100_001).fill("a:b=1").join(" OR ")}]` },
  ])("$name", ({ text }) => {
    expect(() => parsePattern(text)).toThrow(PatternSyntaxError);
  });
});

describe("printing and rewriting", () => {
  test("what is printed is read as the same tree", () => {
    fc.assert(
      fc.property(pattern, (text) => {
        expect(treeOf(printPattern(parsePattern(text).root))).toEqual(treeOf(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("the normal form is its own normal form, and means the same", () => {
    const options = { mode: "spec", regex: re2 } as const;
    fc.assert(
      fc.property(pattern, observations, (text, list) => {
        const parsed = parsePattern(text);
        const normal = parsePattern(normalisePattern(parsed));
        expect(normalisePattern(normal)).toBe(normalisePattern(parsed));
        const isFound = compilePattern(parsed, options).find(list) !== undefined;
        expect(compilePattern(normal, options).find(list) !== undefined).toBe(isFound);
      }),
      { numRuns: 1500 },
    );
  });

  test("comparisons can be replaced", () => {
    const { root } = parsePattern("([a:b = 1 AND a:c = 2] AND [a:b = 3]) WITHIN 5 SECONDS");
    const doubled = mapComparisons(root, (one) =>
      one.literals[0]?.value === 2 ? one : { kind: "or", operands: [one, one], span: one.span },
    );
    expect(printPattern(doubled)).toBe(
      "([(a:b = 1 OR a:b = 1) AND a:c = 2] AND [a:b = 3 OR a:b = 3]) WITHIN 5 SECONDS",
    );
  });
});

describe("fuzz", () => {
  test("whatever is done to a pattern's text, the answer is a pattern or a StixError", () => {
    let good = 0;
    fc.assert(
      fc.property(mutatedText(pattern), (text) => {
        try {
          const parsed = parsePattern(text);
          expect(treeOf(printPattern(parsed.root))).toEqual(treeOf(text));
          compilePattern(parsed, { mode: "observable", regex: re2 });
          good += 1;
        } catch (error) {
          if (!(error instanceof StixError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
    expect(good).toBeGreaterThan(100);
  });
});
