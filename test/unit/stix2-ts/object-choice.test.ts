/** Which objects stand for the types of one `[ ]`: every choice is thought of, and not every choice is tried. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  compilePattern,
  parsePattern,
  printPattern,
  walkComparisons,
  type ComparisonExpression,
  type CyberObservable,
  type Observation,
} from "stix2-ts";

const observation = (objects: readonly CyberObservable[]): Observation => ({
  objects: Object.fromEntries(objects.map((one, i) => [`o${i}`, one])),
  firstObserved: 0,
  lastObserved: 0,
  numberObserved: 1,
});
const compiled = (text: string) => compilePattern(parsePattern(text), { mode: "spec" });

/** STIX 2.1 §9.5 word by word: one object of each type that is there, in every combination. */
function naive(expression: ComparisonExpression, objects: readonly CyberObservable[]): boolean {
  const types = [...new Set([...walkComparisons(expression)].map(({ path }) => path.objectType))];
  const choices = types.reduce<readonly (readonly CyberObservable[])[]>(
    (all, type) => {
      const its = objects.filter((one) => one.type === type);
      return its.length === 0 ? all : all.flatMap((one) => its.map((more) => [...one, more]));
    },
    [[]],
  );
  const holds = (node: ComparisonExpression, choice: readonly CyberObservable[]): boolean =>
    node.kind === "comparison"
      ? compiled(`[${printPattern(node)}]`).test(observation(choice)) !== undefined
      : node.kind === "and"
        ? node.operands.every((one) => holds(one, choice))
        : node.operands.some((one) => holds(one, choice));
  return choices.some((choice) => holds(expression, choice));
}

const comparison = fc
  .tuple(
    fc.constantFrom("a", "b", "c"),
    fc.constantFrom(":v = 1", ":v != 1", ":w = 1", ":w NOT = 2", ":v IN (1, 2)"),
    fc.boolean(),
  )
  .map(([type, what, isAbsence]) => (isAbsence ? `NOT EXISTS ${type}:w` : type + what));
const { inside } = fc.letrec<{ inside: string }>((tie) => ({
  inside: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    comparison,
    fc
      .tuple(tie("inside"), fc.constantFrom("AND", "OR"), tie("inside"))
      .map(([left, joint, right]) => `(${left} ${joint} ${right})`),
  ),
}));
const number = fc.constantFrom(1, 2);
const object = fc.record(
  { type: fc.constantFrom("a", "b", "c"), v: number, w: number },
  { requiredKeys: ["type"] },
);

describe("the choice of objects in one [ ]", () => {
  test("is what trying every combination gives, and its reasons hold", () => {
    let hits = 0;
    fc.assert(
      fc.property(inside, fc.array(object, { maxLength: 7 }), (text, objects) => {
        const { root } = parsePattern(`[${text}]`);
        if (root.kind !== "observation") throw new TypeError("not one [ ]");
        const why = compiled(`[${text}]`).test(observation(objects));
        expect(why !== undefined).toBe(naive(root.expression, objects));
        const chosen = new Map<string, string>();
        for (const { object: key, comparison: what, path } of why ?? []) {
          const type = path.split(":")[0] ?? "";
          if (key !== "") expect(chosen.get(type) ?? key).toBe(key);
          chosen.set(type, key);
          const its = objects.filter((_, i) => `o${i}` === key);
          expect(compiled(`[${what}]`).test(observation(its))).toBeDefined();
        }
        hits += why === undefined ? 0 : 1;
      }),
      { numRuns: 3000 },
    );
    expect(hits).toBeGreaterThan(500);
  });

  /** `(t0 OR t1) AND (t1 OR t2) AND … AND (t29 OR t0)`: three objects a type, so 3^30 choices. */
  const ring = (size: number, more = "") => {
    const operands = Array.from(
      { length: size },
      (_, i) => `(t${i}:right = 1 OR t${(i + 1) % size}:left = 1)`,
    );
    return `[${operands.join(" AND ")}${more}]`;
  };
  const types = (size: number, make: (type: string) => readonly CyberObservable[]) =>
    Array.from({ length: size }, (_, i) => make(`t${i}`)).flat();

  test("a ring of ORs over thirty types is decided", () => {
    const objects = types(30, (type) => [
      { type, left: 1 },
      { type, right: 1 },
      { type, left: 2, right: 2 },
    ]);
    expect(compiled(ring(30)).test(observation(objects))).toHaveLength(30);
    const none = types(30, (type) => [
      { type, left: 2 },
      { type, right: 3 },
      { type, left: 4 },
    ]);
    expect(compiled(ring(30)).test(observation(none))).toBeUndefined();
    // Each object serves one operand of the ring, and one more operand asks for another.
    const one = compiled(ring(30, " AND (t3:left = 1 OR t29:left = 1) AND t0:left = 1"));
    expect(one.test(observation(objects))).toBeDefined();
    const both = compiled(ring(30, " AND t5:right = 1 AND t9:left = 1 AND t9:right = 1"));
    expect(both.test(observation(objects))).toBeUndefined();
  });

  test("a puzzle beyond the bound is an error, not an answer", () => {
    // Pigeons into one hole too few: hard for every search of this kind.
    const [pigeons, holes] = [13, 12];
    const objects = types(pigeons, (type) =>
      Array.from({ length: holes }, (_, hole) => ({ type, hole })),
    );
    const apart = Array.from({ length: pigeons }, (_, a) =>
      Array.from({ length: a }, (__, b) =>
        Array.from(
          { length: holes },
          (___, hole) => `(t${a}:hole != ${hole} OR t${b}:hole != ${hole})`,
        ),
      ),
    ).flat(2);
    expect(() => compiled(`[${apart.join(" AND ")}]`).test(observation(objects))).toThrow(
      expect.objectContaining({ code: "stix/evaluation-limit" }),
    );
  });
});
