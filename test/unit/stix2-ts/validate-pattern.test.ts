import { describe, expect, test } from "@jest/globals";
import { parsePattern, validatePattern } from "stix2-ts";

const TYPE = "stix/pattern-unknown-type";
const PROPERTY = "stix/pattern-unknown-property";
const PATH = "stix/pattern-impossible-path";
const VALUE = "stix/pattern-impossible-value";
const TIME = "stix/pattern-impossible-time";

describe("validatePattern", () => {
  test.each([
    ["[file:name = 'a' AND file:hashes.'SHA-256' = 'b']", []],
    ["[x-custom:anything.at[*].all = 1]", []],
    ["[file:x_path = 'a' OR file:extensions.'x-ext'.a = 1]", []],
    ["[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]", []],
    ["[network-traffic:dst_ref.value = '1.2.3.4']", []],
    ["[domain-name:resolves_to_refs[*].value = '1.2.3.4']", []],
    ["[process:created_time > t'2020-01-01T00:00:00Z']", []],
    ["[artifact:payload_bin = b'YQ==']", []],
    ["[fil:name = 'a']", [TYPE]],
    ["[indicator:name = 'a']", [TYPE]],
    ["[file:nam = 'a']", [PROPERTY]],
    ["[file:extensions.'ntfs-ex'.sid = 'a']", [PROPERTY]],
    ["[file:hashes.SHA256 = 'a']", [PROPERTY]],
    ["[network-traffic:dst_ref.valu = 'a']", [PROPERTY]],
    ["[file:name.first = 'a']", [PATH]],
    ["[file:name[0] = 'a']", [PATH]],
    ["[file:size = '7']", [VALUE]],
    ["[file:name = 7]", [VALUE]],
    ["[file:size LIKE '7%']", [VALUE]],
    ["[process:is_hidden = 1]", [VALUE]],
    ["[file:hashes = 'a']", []],
    ["[file:name IN ('a', 1)]", [VALUE]],
    ["[file:name = 'a'] START t'2020-01-02T00:00:00Z' STOP t'2020-01-01T00:00:00Z'", [TIME]],
    [
      "([file:name = 'a'] START t'2020-01-01T00:00:00Z' STOP t'2020-01-02T00:00:00Z') START t'2021-01-01T00:00:00Z' STOP t'2021-01-02T00:00:00Z'",
      [TIME],
    ],
  ] as const)("%s", (text, codes) => {
    expect(validatePattern(parsePattern(text)).map(({ code }) => code)).toEqual(codes);
  });

  test("names the comparison, what stands there, and the section", () => {
    const text = "[file:name = 'a' AND file:size = '7']";
    const [warning] = validatePattern(parsePattern(text));
    expect(warning).toMatchObject({ section: "2.1 §9.6" });
    expect(warning?.message).toContain("a whole number");
    expect(text.slice(warning?.span.start, warning?.span.end)).toBe("file:size = '7'");
  });
});
