/** References that go in circles: what a path leads to is found, without walking each of its many ways. */
import { describe, expect, test } from "@jest/globals";
import {
  compilePattern,
  parsePattern,
  pathValues,
  type CyberObservable,
  type MatchMode,
  type Observation,
} from "stix2-ts";

const LENGTH = 60;

/** Objects each of which refers to all; counts how often one is asked for its references. */
function circle(size: number) {
  const asked = { times: 0 };
  const names = Array.from({ length: size }, (_, i) => `d${i}`);
  const objects = Object.fromEntries(
    names.map((name): [string, CyberObservable] => [
      name,
      {
        type: "directory",
        path: name,
        get contains_refs() {
          asked.times += 1;
          return names;
        },
      },
    ]),
  );
  const observation: Observation = {
    objects,
    firstObserved: 0,
    lastObserved: 0,
    numberObserved: 1,
  };
  return { observation, asked };
}

const steps = (index: string) => Array(LENGTH).fill(`contains_refs${index}`).join(".");

describe("references in a circle", () => {
  test.each([
    ["spec", "[*]"],
    ["observable", "[*]"],
    ["observable", ""],
  ] as readonly [MatchMode, string][])(
    "a path of many steps, mode %s, index '%s', is answered in few",
    (mode, index) => {
      const { observation, asked } = circle(4);
      const answer = (what: string) =>
        compilePattern(parsePattern(`[directory:${steps(index)}.${what}]`), { mode }).test(
          observation,
        );
      expect(answer("path = 'none'")).toBeUndefined();
      expect(answer("path = 'd3'")).toEqual([
        expect.objectContaining({ object: "d3", steps: ["path"], value: "d3" }),
      ]);
      expect(answer("path != 'd0'")).toBeDefined();
      expect(asked.times).toBeLessThan(4 * 4 * LENGTH * 4);
    },
  );

  test("pathValues gives each value once", () => {
    const { observation } = circle(3);
    const { root } = parsePattern(`[directory:${steps("[*]")}.path = '']`);
    if (root.kind !== "observation" || root.expression.kind !== "comparison") throw new TypeError();
    const found = pathValues(observation, "d0", root.expression.path.steps, "spec");
    expect(found.map(({ value }) => value)).toEqual(["d0", "d1", "d2"]);
  });

  test("NOT EXISTS of such a path is answered too", () => {
    const { observation } = circle(3);
    const ask = (name: string) =>
      compilePattern(parsePattern(`[NOT EXISTS directory:${steps("[*]")}.${name}]`), {
        mode: "spec",
      }).test(observation);
    expect(ask("path")).toBeUndefined();
    expect(ask("ctime")).toBeDefined();
  });

  test("what costs too much all the same is an error, not an answer", () => {
    const { observation } = circle(500);
    const { test: holds } = compilePattern(
      parsePattern(`[directory:${steps("[*]")}.path = 'none']`),
      { mode: "spec" },
    );
    expect(() => holds(observation)).toThrow(
      expect.objectContaining({ code: "stix/evaluation-limit" }),
    );
  });
});
