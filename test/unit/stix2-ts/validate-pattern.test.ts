import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  compilePattern,
  parsePattern,
  validatePattern,
  type ObservationExpression,
  type PatternWarning,
} from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { observations, pattern } from "../../differential/generate.ts";

const warningsOf = (text: string) => validatePattern(parsePattern(text));

describe("what hardly can be meant", () => {
  type Case = readonly [text: string, code: PatternWarning["code"], message: string, at?: string];
  const TYPE = "stix/pattern-unknown-type";
  const PROPERTY = "stix/pattern-unknown-property";
  const PATH = "stix/pattern-impossible-path";
  const VALUE = "stix/pattern-impossible-value";
  const TIME = "stix/pattern-impossible-time";
  const day = (n: number) => `t'2020-01-0${n}T00:00:00Z'`;
  const cases: readonly Case[] = [
    ["[fil:name = 'a']", TYPE, "no type of STIX"],
    ["[indicator:name = 'a']", TYPE, "no cyber-observable"],
    ["[file:name = 'a' AND fil:size = 1]", TYPE, "no type", "fil:size = 1"],
    ["[file:nam = 'a']", PROPERTY, 'no property "nam"'],
    ["[process:name = 'a']", PROPERTY, "of STIX 2.0"],
    ["[process:binary_ref.name = 'a']", PROPERTY, '"image_ref"'],
    ["[process:image_ref.pid = 1]", PROPERTY, '"file" has no property "pid"'],
    ["[file:hashes.sha256 = 'a']", PROPERTY, '"SHA-256"'],
    ["[file:extensions.'pdf-ex'.version = '1']", PROPERTY, "no extension"],
    ["[file:extensions.'pdf-ext'.versio = '1']", PROPERTY, '"versio"'],
    ["[windows-registry-key:values[*].nam = 'a']", PROPERTY, '"nam"'],
    ["[network-traffic:src_ref.name = 'a']", PROPERTY, '"name"'],
    ["[EXISTS file:nam]", PROPERTY, '"nam"'],
    ["[file:name.x = 'a']", PATH, "asked of text"],
    ["[file:size[0] = 1]", PATH, "element of a list"],
    ["[file:hashes.MD5.x = 'a']", PATH, "asked of text"],
    ["[windows-registry-key:values.name = 'a']", PATH, "a list"],
    ["[network-traffic:protocols = 'tcp']", VALUE, "[*] or [n]"],
    ["[file:hashes = 'a']", VALUE, "an object equals no literal"],
    ["[file:size = '1']", VALUE, "never equals a text"],
    ["[file:size = 1.5]", VALUE, "never stands here"],
    ["[file:size = -1]", VALUE, "never stands here"],
    ["[file:name = 1]", VALUE, "never equals an integer"],
    ["[file:name > 1]", VALUE, "never equals an integer"],
    ["[file:name IN (1, 2.5)]", VALUE, "never equals"],
    ["[file:ctime > 5]", VALUE, "a timestamp"],
    ["[file:name = t'2020-01-01T00:00:00Z']", VALUE, "timestamp literal"],
    ["[process:is_hidden = 'true']", VALUE, "true or false"],
    ["[file:size LIKE '1%']", VALUE, "LIKE asks for text"],
    ["[network-traffic:dst_port ISSUBSET '10.0.0.0/8']", VALUE, "asks for an address"],
    ["[ipv4-addr:value ISSUBSET 'a']", VALUE, "no address"],
    ["[ipv4-addr:value ISSUBSET '2001:db8::/32']", VALUE, "other version"],
    ["[ipv4-addr:value = 'a.example']", VALUE, "no IPv4 address"],
    ["[mac-addr:value = 'AA-BB-CC-DD-EE-FF']", VALUE, "no MAC address"],
    ["[file:hashes.MD5 = 'abc']", VALUE, "no MD5"],
    ["[windows-registry-key:values[*].data_type = 'REG_STRING']", VALUE, "is not in"],
    [`[file:name = 'a'] START ${day(2)} STOP ${day(2)}`, TIME, "START is not before STOP"],
    [
      `([file:name = 'a'] START ${day(1)} STOP ${day(2)}) START ${day(2)} STOP ${day(3)}`,
      TIME,
      "no time in common",
      `[file:name = 'a'] START ${day(1)} STOP ${day(2)}`,
    ],
    [
      `[file:name = 'a'] START ${day(3)} STOP ${day(4)} FOLLOWEDBY [file:name = 'b'] START ${day(1)} STOP ${day(2)}`,
      TIME,
      "lies before",
    ],
    [
      `([file:name = 'a'] START ${day(1)} STOP ${day(2)} AND [file:name = 'b'] START ${day(3)} STOP ${day(4)}) WITHIN 60 SECONDS`,
      TIME,
      "86400 seconds",
    ],
    ["[file:name = 'a'] REPEATS 99999999999999999999 TIMES", TIME, "can't be counted"],
  ];
  test.each(cases.map(([text, code, message, at]) => ({ text, code, message, at })))(
    "$text",
    ({ text, code, message, at }) => {
      const warnings = warningsOf(text);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]?.code).toBe(code);
      expect(warnings[0]?.message.toLowerCase()).toContain(message.toLowerCase());
      expect(warnings[0]?.section).toMatch(/^2\.1 §/);
      const { start = 0, end = 0 } = warnings[0]?.span ?? {};
      const whole = code === TIME ? text : text.slice(1, -1);
      expect(text.slice(start, end)).toBe(at ?? whole);
    },
  );
});

describe("what is meant", () => {
  test.each([
    "[file:name = 'a' AND file:size > 5 AND file:size < 2.5]",
    "[file:hashes.'SHA-256' = 'AEC070645FE53EE3B3763059376134F058CC337247C978ADD178B6CCDFB0019F']",
    "[file:hashes.IMPHASH = 'a']",
    "[file:x_path = 1 AND x-thing:any.thing[0].b = true]",
    "[file:extensions.'x-made-ext'.a.b = 1]",
    "[file:extensions.'extension-definition--71736db5-10db-43d3-b0e3-65cf81601fe1'.rank = 1]",
    "[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.01]",
    "[file:parent_directory_ref.path LIKE 'C:%' AND file:contains_refs[*].name = 'a']",
    "[directory:contains_refs[*].contains_refs[0].name = 'a']",
    "[network-traffic:src_ref.value ISSUBSET '10.0.0.0/8' OR network-traffic:src_ref.value = 'a.example']",
    "[network-traffic:protocols[*] = 'tcp' AND EXISTS network-traffic:extensions]",
    "[email-message:additional_header_fields.'X-Mailer'[0] = 'a' OR email-message:body_multipart[*].body_raw_ref.payload_bin = b'YQ==']",
    "[artifact:payload_bin MATCHES '^a' AND file:magic_number_hex = h'ffd8']",
    "[file:ctime > t'2020-01-01T00:00:00Z' AND file:type = 'file' AND file:id LIKE 'file--%']",
    "[process:environment_variables.PATH LIKE '%a%' AND process:opened_connection_refs[*].dst_port = 443]",
    "[file:name != 'a'] REPEATS 5 TIMES WITHIN 1 SECONDS",
    "([file:name = 'a'] FOLLOWEDBY [file:name = 'b']) WITHIN 5 SECONDS START t'2020-01-01T00:00:00Z' STOP t'2020-01-01T00:00:01Z'",
  ])("%s", (text) => {
    expect(warningsOf(text)).toEqual([]);
  });
});

/** Without OR, what can't be met anywhere can't be met at all. */
function hasOr(node: ObservationExpression): boolean {
  switch (node.kind) {
    case "observation":
      return false;
    case "qualified":
      return hasOr(node.expression);
    default:
      return node.kind === "observation-or" || node.operands.some(hasOr);
  }
}

test("a pattern whose times can't be met is met by nothing", () => {
  let warned = 0;
  fc.assert(
    fc.property(pattern, fc.array(observations, { minLength: 8, maxLength: 8 }), (text, lists) => {
      const parsed = parsePattern(text);
      const isLate = validatePattern(parsed).some(({ code }) => code === "stix/pattern-impossible-time"); // prettier-ignore
      if (!isLate || hasOr(parsed.root)) return;
      warned += 1;
      const { find } = compilePattern(parsed, { mode: "spec", regex: re2 });
      for (const list of lists) expect(find(list)).toBeUndefined();
    }),
    { numRuns: 10_000, seed: 7 },
  );
  expect(warned).toBeGreaterThan(10);
});
