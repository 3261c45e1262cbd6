import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { parsePattern } from "stix2-ts";
import { refang } from "../../../feeds/formats/refang.ts";
import { errorOf, read } from "./fixtures.ts";

const MD5 = "0123456789abcdef0123456789ABCDEF";

const patterns = (text: string): readonly string[] =>
  read(text).indicators.map(({ pattern }) => pattern);

test.each([
  [MD5, `[file:hashes.MD5 = '${MD5.toLowerCase()}']`],
  ["a".repeat(40), `[file:hashes.'SHA-1' = '${"a".repeat(40)}']`],
  [`${"b".repeat(64)}  *setup.exe`, `[file:hashes.'SHA-256' = '${"b".repeat(64)}']`],
  ["192.0.2.1", "[ipv4-addr:value = '192.0.2.1']"],
  ["192.0.2.0/24", "[ipv4-addr:value ISSUBSET '192.0.2.0/24']"],
  ["2001:db8::/32", "[ipv6-addr:value ISSUBSET '2001:db8::/32']"],
  ["::ffff:192.0.2.1", "[ipv6-addr:value = '::ffff:192.0.2.1']"],
  ["evil.example", "[domain-name:value = 'evil.example']"],
  ["bücher.example.", "[domain-name:value = 'bücher.example.']"],
  ["0.0.0.0 ads.example", "[domain-name:value = 'ads.example']"],
  ["*.evil.example", "[domain-name:value = 'evil.example' OR domain-name:value LIKE '%.evil.example']"], // prettier-ignore
  ["http://a.example/x#y", "[url:value = 'http://a.example/x#y']"],
  ["evil.exe", "[file:name = 'evil.exe']"],
  ["C:\\Users\\Public\\evil.exe", "[file:x_path = 'C:\\\\Users\\\\Public\\\\evil.exe']"],
  ['"evil.example"', "[domain-name:value = 'evil.example']"],
  ["evil.example # since May", "[domain-name:value = 'evil.example']"],
  ["evil.example\t// C2", "[domain-name:value = 'evil.example']"],
])("%s", (line, want) => {
  expect(read(line).format).toBe("list");
  expect(patterns(`# a list\n\n${line}\r\n; its end`)).toEqual([want]);
});

test("each line is told of; what is repaired, twice or nothing, too", () => {
  const text = ["# mine", "hxxps://a[.]example/x", "b(dot)example", "B.example", "b.example", "c.example", "no value at all", "d.example"].join("\n"); // prettier-ignore
  const { entries, indicators } = read(text);
  expect(entries).toMatchObject([
    { status: "partly", where: "line 2", code: "feed/value-repaired" },
    { status: "partly", where: "line 3", code: "feed/value-repaired" },
    { status: "accepted", where: "line 4" },
    { status: "ignored", where: "line 5", code: "feed/duplicate-id" },
    { status: "accepted", where: "line 6" },
    { status: "rejected", where: "line 7", code: "feed/value-unknown" },
    { status: "accepted", where: "line 8" },
  ]);
  expect(entries[1]?.reason).toBe('"b(dot)example" was read as "b.example".');
  expect(indicators).toHaveLength(5);
  expect(read(text).indicators.map(({ id }) => id)).toEqual(indicators.map(({ id }) => id));
});

describe("other texts are no lists", () => {
  test.each([
    "name,value\nevil,1",
    "Dear reader,\nthe host evil.example is bad.\nRegards",
    'rule x { strings: $a = "evil.example" }',
    `${MD5},5be1e65d-8198-497b-bdf5-5ec20a016219`,
    "title: x\ndetection:\n  a: b",
  ])("%j", (text) => {
    expect(errorOf(text).code).toBe("feed/format-unsupported");
  });
});

test.each([
  ["hxxp://evil[.]example", "http://evil.example"],
  ["hXXps[:]//evil[dot]example", "https://evil.example"],
  ["h**p://a.example", "http://a.example"],
  ["fxp://a{.}example", "ftp://a.example"],
  ["http[://]a(.)example", "http://a.example"],
  ["a[at]b[.]example", "a@b.example"],
  ["192.0.2[.]1", "192.0.2.1"],
  ["hxxpress.example", "hxxpress.example"],
  ["http://a.example/[x]", "http://a.example/[x]"],
])("%s is meant as %s", (given, meant) => {
  expect(refang(given)).toBe(meant);
});

test("whatever a line holds, the others are kept, and every pattern is one", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.domain(), fc.webUrl(), fc.ipV6()), { maxLength: 3 }), (lines) => {
      const good = Array.from({ length: 20 }, (_, i) => `good-${i}.example`);
      const clean = lines.map((line) => line.replace(/[\0\r\n]/g, "").toWellFormed());
      const { indicators, entries } = read([...good, ...clean].join("\n"));
      expect(indicators.length).toBeGreaterThanOrEqual(good.length);
      for (const { pattern } of indicators) expect(() => parsePattern(pattern)).not.toThrow();
      for (const { where } of entries) expect(where).toMatch(/^line \d+$/);
    }), // prettier-ignore
    { numRuns: 500 },
  );
  // A hostile line costs no more than its length.
  expect(read(`a.example\nb.example\nc.example\nd.example\n${"a-".repeat(500_000)}`).entries.at(-1)).toMatchObject({ status: "rejected" }); // prettier-ignore
});
