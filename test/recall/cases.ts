/**
 * What matchers lose or find too much: each case has events, a pattern, and which of the events satisfy it. The others are near
 * misses. Values are of one case alone, so that no case meets another's events.
 */

/** One Sysmon event, as its fields are before a collector lays them out. */
export interface RecallEvent {
  readonly id: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface RecallCase {
  readonly name: string;
  readonly pattern: string;
  readonly events: readonly RecallEvent[];
  /** Places of the events that satisfy the pattern. */
  readonly meets: readonly number[];
}

let second = 0;

/** Each event a second after the one before, unless it says otherwise. */
function event(id: number, fields: Readonly<Record<string, unknown>>): RecallEvent {
  second += 1;
  const at = new Date(Date.UTC(2024, 4, 6, 7, 0, second)).toISOString();
  return { id, fields: { UtcTime: at.slice(0, 23).replace("T", " "), ...fields } };
}

const started = (Image: string, more: object = {}): RecallEvent =>
  event(1, { Image, CommandLine: Image, ...more });
const lookedUp = (QueryName: string, QueryResults = "-"): RecallEvent =>
  event(22, { QueryName, QueryResults, QueryStatus: "0", Image: "C:\\browser.exe" });
const connected = (DestinationIp: string, DestinationPort = "443"): RecallEvent =>
  event(3, { DestinationIp, DestinationPort, SourceIp: "10.9.9.9", SourcePort: "5000", Protocol: "tcp", Initiated: "true", Image: "C:\\browser.exe" }); // prettier-ignore
const keySet = (TargetObject: string, Details: string): RecallEvent =>
  event(13, { EventType: "SetValue", TargetObject, Details, Image: "C:\\reg.exe" });
const hashes = (digest: string): object => ({
  Hashes: `MD5=${"1".repeat(32)},SHA256=${digest},IMPHASH=${"0".repeat(32)}`,
});
const sha = (digit: string): string => digit.repeat(64);

/** Eleven distinct values of one kind among the events of one page. */
const ELEVEN = Array.from({ length: 11 }, (_, i) => `c2-${i}.eleven.example`);

export const CASES: readonly RecallCase[] = [
  {
    name: "every element of a list of answers, also behind ::ffff:",
    pattern: "[ipv4-addr:value = '198.51.100.8']",
    events: [
      lookedUp("a.list.example", "::ffff:198.51.100.7;::ffff:198.51.100.8;"),
      lookedUp("b.list.example", "::ffff:198.51.100.80;::ffff:198.51.100.18;"),
    ],
    meets: [0],
  },
  {
    name: "an answer that is an alias",
    pattern: "[domain-name:resolves_to_refs[*].value = 'cdn.alias.example']",
    events: [
      lookedUp("www.alias.example", "type:  5 cdn.alias.example;::ffff:198.19.0.99;"),
      lookedUp("cdn2.alias.example", "type:  5 xcdn.alias.example;"),
    ],
    meets: [0],
  },
  {
    name: "answers that were cut off are no other address",
    pattern: "[ipv4-addr:value = '192.0.2.1']",
    events: [
      lookedUp("c.cut.example", `${"::ffff:192.0.2.200;".repeat(20)}::ffff:192.0.2.1;`),
      lookedUp("d.cut.example", `${"::ffff:192.0.2.200;".repeat(20)}::ffff:192.0.2.1`),
      lookedUp("e.cut.example", "::ffff:192.0.2.1"),
      lookedUp("f.cut.example", "::ffff:192.0.2.11;"),
    ],
    meets: [0, 2],
  },
  {
    name: "a hash inside the raw list, in the other case",
    pattern: `[file:hashes.'SHA-256' = '${sha("ab").slice(0, 64)}']`,
    events: [
      started("C:\\hash1.exe", hashes(sha("AB").slice(0, 64))),
      started("C:\\hash2.exe", hashes(`${sha("AB").slice(0, 63)}A`)),
    ],
    meets: [0],
  },
  {
    name: "a name in another case, with a dot at its end",
    pattern: "[domain-name:value = 'dot.case.example']",
    events: [lookedUp("DOT.Case.Example"), lookedUp("dot.case.example."), lookedUp("xdot.case.example"), lookedUp("dot.case.example.net")], // prettier-ignore
    meets: [0, 1],
  },
  {
    name: "an internationalised name, written either way",
    pattern: "[domain-name:value = 'bücher.idn.example']",
    events: [lookedUp("xn--bcher-kva.idn.example"), lookedUp("BÜCHER.idn.example"), lookedUp("bucher.idn.example")], // prettier-ignore
    meets: [0, 1],
  },
  {
    name: "a name is not its subdomains, unless the feed says so",
    pattern: "[domain-name:value = 'parent.example']",
    events: [lookedUp("parent.example"), lookedUp("sub.parent.example"), lookedUp("notparent.example")], // prettier-ignore
    meets: [0],
  },
  {
    name: "an IPv6 address in any form",
    pattern: "[ipv6-addr:value = '2001:db8::7']",
    events: [connected("2001:db8:0:0:0:0:0:7"), connected("2001:0DB8::0007"), connected("2001:db8::70")], // prettier-ignore
    meets: [0, 1],
  },
  {
    name: "a range over addresses that are texts",
    pattern: "[ipv4-addr:value ISSUBSET '203.0.112.0/23']",
    events: [connected("203.0.112.1"), connected("203.0.113.254"), connected("203.0.114.1"), connected("203.0.11.2")], // prettier-ignore
    meets: [0, 1],
  },
  {
    name: "both ends of a tuple in one event",
    pattern: "[network-traffic:dst_ref.value = '198.18.0.5' AND network-traffic:dst_port = 8443]",
    events: [connected("198.18.0.5", "8443"), connected("198.18.0.5", "443"), connected("198.18.0.6", "8443")], // prettier-ignore
    meets: [0],
  },
  {
    name: "AND is of one event, not of two",
    pattern: "[process:name = 'both.exe' AND process:command_line LIKE '%--both%']",
    events: [
      started("C:\\both.exe", { CommandLine: "both.exe --BOTH" }),
      started("C:\\both.exe"),
      started("C:\\bothother.exe", { CommandLine: "x --both" }),
    ],
    meets: [0],
  },
  {
    name: "NOT is not its opposite",
    pattern:
      "[process:name = 'not.exe' AND process:command_line NOT LIKE '%harmless%' AND process:command_line NOT = 'not.exe']",
    events: [
      started("C:\\not.exe", { CommandLine: "not.exe --harmless" }),
      started("C:\\not.exe", { CommandLine: "not.exe --evil" }),
      started("C:\\not.exe", { CommandLine: "not.exe" }),
    ],
    meets: [1],
  },
  {
    name: "what is absent joins nothing",
    pattern: "[process:name = 'absent.exe' AND process:parent_ref.name = '-']",
    events: [
      started("C:\\absent.exe", { ParentImage: "-" }),
      started("C:\\absent.exe", { ParentImage: "" }),
      started("C:\\absent.exe"),
    ],
    meets: [],
  },
  {
    name: "NOT EXISTS is met by absence",
    pattern: "[process:name = 'orphan.exe' AND NOT EXISTS process:parent_ref.name]",
    events: [
      started("C:\\orphan.exe", { ParentImage: "-" }),
      started("C:\\orphan.exe", { ParentImage: "C:\\parent.exe" }),
    ],
    meets: [0],
  },
  {
    name: "the end of a command line longer than indices keep",
    pattern: "[process:command_line LIKE '%--longend']",
    events: [
      started("C:\\long.exe", { CommandLine: `${"x".repeat(9000)} --longend` }),
      started("C:\\long.exe", { CommandLine: `${"x".repeat(9000)} --longen` }),
    ],
    meets: [0],
  },
  {
    name: "a command line of more than 32,766 bytes",
    pattern: "[process:command_line LIKE '%hugeneedle%']",
    events: [
      started("C:\\huge.exe", { CommandLine: `${"ä".repeat(20_000)}hugeneedle` }),
      started("C:\\huge.exe", { CommandLine: "ä".repeat(20_000) }),
    ],
    meets: [0],
  },
  {
    name: "a command line across lines",
    pattern: "[process:command_line LIKE '%first%second%' AND process:name = 'lines.exe']",
    events: [
      started("C:\\lines.exe", { CommandLine: "first\r\nsecond" }),
      started("C:\\lines.exe", { CommandLine: "second\r\nfirst" }),
    ],
    meets: [0],
  },
  {
    name: "a regular expression, case and all",
    pattern: "[process:command_line MATCHES '^regex[0-9]{3}\\\\.exe$']",
    events: [
      started("C:\\r.exe", { CommandLine: "regex123.exe" }),
      started("C:\\r.exe", { CommandLine: "regex12.exe" }),
      started("C:\\r.exe", { CommandLine: "REGEX123.exe" }),
    ],
    meets: [0],
  },
  {
    name: "wildcards' own letters are letters in the event",
    pattern: "[process:command_line LIKE 'like*_?%']",
    events: [
      started("C:\\w.exe", { CommandLine: "like*1?done" }),
      started("C:\\w.exe", { CommandLine: "likeXX1Ydone" }),
    ],
    meets: [0],
  },
  {
    name: "a registry hive under each of its names",
    pattern: "[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Hive']",
    events: [
      keySet("HKLM\\SOFTWARE\\Hive\\Run", "DWORD (0x00000001)"),
      keySet("\\REGISTRY\\MACHINE\\SOFTWARE\\HIVE\\Run", "x"),
      keySet("HKU\\SOFTWARE\\Hive\\Run", "x"),
    ],
    meets: [0, 1],
  },
  {
    name: "a path with slashes, doubled backslashes and a long prefix",
    pattern: "[file:path = 'C:\\\\Slash\\\\evil.exe']",
    events: [
      started("C:/Slash/evil.exe"),
      started("\\\\?\\C:\\Slash\\evil.exe"),
      started("C:\\Slash\\evil.exe.txt"),
    ],
    meets: [0, 1],
  },
  {
    name: "an address of a page with a port",
    pattern: "[url:value = 'http://port.example:8080/a.exe']",
    events: [
      event(15, { TargetFilename: "C:\\a.exe:Zone.Identifier", Contents: "[ZoneTransfer]  ZoneId=3  HostUrl=http://port.example:8080/a.exe", Image: "C:\\b.exe" }), // prettier-ignore
      event(15, { TargetFilename: "C:\\b.exe:Zone.Identifier", Contents: "[ZoneTransfer]  ZoneId=3  HostUrl=http://port.example/a.exe", Image: "C:\\b.exe" }), // prettier-ignore
    ],
    meets: [0],
  },
  ...ELEVEN.map((name) => ({
    name: `one of eleven: ${name}`,
    pattern: `[domain-name:value = '${name}']`,
    events: [lookedUp(name)],
    meets: [0],
  })),
  {
    name: "what happened in an order, on one host",
    pattern: "[process:name = 'order1.exe'] FOLLOWEDBY [process:name = 'order2.exe']",
    events: [
      started("C:\\order2.exe", { UtcTime: "2024-05-06 06:00:00.000" }),
      started("C:\\order1.exe", { UtcTime: "2024-05-06 06:00:01.000" }),
      started("C:\\order2.exe", { UtcTime: "2024-05-06 06:00:02.000" }),
    ],
    meets: [1, 2],
  },
  {
    name: "what happened at the same instant",
    pattern: "([process:name = 'same1.exe'] AND [process:name = 'same2.exe']) WITHIN 1 SECONDS",
    events: [
      started("C:\\same1.exe", { UtcTime: "2024-05-06 05:00:00.000" }),
      started("C:\\same2.exe", { UtcTime: "2024-05-06 05:00:00.000" }),
      started("C:\\same2.exe", { UtcTime: "2024-05-06 05:00:09.000" }),
    ],
    meets: [0, 1],
  },
];
