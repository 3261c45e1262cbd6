import { expect, test } from "@jest/globals";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { regexSize } from "../../../services/adapters/regex/regex-size.ts";

test.each([
  ["abc", 3],
  ["a{3}", 3],
  ["a{2,5}b", 6],
  ["a{2,}", 2],
  ["(ab){10}", 30],
  ["((a{10}){10}){10}", 1210],
  ["[a-z{9}]{4}", 4],
  ["[]{9}]{4}", 4],
  [String.raw`\{9}`, 3],
  [String.raw`\[a{2}`, 3],
  ["a{x}{", 2],
  ["a)){3}", 3],
])("%s has about %i steps", (source, want) => {
  const size = regexSize(source);
  expect(size).toBeGreaterThanOrEqual(want * 0.6);
  expect(size).toBeLessThanOrEqual(want * 1.6 + 2);
});

test.each([
  "a{1000}".repeat(500),
  "(a{100}){1000}",
  "(((a{50}){50}){50}){50}",
  "(a?){1000}(a?){1000}(a?){1000}(a?){1000}b",
])("what grows too large is refused: %#", (source) => {
  expect(() => re2(source)).toThrow(/steps/);
});

test("what people write is not", () => {
  for (const source of [
    String.raw`^C:\\Users\\[^\\]{1,64}\\AppData`,
    String.raw`(?i)[a-f0-9]{64}`,
    String.raw`\b\d{1,3}(\.\d{1,3}){3}\b`,
  ]) {
    // prettier-ignore
    expect(re2(source).test("x")).toBe(false);
  }
});
