import { describe, expect, test } from "@jest/globals";
import {
  compilePattern,
  parsePattern,
  PatternSet,
  type CyberObservable,
  type MatchMode,
  type Observation,
} from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";

function observation(objects: Record<string, CyberObservable>): Observation {
  return { objects, firstObserved: 0, lastObserved: 0, numberObserved: 1 };
}

const SEEN = observation({
  file: {
    type: "file",
    name: "Evil.EXE",
    size: 7,
    hashes: { MD5: "0123456789abcdef0123456789abcdef" },
    parent_directory_ref: "dir",
  },
  other: { type: "file", name: "line\none", path: "\\\\?\\C:\\Temp\\b.txt" },
  process: { type: "process", cwd: "C:\\Users\\Bob\\" },
  long: { type: "windows-registry-key", key: "HKEY_LOCAL_MACHINE\\Software\\Run\\" },
  long6: { type: "ipv6-addr", value: "2001:0db8:0:0:0:0:0:00ff" },
  puny: { type: "domain-name", value: "xn--bcher-kva.Example.COM" },
  dir: { type: "directory", path: "C:\\Temp" },
  net: { type: "network-traffic", dst_ref: "ip", dst_port: 443, protocols: ["ipv4", "tcp"] },
  ip: { type: "ipv4-addr", value: "10.1.2.3" },
  six: { type: "ipv6-addr", value: "2001:db8::1" },
  mapped: { type: "ipv6-addr", value: "::FFFF:10.9.8.7" },
  domain: { type: "domain-name", value: "Bücher.Example." },
  key: {
    type: "windows-registry-key",
    key: "HKLM\\Software\\X",
    values: [{ name: "a" }, { name: "b" }],
  },
});

const matches = (pattern: string, mode: MatchMode = "observable") =>
  compilePattern(parsePattern(pattern), { mode, regex: re2 }).test(SEEN) !== undefined;

describe("evaluation on one observation", () => {
  test.each([
    ["[file:name = 'evil.exe']", true, false],
    ["[file:name = 'Evil.EXE']", true, true],
    ["[file:name != 'Evil.EXE']", true, true],
    ["[file:size != 7]", false, false],
    ["[file:ctime != 't']", false, false],
    ["[NOT EXISTS file:size]", true, true],
    ["[EXISTS file:mtime]", false, false],
    ["[file:name = 'Evil.EXE' AND file:size = 7]", true, true],
    ["[file:name = 'line\none' AND file:size = 7]", false, false],
    ["[file:name LIKE 'line%one']", true, true],
    ["[file:name MATCHES '^E.*E$']", true, true],
    ["[file:hashes.MD5 = '0123456789ABCDEF0123456789ABCDEF']", true, false],
    ["[file:hashes.md5 = '0123456789abcdef0123456789abcdef']", true, false],
    ["[file:parent_directory_ref.path = 'C:\\\\Temp']", true, true],
    ["[network-traffic:dst_ref.value ISSUBSET '10.0.0.0/8']", true, true],
    ["[network-traffic:dst_ref.value ISSUBSET '0.0.0.0/0']", true, true],
    ["[ipv4-addr:value = '10.0.0.0/8']", true, false],
    ["[ipv4-addr:value = '::ffff:10.1.2.3']", true, false],
    ["[ipv6-addr:value ISSUBSET '2001:DB8:0::/32']", true, true],
    ["[ipv6-addr:value ISSUBSET '::ffff:0:0/95']", true, true],
    ["[ipv6-addr:value ISSUBSET '::ffff:10.0.0.0/104']", true, true],
    ["[ipv6-addr:value ISSUBSET '10.0.0.0/8']", true, true],
    ["[ipv6-addr:value ISSUBSET '::fffe:0:0/96']", false, false],
    ["[ipv4-addr:value ISSUBSET '::/0']", false, false],
    ["[ipv6-addr:value = '::ffff:0:0/80']", true, false],
    ["[ipv6-addr:value = '::ffff:a09:807']", true, false],
    ["[ipv6-addr:value = '10.9.8.7']", true, false],
    ["[ipv4-addr:value = '::ffff:10.9.8.7']", false, false],
    ["[ipv6-addr:value = '2001:0db8:0:0:0:0:0:1']", true, false],
    ["[network-traffic:protocols[*] = 'tcp']", true, true],
    ["[network-traffic:protocols[0] = 'tcp']", false, false],
    ["[network-traffic:dst_port IN (80, 443)]", true, true],
    ["[network-traffic:dst_port = '443']", false, false],
    ["[domain-name:value = 'xn--bcher-kva.example']", true, false],
    ["[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\software\\\\x']", true, false],
    ["[ipv4-addr:value = '10.1.2.3/32']", true, false],
    ["[ipv4-addr:value IN ('10.1.2.3/32')]", true, false],
    ["[ipv6-addr:value = '2001:db8::1/128']", true, false],
    ["[ipv6-addr:value LIKE '2001:db8::f%']", true, false],
    ["[process:cwd = 'c:\\\\users\\\\bob']", true, false],
    ["[process:cwd = 'c:/users/bob/']", true, false],
    ["[process:cwd LIKE '%\\\\Bob']", true, false],
    ["[directory:path = 'C:\\\\Temp\\\\']", true, false],
    ["[file:path = 'C:\\\\Temp\\\\b.txt']", true, false],
    ["[file:path MATCHES '^C:.*txt$']", true, false],
    ["[windows-registry-key:key = 'HKLM\\\\software\\\\run']", true, false],
    ["[windows-registry-key:key LIKE '%HKEY_LOCAL_MACHINE%\\\\Run']", true, false],
    ["[windows-registry-key:key LIKE 'HKEY_LOCAL%']", true, true],
    ["[domain-name:value LIKE '%.example']", true, false],
    ["[domain-name:value LIKE 'bücher.%.com']", true, false],
    ["[domain-name:value MATCHES '\\\\.example\\\\.com$']", true, false],
    ["[windows-registry-key:values[*].name = 'b']", true, true],
    ["[windows-registry-key:values[0].name = 'b']", false, false],
  ] as const)("%s: observable %s, spec %s", (pattern, observable, spec) => {
    expect(matches(pattern)).toBe(observable);
    expect(matches(pattern, "spec")).toBe(spec);
  });
});

describe("one value in its spellings, observable mode", () => {
  const GUID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
  const holds = (path: string, value: string, what: string, mode: MatchMode = "observable") => {
    const [type = "", property = ""] = path.split(":");
    return (
      compilePattern(parsePattern(`[${path} ${what}]`), { mode, regex: re2 }).test(
        observation({ o: { type, [property]: value } }),
      ) !== undefined
    );
  };
  const KEY = "windows-registry-key:key";
  test.each([
    [KEY, "HKLM\\Software\\Run", "LIKE 'HKEY_LOCAL_MACHINE\\\\Software%'"],
    [KEY, "HKLM\\Software\\Run", "LIKE '\\\\REGISTRY\\\\MACHINE\\\\%Run'"],
    [KEY, "\\REGISTRY\\MACHINE\\Software", "LIKE 'hklm\\\\%'"],
    [KEY, "HKEY_USERS\\S-1-5", "MATCHES '^HKU.S-1'"],
    [KEY, "HKU\\S-1-5", "MATCHES 'REGISTRY.USER.S-1'"],
    [KEY, "hklm\\Software\\Run\\", "MATCHES '^HKEY_LOCAL_MACHINE.Software.Run$'"],
    [KEY, "HKCU\\Software", "MATCHES 'HKEY_CURRENT_USER'"],
    [KEY, "HKCR\\clsid", "LIKE 'HKEY_CLASSES_ROOT%'"],
    ["process:command_line", "HKLM\\\\Software", "LIKE 'HKEY_LOCAL_MACHINE\\\\Software'"],
    ["process:name", `{${GUID}}`, `LIKE '${GUID.slice(0, 9)}%'`],
    ["process:name", `{${GUID}}`, `MATCHES '^${GUID}$'`],
    ["process:name", GUID, `LIKE '{${GUID.slice(0, 9)}%'`],
    ["process:name", GUID, `MATCHES '^[{]${GUID}[}]$'`],
    ["file:path", "C:\\\\Temp\\\\x", "MATCHES '^C:.Temp.x$'"],
    ["process:command_line", "type C:\\\\Temp\\\\x", "MATCHES 'C:.Temp.x$'"],
    ["ipv4-addr:value", "10.1.2.3/32", "LIKE '10.1.2.3'"],
    ["ipv4-addr:value", "10.1.2.3/32", "MATCHES '^10.1.2.3$'"],
    ["ipv6-addr:value", "2001:DB8::1", "LIKE '2001:0db8:0000:%:0001'"],
    ["ipv6-addr:value", "2001:0DB8:0:0:0:0:0:1", "MATCHES '^2001:db8::1$'"],
    ["ipv6-addr:value", "2001:db8::1", "LIKE '2001:db8:0:0:%'"],
    ["ipv6-addr:value", "::ffff:1.2.3.4", "LIKE '1.2.3.%'"],
    ["ipv6-addr:value", "0:0:0:0:0:FFFF:0102:0304", "LIKE '::ffff:1.2.3.4'"],
    ["ipv6-addr:value", "fe80::1%eth0", "= 'fe80::1'"],
    ["ipv6-addr:value", "fe80::1", "= 'FE80:0::1%12'"],
    ["ipv6-addr:value", "fe80::1%eth0", "IN ('fe80::1%eth1')"],
    ["ipv6-addr:value", "fe80::1%eth0", "= 'fe80::/10'"],
    ["ipv6-addr:value", "fe80::1%eth0", "ISSUBSET 'fe80::/10'"],
    ["ipv6-addr:value", "fe80::1%eth0", "LIKE 'fe80::1'"],
    ["ipv6-addr:value", "fe80::1%eth0", "MATCHES '^fe80::1$'"],
    ["domain-name:value", "evil\u3002com", "= 'evil.com'"],
    ["domain-name:value", "b\u00fccher\uff0eexample\uff61", "= 'xn--bcher-kva.example'"],
    ["domain-name:value", "evil.com", "= 'evil\uff0ecom'"],
    ["domain-name:value", "www\uff61evil.com", "LIKE '%.evil.com'"],
    ["domain-name:value", "www.evil.com", "LIKE '%\u3002com'"],
    ["domain-name:value", "www\uff0eevil.com", "MATCHES '^www[.]evil[.]com$'"],
  ])("%s %s %s", (path, value, what) => {
    expect(holds(path, value, what)).toBe(true);
    expect(holds(path, value, what.replace("LIKE", "NOT LIKE"))).toBe(!what.startsWith("LIKE"));
    expect(holds(path, value, what, "spec")).toBe(false);
  });

  test.each([
    ["ipv6-addr:value", "fe80::1%eth0", "= 'fe80::2'"],
    ["file:name", "100%", "= '100'"],
    ["file:name", "a:b%c", "= 'a:b'"],
    ["ipv4-addr:value", "10.1.2.0/24", "LIKE '10.1.2.0'"],
    ["file:name", "\u3002 x", "= '. x'"],
    [KEY, "HKLM\\Software", "LIKE 'HKEY_USERS%'"],
    ["url:value", "HKLM\\Software", "LIKE 'HKEY_LOCAL%'"],
  ])("not: %s %s %s", (path, value, what) => {
    expect(holds(path, value, what)).toBe(false);
  });
});

describe("integers beyond 2^53", () => {
  const BIG = 9007199254740993n; // JSON reads …992
  test.each([
    [BIG, `= ${BIG}`, true],
    [BIG, `= ${BIG - 1n}`, false],
    [BIG, `IN (1, ${BIG})`, true],
    [BIG, `!= ${BIG}`, false],
    [BIG, `> ${BIG - 1n}`, true],
    [BIG, `> ${BIG}`, false],
    [BIG, `<= ${BIG}`, true],
    [BIG, `< 1.5`, false],
    [BIG - 1n, `= ${BIG}`, false],
    [5n, "= 5", true],
    [5n, "= 5.0", true],
    [JSON.parse(String(BIG)), `= ${BIG}`, true],
    [JSON.parse(String(BIG)), `< ${BIG}`, false],
    [JSON.parse("18446744073709551615"), "= 18446744073709551615", true],
    [10n ** 21n, `= 1${"0".repeat(21)}`, true],
    [1e21, `= 1${"0".repeat(21)}`, true],
  ])("%s %s: %s", (value, what, want) => {
    const seen = observation({ x: { type: "x", v: value } });
    const compiled = compilePattern(parsePattern(`[x:v ${what}]`), { mode: "spec" });
    expect(compiled.test(seen) !== undefined).toBe(want);
    const set = new PatternSet();
    set.add("p", compiled);
    expect(set.match(seen).length > 0).toBe(want);
  });
});

describe("readings of one thing", () => {
  const key = (path: string, data?: string) => ({
    type: "windows-registry-key",
    key: path,
    ...(data === undefined ? {} : { values: [{ name: "Evil", data }] }),
  });
  const seen = {
    ...observation({ whole: key("HKLM\\Run\\Evil"), parent: key("HKLM\\Run", "x.exe") }),
    readings: { whole: "target", parent: "target" },
  };
  test.each([
    ["[windows-registry-key:key = 'HKLM\\\\Run\\\\Evil']", true],
    [
      "[windows-registry-key:key = 'HKLM\\\\Run' AND windows-registry-key:values[0].data = 'x.exe']",
      true,
    ],
    ["[windows-registry-key:key != 'HKLM\\\\Run\\\\Evil']", false],
    ["[windows-registry-key:key NOT LIKE '%Evil']", false],
    ["[windows-registry-key:key != 'HKLM\\\\Other']", true],
    ["[windows-registry-key:values[0].data != 'y.exe']", true],
    ["[NOT EXISTS windows-registry-key:values]", false],
  ] as const)("%s: %s", (text, want) => {
    const { test: holds } = compilePattern(parsePattern(text), { mode: "observable" });
    expect(holds(seen) !== undefined).toBe(want);
  });
});
