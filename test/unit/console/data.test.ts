/** How values that strangers wrote are shown. */
import { describe, expect, test } from "@jest/globals";
import { highlight, plainPath, readComparison } from "../../../services/console/src/text/comparison.ts"; // prettier-ignore
import { cut, visible, visibleText } from "../../../services/console/src/text/visible.ts";
import { distance, writeDuration, writeTime } from "../../../services/console/src/text/when.ts";

describe("what is not seen is told by its code point", () => {
  test.each([
    { name: "plain text", given: "cmd.exe /c dir", want: "cmd.exe /c dir" },
    { name: "other scripts", given: "日本語 Ünï العربية", want: "日本語 Ünï العربية" },
    {
      name: "right-to-left override",
      given: "invoice\u202Efdp.exe",
      want: "invoice‹U+202E›fdp.exe",
    },
    { name: "isolates", given: "\u2066a\u2069", want: "‹U+2066›a‹U+2069›" },
    { name: "Arabic letter mark", given: "\u061Ca", want: "‹U+061C›a" },
    { name: "null byte", given: "a\0b", want: "a‹U+0000›b" },
    { name: "newline and tab", given: "a\n\tb", want: "a‹U+000A›‹U+0009›b" },
    { name: "escape sequence", given: "\u001B[31m", want: "‹U+001B›[31m" },
    { name: "C1", given: "\u0085", want: "‹U+0085›" },
    { name: "zero width", given: "pay\u200Bpal\uFEFF", want: "pay‹U+200B›pal‹U+FEFF›" },
    { name: "soft hyphen", given: "a\u00ADb", want: "a‹U+00AD›b" },
    { name: "line separators", given: "\u2028\u2029", want: "‹U+2028›‹U+2029›" },
    { name: "tags", given: "a\u{E0041}", want: "a‹U+E0041›" },
    { name: "a lone surrogate", given: "a\uD800b", want: "a‹U+D800›b" },
    { name: "Hangul filler", given: "a\u3164b", want: "a‹U+3164›b" },
    { name: "pictures joined", given: "👩‍💻 👨‍👩‍👧", want: "👩‍💻 👨‍👩‍👧" },
    { name: "a joiner elsewhere", given: "a\u200Db", want: "a‹U+200D›b" },
    { name: "nothing", given: "", want: "" },
  ])("$name", ({ given, want }) => {
    expect(visibleText(given)).toBe(want);
  });

  test("and marked as such", () => {
    expect(visible("a\u202Eb")).toEqual([
      { text: "a", isHidden: false },
      { text: "‹U+202E›", isHidden: true },
      { text: "b", isHidden: false },
    ]);
  });
});

test.each([
  { text: "abcdef", limit: 3, want: "abc" },
  { text: "ab😀", limit: 3, want: "ab" },
  { text: "ab😀", limit: 4, want: "ab😀" },
])("$text is cut at $limit, not within a character", ({ text, limit, want }) => {
  expect(cut(text, limit)).toBe(want);
});

describe("a comparison", () => {
  test.each([
    { text: "file:name = 'a b'", want: { path: "file:name", operator: "=", negated: false, constant: "'a b'" } },
    { text: "file:hashes.'SHA-256' = 'ed01'", want: { path: "file:hashes.'SHA-256'", operator: "=", negated: false, constant: "'ed01'" } },
    { text: "process:command_line NOT LIKE '%x%'", want: { path: "process:command_line", operator: "LIKE", negated: true, constant: "'%x%'" } },
    { text: "file:size <> 3", want: { path: "file:size", operator: "!=", negated: false, constant: "3" } },
    { text: "file:size >= 3", want: { path: "file:size", operator: ">=", negated: false, constant: "3" } },
    { text: "file:name IN ('a', 'b')", want: { path: "file:name", operator: "IN", negated: false, constant: "('a', 'b')" } },
    { text: "EXISTS file:name", want: undefined },
    { text: "", want: undefined },
  ])("$text", ({ text, want }) => {
    expect(readComparison(text)).toEqual(want);
  }); // prettier-ignore

  test("of a path in the form in which there are words for it", () => {
    expect(plainPath("windows-registry-key:values[*].data")).toBe(
      "windows-registry-key:values.data",
    );
    expect(plainPath("file:hashes.'SHA-256'")).toBe("file:hashes.SHA-256");
  });
});

describe("what met a comparison is marked", () => {
  test.each([
    { name: "equal: all of it", text: "file:name = 'a'", value: "A", want: ["A"] },
    { name: "LIKE: what stands between wildcards", text: "process:command_line LIKE '%vssadmin%delete%'", value: "cmd VSSADMIN.exe delete x", want: ["VSSADMIN", "delete"] },
    { name: "LIKE with a backslash", text: String.raw`file:name LIKE '%C:\\a%'`, value: String.raw`xC:\ab`, want: [String.raw`C:\a`] },
    { name: "LIKE that is found otherwise: all of it", text: "file:name LIKE '%q%'", value: "abc", want: ["abc"] },
    { name: "NOT LIKE: all of it", text: "file:name NOT LIKE '%b%'", value: "abc", want: ["abc"] },
    { name: "wildcards alone: all of it", text: "file:name LIKE '%'", value: "abc", want: ["abc"] },
    { name: "lower case of another length: all of it", text: "file:name LIKE '%x%'", value: "İx", want: ["İx"] },
    { name: "a regex is not run", text: "file:name MATCHES '(a+)+$'", value: "aaaa!", want: ["aaaa!"] },
    { name: "unknown: all of it", text: "?", value: "abc", want: ["abc"] },
  ])("$name", ({ text, value, want }) => {
    const found = highlight(readComparison(text), value).map(([from, to]) => value.slice(from, to));
    expect(found).toEqual(want);
  }); // prettier-ignore
});

describe("times", () => {
  test.each([
    { given: "2024-05-14T10:21:00.569Z", want: "2024-05-14 10:21:00Z" },
    { given: null, want: "–" },
    { given: "nonsense", want: "–" },
  ])("$given is $want", ({ given, want }) => {
    expect(writeTime(given, "utc")).toBe(want);
  });
  test("of the browser's zone tell the zone", () => {
    expect(writeTime("2024-05-14T10:21:00Z", "local")).toMatch(
      /^2024-05-1[345] \d\d:\d\d:00[+-]\d\d:\d\d$/,
    );
  });
  test.each([
    { seconds: -3 * 86_400, want: { n: -3, unit: "day" } },
    { seconds: 119, want: { n: 1, unit: "minute" } },
    { seconds: 0, want: { n: 0, unit: "second" } },
    { seconds: -400 * 86_400, want: { n: -1, unit: "year" } },
  ])("$seconds s away", ({ seconds, want }) => {
    expect(distance(0, seconds * 1000)).toEqual(want);
  });
  test.each([
    { ms: 240, want: "240 ms" },
    { ms: 3210, want: "3.2 s" },
    { ms: 240_000, want: "4 min" },
    { ms: 9_000_000, want: "2.5 h" },
  ])("$ms ms are $want", ({ ms, want }) => {
    expect(writeDuration(ms)).toBe(want);
  });
});
