import { describe, expect, test } from "@jest/globals";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { judge } from "../../../services/core/alert/judge.ts";
import type {
  IndicatorRecord,
  LoggedMatch,
  MatchReason,
  Suppression,
} from "../../../services/core/records.ts";
import { Suppressions } from "../../../services/core/suppress/suppressions.ts";
import { WarningLists } from "../../../services/core/suppress/warning-lists.ts";
import { indicator, match } from "../../conformance/state-records.ts";

const NOW = 1000;
const PATHS = {
  ip: "network-traffic:dst_ref.value",
  domain: "domain-name:value",
  url: "url:value",
  file: "file:name",
  port: "network-traffic:dst_port",
} as const;

type Values = readonly (readonly [keyof typeof PATHS, string])[];

function why(values: Values): readonly MatchReason[] {
  return values.map(([sort, value]) => ({ comparison: "", path: PATHS[sort], field: "", value }));
}

function matched(values: Values, over: Partial<LoggedMatch> = {}): LoggedMatch {
  return { ...match("m", 50, { host: "ws-1", why: why(values) }), number: 1, heldBack: undefined, ...over }; // prettier-ignore
}

function entry(
  kind: Suppression["kind"],
  value: string,
  over: Partial<Suppression> = {},
): Suppression {
  return { kind, value, scope: {}, reason: "r", by: "a", at: 1, ...over };
}

interface Case {
  readonly name: string;
  readonly entries: readonly Suppression[];
  readonly match: LoggedMatch;
  readonly indicators?: readonly IndicatorRecord[];
  readonly want: string | undefined;
}

const ip = matched([["ip", "10.1.2.3"]]);
const dns = matched([["domain", "a.b.Example"]]);
const lifted = { by: "a", at: 2 };
const F = indicator("i");
const G = indicator("j", { feed: "g" });
const held = { heldBack: "suppression:0" };

const CASES: readonly Case[] = [
  { name: "nothing", entries: [], match: ip, want: undefined },
  { name: "value, in any spelling", entries: [entry("value", "A.B.example.")], match: dns, want: "suppression:0" }, // prettier-ignore
  { name: "another value", entries: [entry("value", "b.example")], match: dns, want: undefined },
  { name: "IPv6 in another spelling", entries: [entry("value", "2001:DB8:0::1")], match: matched([["ip", "2001:db8::1"]]), want: "suppression:0" }, // prettier-ignore
  { name: "range", entries: [entry("cidr", "10.0.0.0/8")], match: ip, want: "suppression:0" },
  { name: "range beside", entries: [entry("cidr", "11.0.0.0/8")], match: ip, want: undefined },
  { name: "range, one address", entries: [entry("cidr", "10.1.2.3")], match: ip, want: "suppression:0" }, // prettier-ignore
  { name: "range, host of a URL", entries: [entry("cidr", "10.0.0.0/8")], match: matched([["url", "http://10.1.1.1:80/x"]]), want: "suppression:0" }, // prettier-ignore
  { name: "range, IPv4 in IPv6", entries: [entry("cidr", "10.0.0.0/8")], match: matched([["ip", "::ffff:10.1.1.1"]]), want: "suppression:0" }, // prettier-ignore
  { name: "domain itself", entries: [entry("domain", "a.B.example")], match: dns, want: "suppression:0" }, // prettier-ignore
  { name: "domain above", entries: [entry("domain", ".example")], match: dns, want: "suppression:0" }, // prettier-ignore
  { name: "no domain but an ending", entries: [entry("domain", "xample")], match: dns, want: undefined }, // prettier-ignore
  { name: "domain below", entries: [entry("domain", "x.a.b.example")], match: dns, want: undefined }, // prettier-ignore
  { name: "domain of a URL", entries: [entry("domain", "example")], match: matched([["url", "https://u:p@a.example:8/x"]]), want: "suppression:0" }, // prettier-ignore
  { name: "a URL's path is no domain", entries: [entry("domain", "example")], match: matched([["url", "https://evil.test/a.example"]]), want: undefined }, // prettier-ignore
  { name: "a file is no domain", entries: [entry("domain", "example.com")], match: matched([["file", "example.com"]]), want: undefined }, // prettier-ignore
  { name: "regex", entries: [entry("regex", "^10[.]1[.]")], match: ip, want: "suppression:0" },
  { name: "regex that does not meet", entries: [entry("regex", "^1[.]")], match: ip, want: undefined }, // prettier-ignore
  { name: "every value must be met", entries: [entry("cidr", "10.0.0.0/8")], match: matched([["ip", "10.1.1.1"], ["domain", "evil.test"]]), want: undefined }, // prettier-ignore
  { name: "every value must be met, the first too", entries: [entry("cidr", "10.0.0.0/8")], match: matched([["domain", "evil.test"], ["ip", "10.1.1.1"]]), want: undefined }, // prettier-ignore
  { name: "a port is left out", entries: [entry("cidr", "10.0.0.0/8")], match: matched([["port", "443"], ["ip", "10.1.1.1"]]), want: "suppression:0" }, // prettier-ignore
  { name: "a port alone is not", entries: [entry("value", "443")], match: matched([["port", "443"]]), want: "suppression:0" }, // prettier-ignore
  { name: "the values of companions count", entries: [entry("cidr", "10.0.0.0/8")], match: { ...ip, companions: [matched([["domain", "evil.test"]])] }, want: undefined }, // prettier-ignore
  { name: "indicator", entries: [entry("indicator", "i")], match: ip, want: "suppression:0" },
  { name: "one of two indicators", entries: [entry("indicator", "i")], match: ip, indicators: [F, G], want: undefined }, // prettier-ignore
  { name: "both, by two entries", entries: [entry("indicator", "j"), entry("indicator", "i")], match: ip, indicators: [F, G], want: "suppression:1" }, // prettier-ignore
  { name: "feed", entries: [entry("value", "10.1.2.3", { scope: { feed: "f" } })], match: ip, want: "suppression:0" }, // prettier-ignore
  { name: "another feed speaks", entries: [entry("value", "10.1.2.3", { scope: { feed: "f" } })], match: ip, indicators: [F, G], want: undefined }, // prettier-ignore
  { name: "another feed's is expired", entries: [entry("value", "10.1.2.3", { scope: { feed: "f" } })], match: ip, indicators: [F, { ...G, validUntil: 1 }], want: "suppression:0" }, // prettier-ignore
  { name: "host pattern", entries: [entry("cidr", "10.0.0.0/8", { scope: { host: "WS-?" } })], match: ip, want: "suppression:0" }, // prettier-ignore
  { name: "host pattern, a star", entries: [entry("cidr", "10.0.0.0/8", { scope: { host: "w*" } })], match: ip, want: "suppression:0" }, // prettier-ignore
  { name: "another host", entries: [entry("cidr", "10.0.0.0/8", { scope: { host: "ws-" } })], match: ip, want: undefined }, // prettier-ignore
  { name: "a dot in a host is a dot", entries: [entry("cidr", "10.0.0.0/8", { scope: { host: "ws.1" } })], match: ip, want: undefined }, // prettier-ignore
  { name: "from", entries: [entry("cidr", "10.0.0.0/8", { scope: { from: 50 } })], match: ip, want: "suppression:0" }, // prettier-ignore
  { name: "before from", entries: [entry("cidr", "10.0.0.0/8", { scope: { from: 51 } })], match: ip, want: undefined }, // prettier-ignore
  { name: "until", entries: [entry("cidr", "10.0.0.0/8", { scope: { until: 50 } })], match: ip, want: undefined }, // prettier-ignore
  { name: "expired entry", entries: [entry("cidr", "10.0.0.0/8", { expiresAt: NOW })], match: ip, want: undefined }, // prettier-ignore
  { name: "not yet expired", entries: [entry("cidr", "10.0.0.0/8", { expiresAt: NOW + 1 })], match: ip, want: "suppression:0" }, // prettier-ignore
  { name: "lifted entry", entries: [entry("cidr", "10.0.0.0/8", { lifted })], match: ip, want: undefined }, // prettier-ignore
  { name: "lifted, and it held this back", entries: [entry("cidr", "10.0.0.0/8", { lifted })], match: { ...ip, ...held }, want: "suppression:0" }, // prettier-ignore
  { name: "expired, and it held this back", entries: [entry("cidr", "10.0.0.0/8", { expiresAt: 1 })], match: { ...ip, ...held }, want: "suppression:0" }, // prettier-ignore
  { name: "lifted, and it silenced an indicator", entries: [entry("indicator", "i", { lifted })], match: { ...ip, ...held }, want: "suppression:0" }, // prettier-ignore
  { name: "held back for one feed, another speaks now", entries: [entry("value", "10.1.2.3", { lifted, scope: { feed: "f" } })], match: { ...ip, ...held }, indicators: [F, G], want: undefined }, // prettier-ignore
  { name: "held back, and now expired: it stays so when that is over", entries: [entry("value", "10.1.2.3", { lifted })], match: { ...ip, ...held }, indicators: [{ ...F, validUntil: 1 }], want: "suppression:0" }, // prettier-ignore
  { name: "held back by an entry that is lost", entries: [], match: { ...ip, ...held }, want: "suppression:0" }, // prettier-ignore
  { name: "validity first", entries: [entry("value", "10.1.2.3")], match: ip, indicators: [{ ...F, revoked: true }], want: "revoked" }, // prettier-ignore
  { name: "expired, and now valid", entries: [], match: { ...ip, heldBack: "expired" }, want: undefined }, // prettier-ignore
  { name: "no indicator", entries: [], match: ip, indicators: [], want: "no indicator" },
  { name: "warning list", entries: [entry("value", "192.168.0.1")], match: matched([["ip", "192.168.0.1"]]), want: "warning-list:private" }, // prettier-ignore
  { name: "a value that no list knows besides", entries: [], match: matched([["ip", "192.168.0.1"], ["file", "evil.exe"]]), want: undefined }, // prettier-ignore
  { name: "two lists", entries: [], match: matched([["domain", "com"], ["ip", "192.168.0.1"]]), want: "warning-list:tlds" }, // prettier-ignore
  { name: "a list that only names", entries: [], match: matched([["domain", "www.dyn.example"]]), want: undefined }, // prettier-ignore
  { name: "held back by a list that knows it no longer", entries: [], match: { ...ip, heldBack: "warning-list:gone" }, want: "warning-list:gone" }, // prettier-ignore
];

describe("what holds a match back", () => {
  const list = { version: 1, sorts: new Set<never>() };
  const lists = new WarningLists(
    [
      { ...list, id: "private", name: "", type: "cidr", entries: ["192.168.0.0/16"] },
      { ...list, id: "tlds", name: "", type: "string", entries: ["COM"] },
      { ...list, id: "dyn", name: "", type: "hostname", entries: [".dyn.example"] },
    ],
    { regex: re2, holding: new Set(["private", "tlds"]) },
  );
  test.each(CASES)("$name", ({ entries, match: one, indicators = [F], want }) => {
    const all = entries.map((record, i) => ({ id: String(i), version: 1, record }));
    const suppressions = new Suppressions(all, re2, NOW);
    expect(judge(one, indicators, { suppressions, lists }, NOW)).toBe(want);
  });
});
