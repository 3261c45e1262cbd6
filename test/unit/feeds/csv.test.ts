import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { csvRows } from "../../../feeds/formats/csv/csv-rows.ts";
import { parseCsv } from "../../../feeds/formats/csv.ts";
import { FeedError, readFeed } from "../../../feeds/formats/index.ts";
import { csvLayout, type CsvLayout } from "../../../services/core/feeds/csv-layout.ts";

function layoutOf(given: Record<string, unknown>): CsvLayout {
  return csvLayout.parse({ kind: "csv", ...given });
}

function readCsv(text: string, given: Record<string, unknown>) {
  return parseCsv(new TextEncoder().encode(text), layoutOf(given));
}

const patterns = (text: string, given: Record<string, unknown>): readonly string[] =>
  readCsv(text, given).indicators.map(({ pattern }) => pattern);

const MD5 = "0123456789abcdef0123456789abcdef";
const SHA256 = "ab".repeat(32);

describe("files of the shape of well-known feeds", () => {
  test("URLhaus: names of columns in the last comment", () => {
    const text = [
      "################################################################",
      "# Sample of the shape (CSV)                                     #",
      "################################################################",
      "#",
      "# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter",
      `"31","2026-03-01 10:00:05","http://192.0.2.7:8080/i","online","2026-03-01 10:00:05","malware_download","elf,Mozi","https://lists.example/31","anon"`,
      `"30","2026-03-01 09:00:05","https://evil.example/a,b.exe","offline","","malware_download","None","https://lists.example/30","anon"`,
    ].join("\r\n");
    const { indicators, entries } = readCsv(text, {
      comment: "#",
      header: "comment",
      type: "url",
      columns: { value: "url", id: "id", modified: "dateadded", tags: "tags", name: "threat" },
    });
    expect(indicators).toMatchObject([
      { pattern: "[url:value = 'http://192.0.2.7:8080/i']", modified: "2026-03-01T10:00:05.000Z", labels: ["elf", "Mozi"], name: "malware_download", original: { format: "csv", id: "31" } },
      { pattern: "[url:value = 'https://evil.example/a,b.exe']" },
    ]); // prettier-ignore
    expect(entries.map(({ where }) => where)).toEqual(["line 6", "line 7"]);
  });

  test("ThreatFox: a column says the type", () => {
    const text = [
      '# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","malware_printable","last_seen_utc","confidence_level","tags"',
      `"2026-03-01 10:00:00", "1", "192.0.2.9:4443", "ip:port", "botnet_cc", "Evil", "", "75", "c2"`,
      `"2026-03-01 10:00:00", "2", "evil.example", "domain", "botnet_cc", "Evil", "", "100", ""`,
      `"2026-03-01 10:00:00", "3", "${SHA256}", "sha256_hash", "payload", "Evil", "", "50", ""`,
      `"2026-03-01 10:00:00", "4", "a@b.example", "email", "payload", "Evil", "", "50", ""`,
    ].join("\n");
    const { indicators, entries } = readCsv(text, {
      comment: "#",
      header: "comment",
      columns: { value: "ioc_value", type: "ioc_type", id: "ioc_id", confidence: "confidence_level", validFrom: "first_seen_utc", name: "malware_printable" },
    }); // prettier-ignore
    expect(indicators).toMatchObject([
      { pattern: "[(network-traffic:dst_ref.value = '192.0.2.9' AND network-traffic:dst_port = 4443) OR (network-traffic:src_ref.value = '192.0.2.9' AND network-traffic:src_port = 4443)]", confidence: 75, validFrom: "2026-03-01T10:00:00.000Z" },
      { pattern: "[domain-name:value = 'evil.example']", confidence: 100 },
      { pattern: `[file:hashes.'SHA-256' = '${SHA256}']`, confidence: 50 },
    ]); // prettier-ignore
    expect(entries[3]).toMatchObject({ status: "rejected", where: "line 5", code: "feed/term-unknown" }); // prettier-ignore
  });

  test("Feodo: a header, and a type for all rows", () => {
    const text = `# Sample\n"first_seen_utc","dst_ip","dst_port","c2_status"\n"2026-03-01 10:00:00","192.0.2.10","443","online"\n`;
    expect(patterns(text, { comment: "#", type: "ip", columns: { value: "dst_ip" } })).toEqual([
      "[ipv4-addr:value = '192.0.2.10']",
    ]);
  });

  test("MISP: its own words for types, and its mark for detection", () => {
    const text = [
      "uuid,event_id,category,type,value,comment,to_ids,date",
      `"u-1",7,"Network activity","ip-dst","192.0.2.11","",1,"20260301"`,
      `"u-2",7,"Payload delivery","filename|md5","a.exe|${MD5}","a ""quoted"" word",1,"20260301"`,
      `"u-3",7,"External analysis","link","https://blog.example/","",0,"20260301"`,
    ].join("\n");
    const { indicators, ignored } = readCsv(text, {
      columns: { value: "value", type: "type", id: "uuid", description: "comment", detect: "to_ids" }, // prettier-ignore
    });
    expect(indicators).toMatchObject([
      { pattern: "[ipv4-addr:value = '192.0.2.11']" },
      { pattern: `[file:hashes.MD5 = '${MD5}']`, description: 'a "quoted" word' },
    ]);
    expect(ignored).toEqual({ "not for detection": 1 });
  });

  test("OTX: types by its words", () => {
    const text = `Indicator type,Indicator,Description\nIPv4,192.0.2.12,\nFileHash-MD5,${MD5},d\nhostname,www.evil.example,\nURL,http://evil.example/x,\nCIDR,192.0.2.0/24,\n`;
    expect(patterns(text, { columns: { value: "indicator", type: "Indicator type" } })).toEqual([
      "[ipv4-addr:value = '192.0.2.12']",
      `[file:hashes.MD5 = '${MD5}']`,
      "[domain-name:value = 'www.evil.example']",
      "[url:value = 'http://evil.example/x']",
      "[ipv4-addr:value ISSUBSET '192.0.2.0/24']",
    ]);
  });
});

describe("layouts", () => {
  test.each([
    { name: "columns by number, without header", text: "x;evil.example\n", given: { header: false, delimiter: ";", columns: { value: 2 } }, want: ["[domain-name:value = 'evil.example']"] },
    { name: "tabs", text: "v\tt\nevil.example\tx\n", given: { delimiter: "\t", columns: { value: "v" } }, want: ["[domain-name:value = 'evil.example']"] },
    { name: "words of the feed's own", text: "v,t\nHKLM\\Software\\X,Reg Entry\np.exe -x,cmd\n", given: { columns: { value: "v", type: "t" }, types: { "reg entry": "registry-key", CMD: "command-line" } }, want: [expect.stringContaining("windows-registry-key:key = 'HKLM\\\\Software\\\\X'"), "[process:command_line = 'p.exe -x']"] },
    { name: "a byte-order mark", text: "\uFEFFv\nevil.example\n", given: { columns: { value: "v" } }, want: ["[domain-name:value = 'evil.example']"] },
    { name: "an address with a port, IPv6", text: "v\n[2001:db8::1]:443\n", given: { type: "ip:port", columns: { value: "v" } }, want: [expect.stringContaining("'2001:db8::1' AND network-traffic:dst_port = 443")] },
    { name: "one value twice", text: "v\nEVIL.example\nevil.example\n192.0.2.1\n192.0.2.1\n", given: { columns: { value: "v" } }, want: ["[domain-name:value = 'EVIL.example']", "[domain-name:value = 'evil.example']", "[ipv4-addr:value = '192.0.2.1']"] },
  ])("$name", ({ text, given, want }) => {
    expect(patterns(text, given)).toEqual(want);
  }); // prettier-ignore

  test("a column that the file lacks is told, with those that it has", () => {
    expect(() => readCsv("a,b\n1,2\n", { columns: { value: "c" } })).toThrow(/no column "c"; its columns are: a, b\./); // prettier-ignore
  });

  test.each([
    { columns: {} },
    { columns: { value: "v" }, types: { x: "nothing" } },
    { columns: { value: "v" }, delimiter: '"' },
    { columns: { value: "v" }, unknown: 1 },
    { columns: { value: 0 } },
  ])("a layout that is none: %j", (given) => {
    expect(csvLayout.safeParse({ kind: "csv", ...given }).success).toBe(false);
  });

  test("a feed's layout decides, whatever the content looks like", () => {
    const bytes = new TextEncoder().encode("192.0.2.1\n192.0.2.2\n");
    const layout = layoutOf({ header: false, columns: { value: 1 } });
    expect([readFeed("x", bytes, layout).format, readFeed("x", bytes).format]).toEqual(["csv", "list"]); // prettier-ignore
  });
});

describe("rows that are broken cost themselves alone", () => {
  test.each([
    { name: "a quote that is not closed", text: 'v,w\n"evil.example,1\n192.0.2.1,2\n', want: [["line 2", "feed/row-broken"], ["line 3", undefined]] },
    { name: "text behind a quote", text: 'v,w\n192.0.2.2,1\n"a"b,1\n192.0.2.1,2\n', want: [["line 2", undefined], ["line 3", "feed/row-broken"], ["line 4", undefined]] },
    { name: "too few fields", text: "w,v\n1\n2,192.0.2.1\n", want: [["line 2", "feed/value-missing"], ["line 3", undefined]] },
    { name: "rows behind one of several lines", text: '\r\n#c\r\nw,v\r\n"a\r\nb",192.0.2.1\r\n\r\nc,192.0.2.2\r\n', want: [["line 4", undefined], ["line 7", undefined]] },
    { name: "a value of no kind", text: "v\nno value\n", want: [["line 2", "feed/term-unknown"]] },
  ])("$name", ({ text, want }) => {
    const { entries } = readCsv(text, { comment: "#", columns: { value: "v" } });
    expect(entries.map(({ where, code }) => [where, code])).toEqual(want);
  }); // prettier-ignore

  test("bad times and confidences are lost, the value is not", () => {
    const { entries, indicators } = readCsv("v,c,t\n192.0.2.1,lots,soon\n", { columns: { value: "v", confidence: "c", validUntil: "t" } }); // prettier-ignore
    expect(entries).toMatchObject([{ status: "partly", lost: [expect.stringMatching(/^confidence/), expect.stringMatching(/^validUntil/)] }]); // prettier-ignore
    expect(indicators).toHaveLength(1);
  });

  test("a value that was made harmless is read as meant", () => {
    const { entries, indicators } = readCsv("v\nhxxp://evil[.]example/x\n", { columns: { value: "v" } }); // prettier-ignore
    expect(indicators[0]?.pattern).toBe("[url:value = 'http://evil.example/x']");
    expect(entries).toMatchObject([{ status: "partly", repaired: ["what made it harmless taken off"] }]); // prettier-ignore
  });
});

describe("hostile files", () => {
  test("rows over many blocks, a quote across the edge of one", () => {
    const row = `"${"x".repeat(1000)}\n${"y".repeat(1000)}",192.0.2.1\n`;
    const { rows, broken } = csvRows(row.repeat(1000), { delimiter: "," });
    expect([rows.length, broken.length, rows.at(-1)?.line]).toEqual([1000, 0, 1999]);
  });

  test("one quote that is never closed in a large file", () => {
    const { rows, broken } = csvRows(`a,b\n"c,d\n${"e,f\n".repeat(200_000)}`, { delimiter: "," });
    expect([rows.length, broken]).toEqual([200_001, [{ line: 2, reason: expect.stringMatching(/quote/) }]]); // prettier-ignore
  });

  test("a quote in each row is no CSV", () => {
    expect(() => csvRows('"a,b\n'.repeat(20_001), { delimiter: "," })).toThrow(/More than 1000 rows/); // prettier-ignore
  });

  test("no input ends in anything but rows or a FeedError", () => {
    const part = fc.constantFrom(
      '"',
      ",",
      "\n",
      "\r\n",
      "#",
      "a",
      '""',
      " ",
      "192.0.2.1",
      "\u3000",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        try {
          readCsv(`v,w\n${parts.join("")}`, { comment: "#", columns: { value: "v" } });
        } catch (error) {
          expect(error).toBeInstanceOf(FeedError);
        }
      }),
    );
  });
});
