/** The specification's own examples (STIX 2.1 §9), each with what it is meant to find and with something close to it. */
import { describe, expect, test } from "@jest/globals";
import {
  compilePattern,
  parsePattern,
  printPattern,
  type CyberObservable,
  type Observation,
} from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";

type Objects = Readonly<Record<string, CyberObservable>>;

const at = (second: number, objects: Objects): Observation => ({
  objects,
  firstObserved: second * 1000,
  lastObserved: second * 1000,
  numberObserved: 1,
});
const one = (type: string, properties: object): Objects => ({ "0": { type, ...properties } });

interface Example {
  readonly section: string;
  readonly text: string;
  readonly found: readonly Observation[];
  readonly missed: readonly Observation[];
}

const SHA256 = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";
const MD5 = "79054025255fb1a26e4bc422aef54eb4";
const bmp = (magic: string) => one("file", { mime_type: "image/bmp", magic_number_hex: magic });
const connection = (type: string, value: string): Objects => ({
  "0": { type: "network-traffic", dst_ref: "1", protocols: ["tcp"] },
  "1": { type, value },
});
const user = (login: string, id: string) =>
  one("user-account", { account_type: "unix", user_id: id, account_login: login });

const EXAMPLES: readonly Example[] = [
  {
    section: "9.8 file with a SHA-256 hash",
    text: `[file:hashes.'SHA-256' = '${SHA256}']`,
    found: [at(0, one("file", { hashes: { "SHA-256": SHA256 } }))],
    missed: [at(0, one("file", { hashes: { MD5: SHA256 } }))],
  },
  {
    section: "9.8 email message with a sender and an attached file name, by regular expression",
    text: "[email-message:from_ref.value MATCHES '.+\\\\@example\\\\.com$' AND email-message:body_multipart[*].body_raw_ref.name MATCHES '^Final Report.+\\\\.exe$']",
    found: [
      at(0, {
        "0": {
          type: "email-message",
          from_ref: "1",
          body_multipart: [{ body: "x" }, { body_raw_ref: "2" }],
        },
        "1": { type: "email-addr", value: "joe@example.com" },
        "2": { type: "file", name: "Final Report v2.exe" },
      }),
    ],
    missed: [
      at(0, {
        "0": { type: "email-message", from_ref: "1", body_multipart: [{ body_raw_ref: "2" }] },
        "1": { type: "email-addr", value: "joe@example.com.evil" },
        "2": { type: "file", name: "Final Report v2.exe" },
      }),
    ],
  },
  {
    section: "9.8 file with a SHA-256 hash and a MIME type",
    text: `[file:hashes.'SHA-256' = '${SHA256}' AND file:mime_type = 'application/x-pdf']`,
    found: [at(0, one("file", { hashes: { "SHA-256": SHA256 }, mime_type: "application/x-pdf" }))],
    missed: [
      at(0, {
        "0": { type: "file", hashes: { "SHA-256": SHA256 } },
        "1": { type: "file", mime_type: "application/x-pdf" },
      }),
    ],
  },
  {
    section: "9.8 two different files, one of them by either of two hashes",
    text: `[file:hashes.'SHA-256' = 'bf07' OR file:hashes.MD5 = 'cead'] AND [file:hashes.'SHA-256' = '${SHA256}']`,
    found: [
      at(5, one("file", { hashes: { MD5: "cead" } })),
      at(0, one("file", { hashes: { "SHA-256": SHA256 } })),
    ],
    missed: [at(0, one("file", { hashes: { MD5: "cead", "SHA-256": SHA256 } }))],
  },
  {
    section: "9.8 a file hash followed by a registry key within 300 seconds",
    text: `([file:hashes.MD5 = '${MD5}'] FOLLOWEDBY [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\foo\\\\bar']) WITHIN 300 SECONDS`,
    found: [
      at(0, one("file", { hashes: { MD5 } })),
      at(300, one("windows-registry-key", { key: "HKEY_LOCAL_MACHINE\\foo\\bar" })),
    ],
    missed: [
      at(0, one("file", { hashes: { MD5 } })),
      at(301, one("windows-registry-key", { key: "HKEY_LOCAL_MACHINE\\foo\\bar" })),
    ],
  },
  {
    section: "9.8 three different user accounts",
    text: "[user-account:account_type = 'unix' AND user-account:user_id = '1007' AND user-account:account_login = 'Peter'] AND [user-account:account_type = 'unix' AND user-account:user_id = '1008' AND user-account:account_login = 'Paul'] AND [user-account:account_type = 'unix' AND user-account:user_id = '1009' AND user-account:account_login = 'Mary']",
    found: [at(9, user("Peter", "1007")), at(0, user("Mary", "1009")), at(5, user("Paul", "1008"))],
    missed: [
      at(9, user("Peter", "1007")),
      at(0, user("Mary", "1008")),
      at(5, user("Paul", "1008")),
    ],
  },
  {
    section: "9.8 artifact of a MIME type with the first bytes of a PCAP file",
    text: "[artifact:mime_type = 'application/vnd.tcpdump.pcap' AND artifact:payload_bin MATCHES '^\\\\xD4\\\\xC3\\\\xB2\\\\xA1\\\\x02\\\\x00\\\\x04\\\\x00']",
    found: [
      at(
        0,
        one("artifact", { mime_type: "application/vnd.tcpdump.pcap", payload_bin: "1MOyoQIABAA=" }),
      ),
    ],
    missed: [
      at(
        0,
        one("artifact", { mime_type: "application/vnd.tcpdump.pcap", payload_bin: "AMOyoQIABAA=" }),
      ),
    ],
  },
  {
    section: "9.8 file with a name and a directory",
    text: "[file:name = 'foo.dll' AND file:parent_directory_ref.path = 'C:\\\\Windows\\\\System32']",
    found: [
      at(0, {
        "0": { type: "file", name: "foo.dll", parent_directory_ref: "1" },
        "1": { type: "directory", path: "C:\\Windows\\System32" },
      }),
    ],
    missed: [
      at(0, {
        "0": { type: "file", name: "foo.dll" },
        "1": { type: "directory", path: "C:\\Windows\\System32" },
      }),
    ],
  },
  {
    section: "9.8 Windows PE file with high section entropy",
    text: "[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]",
    found: [
      at(
        0,
        one("file", {
          extensions: { "windows-pebinary-ext": { sections: [{ entropy: 1 }, { entropy: 7.1 }] } },
        }),
      ),
    ],
    missed: [
      at(
        0,
        one("file", { extensions: { "windows-pebinary-ext": { sections: [{ entropy: 7 }] } } }),
      ),
    ],
  },
  {
    section: "9.8 file with a magic number and a MIME type",
    text: "[file:mime_type = 'image/bmp' AND file:magic_number_hex = h'ffd8']",
    found: [at(0, bmp("FFD8"))],
    missed: [at(0, bmp("ffd9"))],
  },
  {
    section: "9.8 network traffic with a destination",
    text: "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.33/32']",
    found: [at(0, connection("ipv4-addr", "203.0.113.33/32"))],
    missed: [at(0, connection("ipv6-addr", "203.0.113.33/32"))],
  },
  {
    section: "9.8 domain that resolves to an address",
    text: "[domain-name:value = 'www.5z8.info' AND domain-name:resolves_to_refs[*].value = '198.51.100.1/32']",
    found: [
      at(0, {
        "0": { type: "domain-name", value: "www.5z8.info", resolves_to_refs: ["1", "2"] },
        "1": { type: "ipv4-addr", value: "198.51.100.9" },
        "2": { type: "ipv4-addr", value: "198.51.100.1/32" },
      }),
    ],
    missed: [
      at(0, {
        "0": { type: "domain-name", value: "www.5z8.info", resolves_to_refs: ["1"] },
        "1": { type: "ipv4-addr", value: "198.51.100.9" },
        "2": { type: "ipv4-addr", value: "198.51.100.1/32" },
      }),
    ],
  },
  {
    section: "9.8 one URL or another",
    text: "[url:value = 'http://example.com/foo' OR url:value = 'http://example.com/bar']",
    found: [at(0, one("url", { value: "http://example.com/bar" }))],
    missed: [at(0, one("url", { value: "http://example.com/Bar" }))],
  },
  {
    section: "9.8 X.509 certificate",
    text: "[x509-certificate:issuer = 'CN=WEBMAIL' AND x509-certificate:serial_number = '4c:0b:1d:19']",
    found: [at(0, one("x509-certificate", { issuer: "CN=WEBMAIL", serial_number: "4c:0b:1d:19" }))],
    missed: [at(0, one("x509-certificate", { issuer: "CN=WEBMAIL" }))],
  },
  {
    section: "9.8 parentheses inside an observation, and a timestamp",
    text: "[(file:name = 'pdf.exe' OR file:size = '371712') AND file:created = t'2014-01-13T07:03:17Z']",
    found: [at(0, one("file", { name: "pdf.exe", created: "2014-01-13T07:03:17.000Z" }))],
    missed: [at(0, one("file", { size: 371_712, created: "2014-01-13T07:03:17Z" }))],
  },
  {
    section: "9.8 two command lines in order, within a window",
    text: "([process:command_line MATCHES '^.+>-add GlobalSign\\\\.cer -c -s -r localMachine Root$'] FOLLOWEDBY [process:command_line MATCHES '^.+>-add GlobalSign\\\\.cer -c -s -r localMachineTrustedPublisher$']) WITHIN 300 SECONDS",
    found: [
      at(0, one("process", { command_line: "x>-add GlobalSign.cer -c -s -r localMachine Root" })),
      at(
        9,
        one("process", {
          command_line: "x>-add GlobalSign.cer -c -s -r localMachineTrustedPublisher",
        }),
      ),
    ],
    missed: [
      at(9, one("process", { command_line: "x>-add GlobalSign.cer -c -s -r localMachine Root" })),
      at(
        0,
        one("process", {
          command_line: "x>-add GlobalSign.cer -c -s -r localMachineTrustedPublisher",
        }),
      ),
    ],
  },
  {
    section: "9.8 traffic to one domain five times within 30 minutes",
    text: "[network-traffic:dst_ref.type = 'domain-name' AND network-traffic:dst_ref.value = 'example.com'] REPEATS 5 TIMES WITHIN 1800 SECONDS",
    found: [0, 400, 800, 1200, 1800].map((second) =>
      at(second, connection("domain-name", "example.com")),
    ),
    missed: [0, 400, 800, 1200, 1801].map((second) =>
      at(second, connection("domain-name", "example.com")),
    ),
  },
  {
    section: "9.8 an address inside a range",
    text: "[network-traffic:dst_ref.value ISSUBSET '2001:0db8:dead:beef:0000:0000:0000:0000/64']",
    found: [at(0, connection("ipv6-addr", "2001:db8:dead:beef::1"))],
    missed: [at(0, connection("ipv6-addr", "2001:db8:dead:bee::1"))],
  },
  {
    section: "9.5.1 START and STOP: STOP is outside",
    text: "[file:name = 'a'] START t'1970-01-01T00:00:10Z' STOP t'1970-01-01T00:00:20Z'",
    found: [at(10, one("file", { name: "a" }))],
    missed: [at(20, one("file", { name: "a" }))],
  },
  {
    section: "9.5.2 AND takes observations in any order, FOLLOWEDBY also at the same time",
    text: "[file:name = 'a'] FOLLOWEDBY [file:name = 'b']",
    found: [at(1, one("file", { name: "b" })), at(1, one("file", { name: "a" }))],
    missed: [at(1, one("file", { name: "b" })), at(2, one("file", { name: "a" }))],
  },
  {
    section: "9.6.2 texts are ordered by code point, without normalising",
    text: "[file:name > 'z']",
    found: [at(0, one("file", { name: "\u00f2" }))],
    missed: [at(0, one("file", { name: "o\u0300" }))],
  },
  {
    section: "9.6.3 binary data is compared with text by code points",
    text: "[artifact:payload_bin = 'abc']",
    found: [at(0, one("artifact", { payload_bin: "YWJj" }))],
    missed: [at(0, one("artifact", { payload_bin: "abc" }))],
  },
  {
    section: "9.7 a list index counts from 0",
    text: "[file:extensions.'archive-ext'.contains_refs[1].name = 'a']",
    found: [
      at(0, {
        "0": { type: "file", extensions: { "archive-ext": { contains_refs: ["1", "2"] } } },
        "1": { type: "file", name: "b" },
        "2": { type: "file", name: "a" },
      }),
    ],
    missed: [
      at(0, {
        "0": { type: "file", extensions: { "archive-ext": { contains_refs: ["2", "1"] } } },
        "1": { type: "file", name: "b" },
        "2": { type: "file", name: "a" },
      }),
    ],
  },
];

describe("examples of the specification", () => {
  test.each(EXAMPLES)("$section", ({ text, found, missed }) => {
    const pattern = parsePattern(text);
    const { find } = compilePattern(pattern, { mode: "spec", regex: re2 });
    expect(find(found)?.map(({ observation }) => observation)).toEqual(found.map((_, i) => i));
    expect(find(missed)).toBeUndefined();
    const again = parsePattern(printPattern(pattern.root));
    expect(printPattern(again.root)).toBe(printPattern(pattern.root));
  });
});
