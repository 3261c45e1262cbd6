import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { compilePattern, parsePattern } from "stix2-ts";
import { FeedError, readFeed } from "../../../feeds/formats/index.ts";
import { observe, readEvent } from "../../../services/core/schema/index.ts";
import { read } from "./fixtures.ts";

const SHA1 = "0123456789abcdef0123456789abcdef01234567";
const MD5 = "0123456789abcdef0123456789abcdef";

let made = 0;
function attribute(type: string, value: unknown, over: object = {}): object {
  made += 1;
  const uuid = `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
  return { type, value, to_ids: true, uuid, timestamp: "1600000000", ...over };
}

function misp(attributes: readonly unknown[], over: object = {}): string {
  return JSON.stringify({ Event: { info: "An event", uuid: "e", Attribute: attributes, ...over } });
}

function patternOf(type: string, value: string): string {
  const { indicators, entries } = read(misp([attribute(type, value)]));
  return indicators[0]?.pattern ?? `${entries[0]?.code}: ${entries[0]?.reason}`;
}

test.each([
  ["md5", MD5.toUpperCase(), `[file:hashes.MD5 = '${MD5}']`],
  ["sha1", ` ${SHA1} `, `[file:hashes.'SHA-1' = '${SHA1}']`],
  ["filename|sha1", `a|b.exe|${SHA1}`, `[file:hashes.'SHA-1' = '${SHA1}']`],
  ["malware-sample", `x.exe|${MD5}`, `[file:hashes.MD5 = '${MD5}']`],
  ["imphash", MD5, `[file:extensions.'windows-pebinary-ext'.imphash = '${MD5}']`],
  ["filename", "it's.exe", "[file:name = 'it\\'s.exe']"],
  ["filename", "C:\\a\\b.exe", "[file:x_path = 'C:\\\\a\\\\b.exe']"],
  ["ip-dst", "192.0.2.1", "[ipv4-addr:value = '192.0.2.1']"],
  ["ip-src", "192.0.2.0/24", "[ipv4-addr:value ISSUBSET '192.0.2.0/24']"],
  ["ip-dst", "2001:db8::1", "[ipv6-addr:value = '2001:db8::1']"],
  [
    "ip-dst|port",
    "192.0.2.1|443",
    "[(network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443) OR (network-traffic:src_ref.value = '192.0.2.1' AND network-traffic:src_port = 443)]",
  ],
  ["domain", "evil.example", "[domain-name:value = 'evil.example']"],
  [
    "domain|ip",
    "evil.example|192.0.2.1",
    "[domain-name:value = 'evil.example' OR ipv4-addr:value = '192.0.2.1']",
  ],
  ["url", "http://a.example/x", "[url:value = 'http://a.example/x']"],
  ["named pipe", "\\\\.\\pipe\\evil", "[x-windows-pipe:name = 'evil']"],
  ["stix2-pattern", "[process:pid = 4]", "[process:pid = 4]"],
])("%s %s", (type, value, want) => {
  expect(patternOf(type, value)).toBe(want);
});

test("what was made harmless is read as meant, and told", () => {
  const { entries } = read(misp([attribute("url", "hxxp://evil[.]example/a"), attribute("filename", "a[.]exe")])); // prettier-ignore
  expect(patternOf("domain", "evil[.]example")).toBe("[domain-name:value = 'evil.example']");
  expect(patternOf("filename", "a[.]exe")).toBe("[file:name = 'a[.]exe']");
  expect(entries).toMatchObject([{ status: "partly", repaired: ["what made it harmless taken off"] }, { status: "accepted" }]); // prettier-ignore
});

test("a registry value is its key and its data", () => {
  const event = {
    "@timestamp": "2024-05-01T12:00:00Z",
    winlog: {
      channel: "Microsoft-Windows-Sysmon/Operational",
      provider_name: "Microsoft-Windows-Sysmon",
      event_id: 13,
      computer_name: "H",
      event_data: {
        EventType: "SetValue",
        TargetObject: "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Evil",
        Details: "C:\\evil.exe",
      },
    },
  };
  const seen = readEvent(event);
  if (seen === undefined) throw new Error("the event is not read");
  const meets = (value: string): boolean => {
    const pattern = parsePattern(patternOf("regkey|value", value));
    const { observation } = observe(seen);
    return compilePattern(pattern, { mode: "observable" }).test(observation) !== undefined;
  };
  const key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Evil";
  expect(meets(`${key}|C:\\evil.exe`)).toBe(true);
  expect(meets(`${key}|C:\\other.exe`)).toBe(false);
  expect(meets(`${key}2|C:\\evil.exe`)).toBe(false);
});

test.each([
  ["md5", "none", "feed/term-unknown"],
  ["filename|md5", "a.exe", "feed/term-unknown"],
  ["ip-dst", "evil.example", "feed/term-unknown"],
  ["ip-dst|port", "192.0.2.1|http", "feed/term-unknown"],
  ["mutex", "Global\\m", "feed/term-unknown"],
  ["sha512", "ab", "feed/term-unknown"],
  ["port", "443", "feed/term-unknown"],
  ["yara", "rule x {}", "feed/pattern-type-unsupported"],
  ["stix2-pattern", "[file:name =]", "feed/pattern-syntax"],
])("%s %s is rejected: %s", (type, value, code) => {
  const { indicators, entries } = read(misp([attribute(type, value)]));
  expect(indicators).toEqual([]);
  expect(entries).toMatchObject([{ status: "rejected", code, where: "/Event/Attribute/0" }]);
});

describe("what stands around a value", () => {
  test("an indicator has the attribute's id, time and comment, and the event's name and tags", () => {
    const tags = ["tlp:amber", "kill-it", 'misp-galaxy:threat-actor="Sofacy"'].map((name) => ({
      name,
    }));
    const given = attribute("domain", "a.example", { comment: "C2", uuid: SHA1, Tag: [{ name: "own" }] }); // prettier-ignore
    const [indicator] = read(misp([given], { Tag: tags })).indicators;
    expect(indicator).toMatchObject({
      name: "An event",
      description: "C2",
      modified: "2020-09-13T12:26:40.000Z",
      labels: ["kill-it", "own"],
      markings: ["TLP:AMBER"],
      context: [{ relationship: "indicates", type: "threat-actor", name: "Sofacy" }],
      revoked: false,
    });
    expect(read(misp([given])).indicators[0]?.id).toBe(indicator?.id);
    expect(read(misp([attribute("domain", "a", { uuid: SHA1.slice(0, 8) })])).indicators[0]?.id)
      .not.toBe(indicator?.id); // prettier-ignore
    const uuid = "12345678-1234-4234-8234-123456789ABC";
    const [own] = read(misp([attribute("domain", "a", { uuid })])).indicators;
    expect(own?.id).toBe(`indicator--${uuid.toLowerCase()}`);
  });

  test("what is not marked for detection is no indicator; an event with nothing else is reported", () => {
    const some = read(misp([attribute("domain", "a"), attribute("link", "b", { to_ids: false })]));
    expect(some).toMatchObject({ entries: [{ status: "accepted" }], ignored: { link: 1 } });
    const none = read(misp([attribute("md5", MD5, { to_ids: false }), attribute("link", "b", { to_ids: "0" })])); // prettier-ignore
    expect(none).toMatchObject({
      indicators: [],
      ignored: { md5: 1, link: 1 },
      entries: [{ status: "rejected", code: "feed/not-for-detection", where: "/Event" }],
    });
    expect(none.entries[0]?.reason).toContain('"An event"');
  });

  test("what was deleted is revoked; what stands twice counts once", () => {
    const given = attribute("domain", "a.example", { deleted: true });
    const { indicators, entries } = read(misp([given, given]));
    expect(indicators).toMatchObject([{ revoked: true }]);
    expect(entries).toMatchObject([
      { status: "accepted" },
      { status: "ignored", code: "feed/duplicate-id" },
    ]);
  });

  test("attributes of objects count alike; the relation says what a text is", () => {
    const object = {
      name: "process",
      Attribute: [
        attribute("text", "evil -x", { object_relation: "command-line" }),
        attribute("text", "whatever", { object_relation: "user" }),
        attribute("filename", "evil.exe", { object_relation: "name" }),
      ],
    };
    const { indicators, entries } = read(misp([], { Object: [object] }));
    expect(indicators.map(({ pattern }) => pattern)).toEqual([
      "[process:command_line = 'evil -x']",
      "[process:name = 'evil.exe']",
    ]);
    expect(entries[1]).toMatchObject({
      code: "feed/term-unknown",
      where: "/Event/Object/0/Attribute/1",
    });
  });

  test("what finds more than was meant says so", () => {
    const { entries } = read(misp([attribute("hostname|port", "a.example|8443")]));
    expect(entries).toMatchObject([{ status: "partly", code: "feed/partly-visible" }]);
    expect(entries[0]?.lost?.[0]).toContain("8443");
  });
});

test.each([
  { name: "an event", given: JSON.parse(misp([attribute("domain", "a")])) },
  { name: "a list of events", given: [JSON.parse(misp([attribute("domain", "a")]))] },
  { name: "an answer", given: { response: [JSON.parse(misp([attribute("domain", "a")]))] } },
  { name: "attributes", given: { response: { Attribute: [attribute("domain", "a")] } } },
  { name: "one attribute", given: { Attribute: attribute("domain", "a") } },
  { name: "objects", given: { response: [{ Object: { Attribute: [attribute("domain", "a")] } }] } },
])("$name", ({ given }) => {
  const { format, indicators } = read(JSON.stringify(given));
  expect({ format, count: indicators.length }).toEqual({ format: "misp", count: 1 });
});

test("whatever stands in an event, the rest of it is kept", () => {
  const good = attribute("domain", "good.example");
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.jsonValue({ maxDepth: 3 }),
          fc.record({
            type: fc.oneof(fc.constantFrom("md5", "url", "ip-dst|port", "regkey|value", "named pipe", "domain|ip"), fc.string()), // prettier-ignore
            value: fc.oneof(fc.string(), fc.jsonValue()),
            to_ids: fc.constantFrom(true, false, 1, "1", null),
            timestamp: fc.jsonValue({ maxDepth: 1 }),
            Tag: fc.jsonValue({ maxDepth: 3 }),
          }),
        ),
      ),
      fc.jsonValue({ maxDepth: 4 }),
      (attributes, objects) => {
        const text = misp([...attributes, good], { Object: objects });
        const { indicators } = readFeed("x", Buffer.from(text));
        expect(indicators.some(({ pattern }) => pattern.includes("good.example"))).toBe(true);
        for (const { pattern } of indicators) expect(() => parsePattern(pattern)).not.toThrow();
      },
    ),
    { numRuns: 500 },
  );
  expect(() => read('{"response": "none"}')).not.toThrow(FeedError);
});
