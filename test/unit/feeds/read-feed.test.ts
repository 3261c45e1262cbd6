import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { FeedError, readFeed } from "../../../feeds/formats/index.ts";
import { MAX_JSON_DEPTH } from "../../../feeds/formats/json-text.ts";
import { INDICATOR, bundle, errorOf, group, ioc10, ioc11, item, read } from "./fixtures.ts";

const OPEN_IOC = ioc10(group("OR", item("FileItem/FileName", "is", "a.exe")));

function utf16(text: string, order: "le" | "be", mark: boolean): Uint8Array {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
}

describe("the format is told by content", () => {
  test.each([
    { name: "a bundle", given: Buffer.from(bundle(INDICATOR)), want: "stix 2.1" },
    { name: "a list", given: Buffer.from(JSON.stringify([INDICATOR])), want: "stix 2.1" },
    { name: "a bare indicator", given: Buffer.from(JSON.stringify(INDICATOR)), want: "stix 2.1" },
    {
      name: "a TAXII envelope",
      given: Buffer.from(JSON.stringify({ more: false, objects: [INDICATOR] })),
      want: "stix 2.1",
    },
    {
      name: "UTF-8 with byte-order mark",
      given: Buffer.from(`\uFEFF${bundle(INDICATOR)}`),
      want: "stix 2.1",
    },
    {
      name: "leading white space",
      given: Buffer.from(`\r\n\t ${bundle(INDICATOR)}`),
      want: "stix 2.1",
    },
    { name: "UTF-16 little endian", given: utf16(bundle(INDICATOR), "le", true), want: "stix 2.1" },
    { name: "UTF-16 big endian", given: utf16(bundle(INDICATOR), "be", true), want: "stix 2.1" },
    { name: "UTF-16 without mark", given: utf16(bundle(INDICATOR), "le", false), want: "stix 2.1" },
    { name: "OpenIOC 1.0", given: Buffer.from(OPEN_IOC), want: "openioc 1.0" },
    {
      name: "OpenIOC 1.0 behind a comment",
      given: Buffer.from(OPEN_IOC.replace("?>", "?><!-- <html> -->")),
      want: "openioc 1.0",
    },
    {
      name: "OpenIOC 1.1 with a mark",
      given: Buffer.from(`\uFEFF${ioc11(group("OR", item("FileItem/FileName", "is", "a.exe")))}`),
      want: "openioc 1.1",
    },
    {
      name: "OpenIOC in Latin-1",
      given: Buffer.from(
        OPEN_IOC.replace("utf-8", "iso-8859-1").replace("a.exe", "ä.exe"),
        "latin1",
      ),
      want: "openioc 1.0",
    },
  ])("$name", ({ given, want }) => {
    const { format, version, indicators } = readFeed("wrong-name.txt", given);
    expect({ format: `${format} ${version}`, indicators: indicators.length }).toEqual({
      format: want,
      indicators: 1,
    });
  });
});

const BOMB = `<?xml version="1.0"?><!DOCTYPE ioc [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><ioc>&b;</ioc>`;

describe("a file that can't be used is a FeedError", () => {
  test.each([
    { name: "0 bytes", given: "", want: ["feed/empty", ""] },
    { name: "white space", given: " \n\t", want: ["feed/empty", ""] },
    { name: "a byte-order mark alone", given: "\uFEFF", want: ["feed/empty", ""] },
    {
      name: "NUL characters",
      given: '{"type":\n"bun\0dle"}',
      want: ["feed/not-text", "line 2, column 5"],
    },
    {
      name: "bytes that are no UTF-8",
      given: Uint8Array.of(0x7b, 0x22, 0xff, 0xc0, 0x22),
      want: ["feed/not-text", ""],
    },
    {
      name: "an encoding nobody knows",
      given: '<?xml version="1.0" encoding="klingon"?><ioc/>',
      want: ["feed/not-text", ""],
    },
    {
      name: "JSON cut off in an object",
      given: '{"type": "bundle",\n "objects": [{',
      want: ["feed/json-truncated", "line 2, column 15"],
    },
    {
      name: "JSON cut off in a string",
      given: '{"type": "bun',
      want: ["feed/json-truncated", "line 1, column 14"],
    },
    {
      name: "JSON cut off in a word",
      given: '{"revoked": fal',
      want: ["feed/json-truncated", "line 1, column 16"],
    },
    {
      name: "JSON with a comma too many",
      given: '{"type": "bundle",\n "objects": [],\n}',
      want: ["feed/json-syntax", "line 3, column 1"],
    },
    {
      name: "JSON with a wrong word",
      given: '{"a": nope}',
      want: ["feed/json-syntax", "line 1, column 7"],
    },
    {
      name: "JSON with text behind it",
      given: '{"a": 1} {"b": 2}',
      want: ["feed/json-syntax", "line 1, column 10"],
    },
    {
      name: "JSON with the wrong bracket",
      given: '{"a": [1}',
      want: ["feed/json-syntax", "line 1, column 9"],
    },
    {
      name: "JSON without colon",
      given: '{"a" 1}',
      want: ["feed/json-syntax", "line 1, column 6"],
    },
    {
      name: "JSON nested too deep",
      given: "[".repeat(100_000),
      want: ["feed/too-deep", `line 1, column ${MAX_JSON_DEPTH + 1}`],
    },
    { name: "JSON that is no STIX", given: '{"hello": "world"}', want: ["feed/not-stix", ""] },
    {
      name: "a list that is no STIX",
      given: '["1.2.3.4", "5.6.7.8"]',
      want: ["feed/not-stix", ""],
    },
    {
      name: "a bundle whose objects are no list",
      given: '{"type": "bundle", "objects": {}}',
      want: ["feed/not-stix", "/objects"],
    },
    {
      name: "a package of another language than STIX 1",
      given: '<?xml version="1.0"?><stix:STIX_Package xmlns:stix="urn:other"/>',
      want: ["feed/format-unsupported", "1:65"],
    },
    {
      name: "a web page",
      given: "<!DOCTYPE html><html><body>404</body></html>",
      want: ["feed/format-unsupported", ""],
    },
    { name: "other XML", given: "<rss><channel/></rss>", want: ["feed/format-unsupported", ""] },
    { name: "XML without element", given: "<!-- nothing -->", want: ["feed/xml-syntax", ""] },
    { name: "CSV", given: "type,value\nip,1.2.3.4", want: ["feed/format-unsupported", ""] },
    {
      name: "a YARA rule",
      given: "rule x { condition: true }",
      want: ["feed/format-unsupported", ""],
    },
    { name: "an XML bomb", given: BOMB, want: ["feed/xml-doctype", ""] },
    {
      name: "XML cut off",
      given: OPEN_IOC.slice(0, -20),
      want: ["feed/xml-syntax", expect.stringMatching(/^line \d+, column \d+$/)],
    },
    {
      name: "XML with an unknown entity",
      given: OPEN_IOC.replace("Sample", "&bomb;"),
      want: ["feed/xml-syntax", expect.stringMatching(/^line 3,/)],
    },
    {
      name: "XML nested too deep",
      given: ioc10("<Indicator>".repeat(100_000)),
      want: ["feed/too-deep", expect.stringMatching(/^line 8,/)],
    },
  ])("$name", ({ given, want: [code, where] }) => {
    const error = errorOf(given);
    expect([error.code, error.where]).toEqual([code, where]);
    expect(error.message).not.toMatch(/\n\s+at /);
  });

  test("the message says what it looks like", () => {
    expect(errorOf("type,value\nip,1.2.3.4", "list.csv").message).toMatch(
      /^list\.csv looks like CSV\. This version reads/,
    );
  });
});

test("no input ends in anything but content or a FeedError", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => bundle({ ...INDICATOR, pattern: value }, value)),
    fc.string().map((text) => `<ioc>${text}`),
    fc.nat(OPEN_IOC.length).map((length) => OPEN_IOC.slice(0, length)),
    fc.nat(400).map((length) => bundle(INDICATOR).slice(0, length)),
  );
  const outcome = (text: string): unknown => {
    try {
      return read(text).format;
    } catch (error) {
      return error instanceof FeedError ? "refused" : error;
    }
  };
  fc.assert(
    fc.property(texts, (text) => {
      expect(["stix", "openioc", "list", "refused"]).toContain(outcome(text));
    }),
  );
});

describe("large and hostile files take no more time than their size", () => {
  const backslashes = (search: string) => item(search, "contains", "\\".repeat(200_000));
  const either = group(
    "OR",
    item("FileItem/FileName", "is", "a"),
    item("ProcessItem/name", "is", "b"),
  );
  test.each([
    {
      name: "a long string that is cut off",
      given: `{"a": "${"x\\n".repeat(5_000_000)}`,
      want: "feed/json-truncated",
    },
    {
      name: "a long string with a bad escape at its end",
      given: `["${"x\\n".repeat(1_000_000)}\\q"]`,
      want: "feed/json-syntax",
    },
    {
      name: "many keywords",
      given: ioc10("").replace("alpha beta", "a ".repeat(500_000)),
      want: "openioc",
    },
    {
      name: "a folder of backslashes",
      given: ioc10(backslashes("FileItem/FilePath")),
      want: "openioc",
    },
    {
      name: "20,000 alternatives to multiply out",
      given: ioc10(group("AND", either.repeat(20_000))),
      want: "openioc",
    },
    {
      name: "an AND of 20,000",
      given: ioc10(group("AND", item("FileItem/FileName", "is", "a").repeat(20_000))),
      want: "openioc",
    },
    {
      name: "a pattern of blanks",
      given: bundle({ ...INDICATOR, pattern: `[file:name = ${" ".repeat(1_000_000)}x` }),
      want: "stix",
    },
    {
      name: "a pattern of quotes",
      given: bundle({ ...INDICATOR, pattern: `[file:name = ${'"\\'.repeat(50_000)}` }),
      want: "stix",
    },
  ])("$name", ({ given, want }) => {
    const start = performance.now();
    let got: string;
    try {
      got = read(given).format;
    } catch (error) {
      got = error instanceof FeedError ? error.code : String(error);
    }
    expect(got).toBe(want);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
