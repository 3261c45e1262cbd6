import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "@jest/globals";
import { run } from "../support/stixsweep-process.ts";

const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-scan-"));
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const INDICATOR = {
  type: "indicator",
  spec_version: "2.1",
  id: "indicator--11111111-1111-4111-8111-111111111111",
  created: "2024-01-01T00:00:00.000Z",
  modified: "2024-01-01T00:00:00.000Z",
  valid_from: "2024-01-01T00:00:00Z",
  pattern_type: "stix",
  pattern: "[process:name = 'EVIL.exe']",
};
const OTHER = { ...INDICATOR, id: "indicator--22222222-2222-4222-8222-222222222222" };
const event = (image: string) => ({
  EventID: 1,
  Channel: "Microsoft-Windows-Sysmon/Operational",
  SourceName: "Microsoft-Windows-Sysmon",
  Hostname: "H1",
  RecordNumber: 7,
  UtcTime: "2024-05-01 10:00:00.000",
  Image: image,
  ProcessId: "4",
});
const bundle = (...objects: readonly object[]) =>
  JSON.stringify({ type: "bundle", id: "bundle--11111111-1111-4111-8111-111111111119", objects });

const feed = put("feed.json", bundle(INDICATOR, OTHER));
const none = put("none.json", bundle({ ...INDICATOR, pattern: "[process:name = 'no.exe']" }));
const log = put(
  "log.ndjson",
  [
    JSON.stringify(event("C:\\a\\evil.exe")),
    '{"broken',
    JSON.stringify({ _id: "with-id", _source: event("C:\\EVIL.EXE") }),
    JSON.stringify({ EventID: 4624, Channel: "Security" }),
  ].join("\n"),
);
const zipped = put("log2.ndjson.gz", gzipSync(`${JSON.stringify(event("C:\\evil.exe"))}\n`));

describe("scan", () => {
  test("ndjson: one line for each indicator and event, whatever shares a pattern; the broken line is named", async () => {
    const { code, out, err } = await run([
      "scan",
      log,
      zipped,
      "--indicators",
      feed,
      "--format",
      "ndjson",
    ]);
    expect(code).toBe(1);
    const rows = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    const row = (indicator: string, at: string, value: string) => ({
      indicator,
      event: at,
      path: "process:name",
      field: "Image",
      value,
    });
    expect(rows).toEqual(
      [
        [`${log}:1`, "evil.exe"],
        ["with-id", "EVIL.EXE"],
        [`${zipped}:1`, "evil.exe"],
      ].flatMap(([at = "", value = ""]) => [
        row(INDICATOR.id, at, value),
        row(OTHER.id, at, value),
      ]),
    );
    expect(err).toContain(`${log}:2`);
    expect(err).toContain("1 broken");
  });

  test.each([
    {
      name: "UTF-8 with a byte order mark",
      bytes: `\ufeff${JSON.stringify(event("C:\\evil.exe"))}\n`,
    },
    {
      name: "UTF-16, as PowerShell writes it",
      bytes: Buffer.from(`\ufeff${JSON.stringify(event("C:\\evil.exe"))}\r\n`, "utf16le"),
    },
  ])("$name: the first event counts", async ({ name, bytes }) => {
    const file = put(`${name.slice(0, 6)}.ndjson`, bytes);
    const { code, err } = await run(["scan", file, "--indicators", feed]);
    expect(err).toContain("1 records in 1 files, 0 broken");
    expect(code).toBe(1);
  });

  test.each([
    {
      name: "an object over several lines",
      text: JSON.stringify(event("C:\\evil.exe"), undefined, 2),
    },
    { name: "a list", text: JSON.stringify([event("C:\\evil.exe")]) },
    {
      name: "a list over several lines",
      text: JSON.stringify([event("C:\\evil.exe")], undefined, 1),
    },
  ])("$name is read as what it is", async ({ text }) => {
    const file = put("documents.json", text);
    const { code, err } = await run(["scan", file, "--indicators", feed]);
    expect(err).toContain("1 records in 1 files, 0 broken");
    expect(code).toBe(1);
  });

  test("a document over several lines among others is told as such, not line by line", async () => {
    const text = `${JSON.stringify(event("C:\\good.exe"))}\n${JSON.stringify(event("C:\\evil.exe"), undefined, 2)}`;
    const pretty = put("pretty.json", text);
    const { code, err } = await run(["scan", pretty, log, "--indicators", feed]);
    expect(code).toBe(1);
    expect(err).toContain(`${pretty}:2: JSON that goes over several lines`);
    expect(err).toContain(`${pretty}: 7 more broken records`);
  });

  test("stix: sightings of every indicator over observed data", async () => {
    const { out } = await run(["scan", log, "--indicators", feed, "--format", "stix"]);
    const { objects } = JSON.parse(out) as { objects: { type: string }[] };
    expect(objects.filter(({ type }) => type === "sighting")).toHaveLength(4);
  });

  test("a pattern over several events, from several files", async () => {
    const pattern =
      "([process:name = 'word.exe'] FOLLOWEDBY [process:name = 'evil.exe'] REPEATS 2 TIMES) WITHIN 60 SECONDS";
    const chain = put("chain.json", bundle({ ...INDICATOR, pattern }));
    const at = (RecordNumber: number, time: string, image: string, Hostname = "H1") =>
      JSON.stringify({
        ...event(image),
        RecordNumber,
        Hostname,
        UtcTime: `2024-05-01 ${time}.000`,
      });
    const late = put("late.ndjson", [at(2, "10:00:50", "C:\\evil.exe"), at(3, "10:00:20", "C:\\evil.exe"), at(4, "10:01:30", "C:\\evil.exe"), at(9, "10:00:20", "C:\\evil.exe", "H2")].join("\n")); // prettier-ignore
    const early = put("early.ndjson", at(1, "10:00:00", "C:\\word.exe"));
    const args = [late, early, "--indicators", chain];
    const { code, out, err } = await run(["scan", ...args, "--format", "ndjson"]);
    const found = out.trim().split("\n").map((line) => (JSON.parse(line) as { event: string }).event); // prettier-ignore
    expect(found.toSorted()).toEqual([`${early}:1`, `${late}:1`, `${late}:2`]);
    expect(err).toContain("1 patterns, 3 matches");
    expect(code).toBe(1);
    const { out: stix } = await run(["scan", ...args, "--format", "stix"]);
    const { objects } = JSON.parse(stix) as { objects: { type: string }[] };
    expect(objects.filter(({ type }) => type === "observed-data")).toHaveLength(3);
    const told = await run(["explain", ...args, "--indicator", INDICATOR.id, "--event", `${late}:2`]); // prettier-ignore
    expect(told.out).toContain("takes several events; this one satisfies [process:name = 'evil.exe']"); // prettier-ignore
  });

  test.each([
    { name: "matches, text", args: [log, "--indicators", feed], code: 1, err: /2 accepted/ },
    { name: "no match", args: [log, "--indicators", none], code: 0, err: /0 matches/ },
    {
      name: "spec mode is literal",
      args: [zipped, "--indicators", feed, "--mode", "spec"],
      code: 0,
      err: /0 matches/,
    },
    {
      name: "no such events",
      args: ["no-such-path", "--indicators", feed],
      code: 2,
      err: /no-such-path/,
    },
    {
      name: "no such feed",
      args: [log, "--indicators", "no-such-feed"],
      code: 2,
      err: /no-such-feed/,
    },
    {
      name: "one good feed is enough",
      args: [log, "--indicators", feed, "no-such-feed"],
      code: 1,
      err: /no-such-feed/,
    },
    { name: "no feed named", args: [log], code: 2, err: /usage/ },
    {
      name: "a format there is not",
      args: [log, "--indicators", feed, "--format", "xml"],
      code: 2,
      err: /must be one of/,
    },
    { name: "an option there is not", args: [log, "--nope"], code: 2, err: /config\/usage/ },
  ])("$name → $code", async ({ args, code, err }) => {
    const ended = await run(["scan", ...args]);
    expect(ended.err).toMatch(err);
    expect(ended.err).not.toMatch(/\n\s+at /);
    expect(ended.code).toBe(code);
  });

  const bad = (name: string, content: string | Uint8Array) => ({ name, content });
  test.each([
    { ...bad("cut.json", '{"type": "bundle", "objects": [{"ty'), code: 2, err: /feed|JSON|cut/ },
    { ...bad("empty.json", ""), code: 2, err: /empty/ },
    {
      ...bad("bomb.ioc", '<!DOCTYPE x [<!ENTITY a "aaaa">]><ioc>&a;</ioc>'),
      code: 2,
      err: /DOCTYPE|bomb/,
    },
    { ...bad("array.json", JSON.stringify([INDICATOR])), code: 1, err: /1 accepted/ },
    {
      ...bad("syntax.json", bundle({ ...INDICATOR, pattern: "[process:name = ]" }, OTHER)),
      code: 1,
      err: /rejected .*\^/s,
    },
    {
      ...bad(
        "yara.json",
        bundle({ ...INDICATOR, pattern_type: "yara", pattern: "rule x {}" }, OTHER),
      ),
      code: 1,
      err: /rejected .*yara/,
    },
    {
      ...bad("sigma.json", bundle({ ...INDICATOR, pattern_type: "sigma", pattern: "title: x" })),
      code: 0,
      err: /rejected .*sigma/,
    },
    {
      ...bad(
        "lookahead.json",
        bundle({ ...INDICATOR, pattern: "[process:name MATCHES '(?=a)b']" }, OTHER),
      ),
      code: 1,
      err: /rejected .*MATCHES/,
    },
  ])(
    "a bad feed, $name: said what and where, the rest kept",
    async ({ name, content, code, err }) => {
      const ended = await run(["scan", log, "--indicators", put(name, content)]);
      expect(ended.err).toMatch(err);
      expect(ended.err).toContain(name);
      expect(ended.err).not.toMatch(/\n\s+at /);
      expect(ended.code).toBe(code);
    },
  );
});

describe("explain", () => {
  test("says which comparison was met, and what the event has there", async () => {
    const at = ["--indicators", feed, "--indicator", INDICATOR.id, "--event", "with-id"];
    const { code, out } = await run(["explain", log, ...at]);
    expect(out).toMatch(/met\s+process:name = 'EVIL.exe'/);
    expect(out).toContain('Image = "EVIL.EXE"');
    expect(code).toBe(1);
  });
});
