import { describe, expect, test } from "@jest/globals";
import { errorOf, read } from "./fixtures.ts";

const rule = (operator: string, ...patterns: readonly (readonly [string, unknown])[]) => ({
  operator,
  patterns: patterns.map(([key, value]) => ({ key, value })),
});

function outcome(document: unknown) {
  const { indicators, entries } = read(JSON.stringify(document), "rule-1");
  const { status, code } = entries[0] ?? {};
  return [status, code, indicators[0]?.pattern];
}

const IMAGE = "process:image_ref.x_path LIKE '%net%'";
const HASH = "ab".repeat(32);

describe("rules", () => {
  test.each([
    ["an address", rule("OR", ["IpAddress", "192.0.2.1"]), "[ipv4-addr:value = '192.0.2.1']"],
    ["a part of one", rule("OR", ["IpAddress", "192.0."]), "[ipv4-addr:value LIKE '%192.0.%']"],
    ["a port: the whole of it", rule("", ["Port", "44"]), "[network-traffic:dst_port = 44]"],
    ["a port as a number", rule("", ["Port", 44]), "[network-traffic:dst_port = 44]"],
    ["a host", rule("OR", ["HostName", "evil"]), "[domain-name:value LIKE '%evil%']"],
    ["a file", rule("OR", ["FileName", "a.exe"]), "[file:x_path LIKE '%a.exe%']"],
    ["a value", rule("OR", ["RegistryValue", "d"]), "[windows-registry-key:values[*].data LIKE '%d%']"],
    ["a digest", rule("OR", ["Hash", HASH.toUpperCase()]), `[file:hashes.'SHA-256' = '${HASH.toUpperCase()}']`],
    ["signs for any", rule("OR", ["ProcessName", "a*.ex?"]), "[process:image_ref.x_path MATCHES '(?i)a.*\\\\.ex.']"],
    ["OR: one event has any", rule("OR", ["ProcessName", "net"], ["Port", "44"]), `[${IMAGE} OR network-traffic:dst_port = 44]`],
    ["AND: one event has all, the process too", rule("AND", ["ProcessName", "net"], ["Port", "44"]), `[${IMAGE} AND network-traffic:dst_port = 44]`],
  ])("%s", (_, given, want) => {
    expect(outcome(given)).toEqual(["accepted", undefined, want]);
  }); // prettier-ignore

  test.each([
    ["AND of what no one event has", rule("AND", ["ProcessName", "net"], ["Port", "44"], ["RegistryValue", "d"]), ["partly", "feed/partly-visible", `[${IMAGE} AND network-traffic:dst_port = 44] AND [${IMAGE} AND windows-registry-key:values[*].data LIKE '%d%']`]],
    ["a span of time", { ...rule("OR", ["Port", "44"]), start_time: "2026-01-01" }, ["partly", "feed/partly-visible", "[network-traffic:dst_port = 44]"]],
    ["an unknown term of an OR", rule("OR", ["Port", "44"], ["Mutex", "x"]), ["partly", "feed/partly-visible", "[network-traffic:dst_port = 44]"]],
    ["an unknown term of an AND", rule("AND", ["Port", "44"], ["Mutex", "x"]), ["rejected", "feed/term-unknown", undefined]],
    ["a key of every object", rule("AND", ["constructor", "44"]), ["rejected", "feed/term-unknown", undefined]],
    ["no terms", rule("OR"), ["rejected", "feed/value-missing", undefined]],
    ["another operator", rule("NOT", ["Port", "44"]), ["rejected", "feed/condition-unsupported", undefined]],
    ["an empty value would find all", rule("AND", ["ProcessName", ""]), ["rejected", "feed/condition-unsupported", undefined]],
  ])("%s", (_, given, want) => {
    expect(outcome(given)).toEqual(want);
  }); // prettier-ignore

  test("a list of rules; one twice is told", () => {
    const one = rule("OR", ["Port", "44"]);
    const { entries, format } = read(JSON.stringify([one, rule("OR", ["Port", "45"]), one]));
    expect([format, ...entries.map(({ status }) => status)]).toEqual(["sysmonsearch", "accepted", "accepted", "ignored"]); // prettier-ignore
  });

  test("other JSON with patterns is no rule", () => {
    expect(errorOf(JSON.stringify({ operator: "OR", patterns: [1] })).code).toBe("feed/not-stix");
  });
});
