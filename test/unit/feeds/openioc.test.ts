import { describe, expect, test } from "@jest/globals";
import { group, ioc10, ioc11, item, read } from "./fixtures.ts";

function patterns(criteria: string): readonly string[] {
  return read(ioc10(criteria)).indicators.map(({ pattern }) => pattern);
}

const NAME = item("FileItem/FileName", "is", "a.exe");
const MD5 = item("FileItem/Md5sum", "is", "D41D8CD98F00B204E9800998ECF8427E");
const OTHER_MD5 = item("FileItem/Md5sum", "is", "0cc175b9c0f1b6a831c399e269772661");
const PROCESS = item("ProcessItem/name", "is", "p.exe");
const DNS = item("DnsEntryItem/Host", "is", "example.org");
const MUTEX = item("ProcessItem/HandleList/Handle/Name", "is", "Local\\m");
const SIZE = item("FileItem/SizeInBytes", "is", "5");
const A = "file:name = 'a.exe'";
const M = "file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e'";
const O = "file:hashes.MD5 = '0cc175b9c0f1b6a831c399e269772661'";
const P = "process:name = 'p.exe'";
const D = "domain-name:value = 'example.org'";

describe("the tree of criteria", () => {
  test.each([
    {
      name: "each alternative at the top is an indicator",
      given: group("OR", NAME, MD5, DNS),
      want: [`[${A}]`, `[${M}]`, `[${D}]`],
    },
    {
      name: "OR in OR is the same OR",
      given: group("OR", NAME, group("OR", MD5, DNS)),
      want: [`[${A}]`, `[${M}]`, `[${D}]`],
    },
    {
      name: "several Indicators at the top are alternatives",
      given: group("OR", NAME) + group("AND", MD5),
      want: [`[${A}]`, `[${M}]`],
    },
    {
      name: "AND over one document stays in one observation",
      given: group("AND", NAME, MD5),
      want: [`[${A} AND ${M}]`],
    },
    {
      name: "AND over documents needs several observations",
      given: group("AND", NAME, PROCESS, MD5),
      want: [`[${A} AND ${M}] AND [${P}]`],
    },
    {
      name: "OR below AND stays in the pattern",
      given: group("AND", NAME, group("OR", MD5, OTHER_MD5)),
      want: [`[${A} AND (${M} OR ${O})]`],
    },
    {
      name: "OR over other documents below AND",
      given: group("AND", NAME, group("OR", PROCESS, DNS)),
      want: [`[${A}] AND ([${P}] OR [${D}])`],
    },
    {
      name: "OR that shares a document with its AND is multiplied out",
      given: group("AND", NAME, group("OR", MD5, DNS)),
      want: [`[${A} AND ${M}] OR ([${A}] AND [${D}])`],
    },
    {
      name: "AND in AND is the same AND",
      given: group("AND", NAME, group("AND", MD5, PROCESS)),
      want: [`[${A} AND ${M}] AND [${P}]`],
    },
    { name: "a group of one", given: group("OR", group("AND", NAME)), want: [`[${A}]`] },
    { name: "an empty group", given: group("OR", group("OR"), NAME), want: [`[${A}]`] },
    {
      name: "a process and its connection are one event",
      given: group("AND", PROCESS, item("ProcessItem/PortList/PortItem/protocol", "is", "tcp")),
      want: [`[${P} AND network-traffic:protocols[*] = 'tcp']`],
    },
    {
      name: "a process with a connection and a library: two events of one process",
      given: group(
        "AND",
        PROCESS,
        item("ProcessItem/PortList/PortItem/protocol", "is", "tcp"),
        item("ProcessItem/SectionList/MemorySection/Name", "is", "l.dll"),
      ),
      want: [`[${P} AND network-traffic:protocols[*] = 'tcp'] AND [${P} AND file:name = 'l.dll']`],
    },
    {
      name: "a negated group is taken apart, not dropped",
      given: group(
        "AND",
        PROCESS,
        group(
          "OR",
          item("ProcessItem/arguments", "contains", "x"),
          item("ProcessItem/path", "contains", "y"),
        ).replace(">", ' negate="true">'),
      ),
      want: [
        `[${P} AND process:command_line NOT LIKE '%x%' AND process:image_ref.x_path NOT LIKE '%y%']`,
      ],
    },
  ])("$name", ({ given, want }) => {
    expect(patterns(given)).toEqual(want);
  });
});

describe("what Sysmon can't decide is reported", () => {
  test.each([
    {
      name: "alone: rejected",
      given: group("OR", NAME, MUTEX),
      want: [
        ["accepted", 1],
        ["rejected", 1],
      ],
      patterns: [`[${A}]`],
    },
    {
      name: "in an AND: rejected, for less conditions find more",
      given: group("OR", group("AND", NAME, SIZE)),
      want: [["rejected", 2]],
      patterns: [],
    },
    {
      name: "in an OR below AND: left out",
      given: group("AND", NAME, group("OR", MD5, MUTEX)),
      want: [["partly", 3]],
      patterns: [`[${A} AND ${M}]`],
    },
    {
      name: "an OR below AND with nothing left: rejected",
      given: group("AND", NAME, group("OR", SIZE, MUTEX)),
      want: [["rejected", 3]],
      patterns: [],
    },
    {
      name: "an unknown condition",
      given: item("FileItem/FileName", "resembles", "x"),
      want: [["rejected", 1]],
      patterns: [],
    },
    {
      name: "no content",
      given: item("FileItem/FileName", "contains", ""),
      want: [["rejected", 1]],
      patterns: [],
    },
    {
      name: "a URL shows in downloads only",
      given: item("Network/URI", "contains", "/gate.php?id="),
      want: [["partly", 1]],
      patterns: ["[url:value LIKE '%/gate.php?id=%']"],
    },
    {
      name: "the same criteria twice",
      given: group("OR", NAME, NAME),
      want: [
        ["accepted", 1],
        ["ignored", 1],
      ],
      patterns: [`[${A}]`],
    },
  ])("$name", ({ given, want, patterns: wanted }) => {
    const { entries, indicators } = read(ioc10(given));
    expect(entries.map(({ status, items }) => [status, items])).toEqual(want);
    expect(indicators.map(({ pattern }) => pattern)).toEqual(wanted);
  });

  test("with the term, the place and the reason", () => {
    const { entries } = read(ioc10(group("OR", group("AND", NAME, SIZE))));
    expect(entries[0]).toMatchObject({
      code: "feed/term-unknown",
      where: expect.stringMatching(/^\d+:\d+, AND-2$/),
      lost: [
        expect.stringMatching(
          /^FileItem\/SizeInBytes is \(\d+:\d+, FileItem\/SizeInBytes\|5\): no Sysmon event shows it$/,
        ),
      ],
    });
  });

  test("too many alternatives are refused, quickly", () => {
    const both = (value: number) =>
      group(
        "OR",
        item("FileItem/FileName", "is", `f${value}`),
        item("ProcessItem/name", "is", `p${value}`),
      );
    const { entries } = read(
      ioc10(group("AND", ...Array.from({ length: 20 }, (_, value) => both(value)))),
    );
    expect(entries.map(({ status, code }) => [status, code])).toEqual([
      ["rejected", "feed/too-complex"],
    ]);
  });
});

describe("conditions", () => {
  test.each([
    { name: "is", given: ["FileItem/FileName", "is", "a.exe"], want: "file:name = 'a.exe'" },
    { name: "isnot", given: ["FileItem/FileName", "isnot", "a.exe"], want: "file:name != 'a.exe'" },
    {
      name: "is, negated",
      given: ["FileItem/FileName", "is", "a.exe", 'negate="true"'],
      want: "file:name != 'a.exe'",
    },
    {
      name: "isnot, negated",
      given: ["FileItem/FileName", "isnot", "a.exe", 'negate="true"'],
      want: "file:name = 'a.exe'",
    },
    {
      name: "contains",
      given: ["FileItem/FileName", "contains", "a.e"],
      want: "file:name LIKE '%a.e%'",
    },
    {
      name: "containsnot",
      given: ["FileItem/FileName", "containsnot", "a.e"],
      want: "file:name NOT LIKE '%a.e%'",
    },
    {
      name: "starts-with",
      given: ["FileItem/FileName", "starts-with", "a"],
      want: "file:name LIKE 'a%'",
    },
    {
      name: "ends-with",
      given: ["FileItem/FileName", "ends-with", ".exe"],
      want: "file:name LIKE '%.exe'",
    },
    {
      name: "matches",
      given: ["FileItem/FileName", "matches", "^a\\d+$"],
      want: "file:name MATCHES '(?i)^a\\\\d+$'",
    },
    {
      name: "matches, negated",
      given: ["FileItem/FileName", "matches", "a", 'negate="true"'],
      want: "file:name NOT MATCHES '(?i)a'",
    },
    {
      name: "a value with LIKE's wildcards becomes MATCHES",
      given: ["FileItem/FileName", "contains", "a_1%.exe"],
      want: "file:name MATCHES '(?i)a_1%\\\\.exe'",
    },
    {
      name: "ends-with and a wildcard",
      given: ["FileItem/FileName", "ends-with", "_x"],
      want: "file:name MATCHES '(?i)_x$'",
    },
    {
      name: "is keeps wildcards as text",
      given: ["FileItem/FileName", "is", "a_1"],
      want: "file:name = 'a_1'",
    },
    {
      name: "preserve-case",
      given: ["FileItem/FileName", "contains", "A.e", 'preserve-case="true"'],
      want: "file:name MATCHES 'A\\\\.e'",
    },
    {
      name: "preserve-case, whole",
      given: ["FileItem/FileName", "is", "A", 'preserve-case="true"'],
      want: "file:name MATCHES '^A$'",
    },
    {
      name: "quotes and backslashes",
      given: ["ProcessItem/arguments", "contains", "'C:\\x'"],
      want: "process:command_line LIKE '%\\'C:\\\\x\\'%'",
    },
    {
      name: "a whole hash contained is the hash",
      given: ["FileItem/Sha1sum", "contains", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"],
      want: "file:hashes.'SHA-1' = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'",
    },
    {
      name: "greater-than",
      given: ["ProcessItem/pid", "greater-than", "4"],
      want: "process:pid > 4",
    },
    {
      name: "less-than, negated",
      given: ["ProcessItem/pid", "less-than", "4", 'negate="true"'],
      want: "process:pid NOT < 4",
    },
    {
      name: "a range",
      given: ["ProcessItem/pid", "is", "[4 TO 8]"],
      want: "process:pid >= 4 AND process:pid <= 8",
    },
  ] as const)("$name", ({ given: [search, condition, value, attributes], want }) => {
    expect(patterns(item(search, condition, value, attributes))).toEqual([`[${want}]`]);
  });
});

const KEY = "windows-registry-key:key";
const VALUE = "windows-registry-key:values[*]";
const IN = "network-traffic:x_initiated = 'false'";

describe("terms", () => {
  test.each([
    {
      given: ["FileItem/FullPath", "is", "C:\\Temp\\a.exe"],
      want: "file:x_path = 'C:\\\\Temp\\\\a.exe'",
    },
    {
      given: ["FileItem/FullPath", "is", "Temp\\a.exe"],
      want: "file:x_path LIKE '%\\\\Temp\\\\a.exe'",
    },
    { given: ["FileItem/FullPath", "is", "/tmp/a"], want: "file:x_path = '/tmp/a'" },
    {
      given: ["FileItem/FileName", "is", "Temp\\a.exe"],
      want: "file:x_path LIKE '%\\\\Temp\\\\a.exe'",
    },
    {
      given: ["FileItem/FilePath", "is", "\\Windows\\Temp\\"],
      want: "file:parent_directory_ref.path LIKE '%\\\\Windows\\\\Temp'",
    },
    {
      given: ["FileItem/FilePath", "contains", "Temp\\"],
      want: "file:parent_directory_ref.path LIKE '%Temp\\\\%' OR file:parent_directory_ref.path LIKE '%Temp'",
    },
    { given: ["FileItem/FileExtension", "is", "exe"], want: "file:name LIKE '%.exe'" },
    {
      given: ["FileItem/FileExtension", "containsnot", "dll"],
      want: "file:name NOT MATCHES '(?i)\\\\.[^.]*dll[^.]*$'",
    },
    {
      given: ["FileItem/PEInfo/VersionInfoList/VersionInfoItem/OriginalFilename", "is", "x"],
      want: "file:x_original_file_name = 'x'",
    },
    {
      given: ["FileItem/PEInfo/DigitalSignature/SignatureExists", "is", "false"],
      want: "file:x_signed != 'true'",
    },
    {
      given: ["FileItem/PEInfo/DigitalSignature/CertificateSubject", "contains", "CN=Foo"],
      want: "file:x_signature LIKE '%Foo%'",
    },
    {
      given: ["ProcessItem/HandleList/Handle/Name", "contains", "\\Device\\NamedPipe\\p"],
      want: "x-windows-pipe:name LIKE '%p%'",
    },
    {
      given: ["ProcessItem/Username", "is", "LAB\\eve"],
      want: "process:creator_user_ref.user_id = 'LAB\\\\eve'",
    },
    { given: ["UserItem/Username", "is", "eve"], want: "user-account:account_login = 'eve'" },
    {
      given: ["PortItem/remoteIP", "is", "192.0.2.1"],
      want: `network-traffic:dst_ref.value = '192.0.2.1' OR (network-traffic:src_ref.value = '192.0.2.1' AND ${IN})`,
    },
    {
      given: ["PortItem/remoteIP", "isnot", "192.0.2.1"],
      want: "network-traffic:dst_ref.value != '192.0.2.1' AND (network-traffic:src_ref.value != '192.0.2.1' OR network-traffic:x_initiated != 'false')",
    },
    {
      given: ["PortItem/remoteIP", "is", "192.0.2.0/24"],
      want: `network-traffic:dst_ref.value ISSUBSET '192.0.2.0/24' OR (network-traffic:src_ref.value ISSUBSET '192.0.2.0/24' AND ${IN})`,
    },
    {
      given: ["PortItem/localPort", "is", "445"],
      want: `network-traffic:src_port = 445 OR (network-traffic:dst_port = 445 AND ${IN})`,
    },
    {
      given: ["DnsEntryItem/RecordData/IPv4Address", "is", "192.0.2.1"],
      want: "domain-name:resolves_to_refs[*].value = '192.0.2.1'",
    },
    {
      given: ["Network/URI", "contains", "http://example.org/"],
      want: "domain-name:value LIKE '%example.org%' OR url:value LIKE '%http://example.org/%'",
    },
    {
      given: ["RegistryItem/KeyPath", "is", "SOFTWARE\\X"],
      want: `${KEY} LIKE '%\\\\SOFTWARE\\\\X'`,
    },
    { given: ["RegistryItem/Hive", "is", "HKEY_USERS"], want: `${KEY} MATCHES '(?i)^HKEY_USERS'` },
    {
      given: ["RegistryItem/Path", "is", "HKLM\\A\\b"],
      want: `${KEY} = 'HKLM\\\\A\\\\b' OR (${KEY} = 'HKLM\\\\A' AND ${VALUE}.name = 'b')`,
    },
    {
      given: ["RegistryItem/Path", "containsnot", "A\\b"],
      want: `${KEY} NOT LIKE '%A\\\\b%' AND (${KEY} NOT LIKE '%A' OR ${VALUE}.name NOT LIKE 'b%')`,
    },
    { given: ["RegistryItem/Text", "contains", "evil"], want: `${VALUE}.data LIKE '%evil%'` },
    {
      given: ["ServiceItem/name", "is", "Foo"],
      want: `${KEY} LIKE '%\\\\Services\\\\Foo' OR ${KEY} LIKE '%\\\\Services\\\\Foo\\\\%'`,
    },
    {
      given: ["ServiceItem/serviceDLL", "contains", "x.dll"],
      want: `${KEY} LIKE '%\\\\Services\\\\%' AND ${VALUE}.name = 'ServiceDll' AND ${VALUE}.data LIKE '%x.dll%'`,
    },
  ])("$given", ({ given: [search = "", condition = "", value = ""], want }) => {
    expect(patterns(item(search, condition, value))).toEqual([`[${want}]`]);
  });
});

test("an indicator carries what the IOC says about it, and the same ids at each reading", () => {
  const text = ioc10(group("OR", NAME, DNS));
  const { indicators, version } = read(text);
  expect(version).toBe("1.0");
  expect(indicators[0]).toEqual({
    id: expect.stringMatching(
      /^indicator--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    pattern: "[file:name = 'a.exe']",
    patternType: "stix",
    name: "Sample",
    description: "A sample of ours",
    created: "2026-01-02T00:00:00.000Z",
    modified: "2026-02-03T04:05:06.000Z",
    revoked: false,
    labels: ["alpha", "beta", "family: Example"],
    markings: [],
    killChain: [],
    context: [],
    original: {
      format: "openioc",
      id: "FileItem/FileName|a.exe",
      text: "FileItem/FileName is 'a.exe'",
    },
  });
  expect(read(text)).toEqual(read(text));
  expect(new Set(indicators.map(({ id }) => id)).size).toBe(2);
});

test("OpenIOC 1.1: criteria, metadata, and a date of the year 1 that means none", () => {
  const { version, indicators } = read(ioc11(group("AND", NAME, MD5)));
  expect(version).toBe("1.1");
  expect(indicators[0]).toMatchObject({
    name: "Sample",
    modified: "2026-02-03T04:05:06.000Z",
    pattern: `[${A} AND ${M}]`,
  });
  expect(indicators[0]).not.toHaveProperty("created");
});

test("items without ids get ids of their content", () => {
  const bare = group("OR", NAME, DNS).replaceAll(/ id="[^"]*"/g, "");
  const { indicators } = read(`<ioc><definition>${bare}</definition></ioc>`);
  expect(new Set(indicators.map(({ id }) => id)).size).toBe(2);
});
