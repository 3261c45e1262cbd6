/** A reason is named where it applies, and nowhere else: what no reason explains must be seen. */
import { expect, test } from "@jest/globals";
import type { CyberObservable, Observation } from "stix2-ts";
import { compareVerdicts } from "./compare.ts";
import { RSTIX_REASONS, rstixReasonFor } from "./rstix-reasons.ts";

const seen = (...objects: readonly CyberObservable[]): Observation => ({
  objects: Object.fromEntries(objects.map((object, i) => [`${object.type}--${i}`, object])),
  firstObserved: 0,
  lastObserved: 0,
  numberObserved: 1,
});
const file = { type: "file", name: "a" };
const traffic = { type: "network-traffic", protocols: ["ip", "tcp"] };
const hashed = { type: "file", name: "\u{1f600}x", hashes: { MD5: "aa" } };
const folder = { type: "directory", path: "p", contains_refs: ["file--1", "file--2"] };
const stamp = (second: number) => `t'1970-01-01T00:00:0${second}Z'`;
const window = (start: number, stop: number) => `START ${stamp(start)} STOP ${stamp(stop)}`;

test.each([
  ["refusedOrder", "[file:name > 'A']", seen(file), "operator `Gt` is not valid for `String`"],
  ["refusedOperator", "[file:size LIKE 'a']", seen(file), "operator `Like` is not valid"],
  ["refusedLiteral", "[file:size = 1.5]", seen(file), "constant type `Float(1.5)` is incompatible"],
  [
    "refusedCustom",
    "[x-a:b[*] = 1]",
    seen(file),
    "type error at path x-a:b[*]: list index requires",
  ],
  ["refusedEmpty", "[file:name = 'a']", seen(file), "bundle: directory path must be non-empty"],
  [
    "objects",
    "[file:name = 'a'] AND [network-traffic:protocols[0] = 'ip']",
    seen(file, traffic),
    true,
  ],
  ["lists", "[network-traffic:protocols[*] = 'tcp']", seen(traffic), false],
  ["absent", "[file:size NOT = 1]", seen(file), true],
  [
    "negatedLists",
    "[directory:contains_refs[*].name NOT = 'a']",
    seen(folder, file, hashed),
    false,
  ],
  [
    "binary",
    "[artifact:payload_bin LIKE '%']",
    seen({ type: "artifact", payload_bin: "YQ==" }),
    false,
  ],
  ["hex", "[file:hashes.MD5 = h'aa']", seen(hashed), true],
  ["characters", "[file:name LIKE '_x']", seen(hashed), false],
  ["types", "[network-traffic:src_port = 1 OR file:name = 'a']", seen(file), false],
  ["windows", `([file:name = 'a'] ${window(1, 2)}) ${window(0, 1)}`, seen(file), true],
  ["repeats", "([file:name = 'a'] REPEATS 2 TIMES) WITHIN 1 SECONDS", seen(file), true],
])("%s", (reason, pattern, observation, their) => {
  expect(Object.keys(RSTIX_REASONS)).toContain(reason);
  expect(rstixReasonFor(pattern, [observation], their)).toBe(reason);
});

test.each([
  ["[file:name = 'a']", false],
  ["[file:name = 'b']", true],
  ["([file:name = 'a']) WITHIN 1 SECONDS", false],
  ["[file:name = 'a']", "something else"],
])("%s, %s: no reason", (pattern, their) => {
  const found = compareVerdicts([{ pattern, lists: [[seen(file)]] }], [their], rstixReasonFor);
  expect(found).toMatchObject({ pairs: 1, same: 0, reasons: {} });
  expect(found.unexplained).toHaveLength(1);
});
