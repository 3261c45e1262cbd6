import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import {
  createBundle,
  liftBundleTo21,
  parseBundle,
  parseObject,
  serialise,
  StixError,
  type Bundle,
  type StixObject,
} from "stix2-ts";
import { mutateValue, mutation } from "../../fuzz/mutate.ts";
import { arbitraryObject, arbitraryOf, TYPES } from "./objects-arbitrary.ts";

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const errorsOf = (object: unknown) =>
  parseObject(object).issues.filter(({ severity }) => severity === "error");
const bundleOf = (...objects: StixObject[]) =>
  createBundle(objects, { uuid: () => "5d0092c5-5f74-4287-9642-33f4c354e56d" });

describe("objects made after the tables", () => {
  test.each(TYPES)("%s: has no error, and comes back from its text", (type) => {
    fc.assert(
      fc.property(arbitraryOf(type), (object) => {
        expect(errorsOf(object)).toEqual([]);
        const { objects, rejected } = parseBundle(serialise(bundleOf(object)));
        expect(rejected).toEqual([]);
        expect(objects).toEqual([asJson(object)]);
      }),
      { numRuns: 60 },
    );
  });

  test("are written the same when written again", () => {
    fc.assert(
      fc.property(arbitraryObject, (object) => {
        const text = serialise(object);
        expect(serialise(JSON.parse(text) as StixObject)).toBe(text);
      }),
    );
  });
});

function throwsOnlyStixErrors(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof StixError)) throw error;
  }
}

/** Objects of 2.1 in a container of 2.0: some are valid there, some are not. */
function container(objects: readonly StixObject[]): Record<string, unknown> {
  return Object.fromEntries(
    objects.map((object, index) => {
      const { id: _, ...rest } = asJson(object) as Record<string, unknown>;
      return [String(index), withLocalRefs(rest)];
    }),
  );
}

function withLocalRefs(value: unknown): unknown {
  if (typeof value === "string") return /--[0-9a-f-]{36}$/.test(value) ? "0" : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withLocalRefs);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withLocalRefs(entry)])); // prettier-ignore
}

describe("whatever is given", () => {
  test("nothing but StixError is thrown, and kept objects are what they seem", () => {
    fc.assert(
      fc.property(
        arbitraryObject,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (object, mutations) => {
          const mutated = mutations.reduce<unknown>((value, [path, replacement]) => mutateValue(value, path, replacement), object); // prettier-ignore
          throwsOnlyStixErrors(() => {
            const { objects } = parseBundle({ ...bundleOf(), objects: [mutated, object] });
            expect(objects.at(-1)).toBe(object);
          });
          throwsOnlyStixErrors(() => parseBundle(JSON.stringify(mutated) ?? ""));
          throwsOnlyStixErrors(() => parseBundle(mutated));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("of 2.0 objects whose properties are anything, what is kept lifts to what 2.1 allows", () => {
    const old = fc
      .tuple(arbitraryObject, fc.array(arbitraryObject, { minLength: 1, maxLength: 3 }))
      .map(([object, others]) => {
        const { spec_version: _, ...rest } = object as unknown as Record<string, unknown>;
        const { object_refs: refs, ...without } = rest;
        if (object.type === "observed-data") return { ...without, objects: container(others) };
        return {
          ...without,
          ...(refs === undefined ? {} : { object_refs: refs }),
          labels: ["malicious-activity", "a"],
          identity_class: "group",
          name: "a",
        };
      });
    let kept = 0;
    fc.assert(
      fc.property(old, mutation, (object, [path, replacement]) => {
        for (const given of [object, mutateValue(object, path, replacement)]) {
          throwsOnlyStixErrors(() => {
            const { objects } = parseBundle({ ...bundleOf(), objects: [given] });
            if (objects.length === 0) return;
            const again = parseBundle({ ...bundleOf(), objects });
            expect(again.rejected).toEqual([]);
            kept += objects.length;
          });
        }
      }),
      { numRuns: 1000 },
    );
    expect(kept).toBeGreaterThan(100);
  });

  test("text that is anything is read or refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        throwsOnlyStixErrors(() => parseBundle(text));
        throwsOnlyStixErrors(() => parseObject(text));
      }),
      { numRuns: 500 },
    );
  });

  test("a bundle of 2.1 lifts to itself", () => {
    fc.assert(
      fc.property(fc.array(arbitraryObject, { minLength: 1, maxLength: 3 }), (objects) => {
        const bundle: Bundle = bundleOf(...objects.map((object) => Object.assign({}, object, { spec_version: "2.1" as const }))); // prettier-ignore
        expect(liftBundleTo21(bundle)).toEqual(bundle);
      }),
    );
  });
});
