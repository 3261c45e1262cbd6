import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { WasmLineReader } from "../../../services/adapters/json-lines/wasm-line-reader.ts";

const paths = ["a", "b"].map((key, i) => ({ keys: [key], field: i + 1, odd: [] }));

/** A value that is one of few, and the longer ones differ in one letter alone. */
const value = fc
  .tuple(fc.nat({ max: 300 }), fc.constantFrom("", "x", "é"), fc.nat({ max: 3 }))
  .map(([length, letter, last]) => `${letter.repeat(length)}${last}`);
const scalar = fc.oneof(value, fc.nat({ max: 30 }));

test("what was not wanted is remembered by field, kind and every byte", () => {
  const reader = new WasmLineReader();
  fc.assert(
    fc.property(
      fc.array(fc.record({ a: scalar, b: scalar }), { minLength: 1, maxLength: 60 }),
      fc.func(fc.integer({ min: 0, max: 9 })),
      (documents, drawn) => {
        const isWanted = (field: number, raw: string, isText: boolean): boolean =>
          drawn(field, raw, isText) === 0;
        // Each line twice: the second time by what is remembered.
        const lines = [...documents, ...documents].map((document) => JSON.stringify(document));
        reader.ask(paths, []);
        const { count, picked } = reader.pick(Buffer.from(`${lines.join("\n")}\n`), isWanted);
        expect(count).toBe(lines.length);
        const wanted = [...documents, ...documents].flatMap(({ a, b }, index) =>
          [a, b].some((one, i) => isWanted(i + 1, String(one), typeof one === "string"))
            ? [{ index, text: lines[index] }]
            : [],
        );
        expect(picked).toEqual(wanted);
      },
    ),
    { numRuns: 300 },
  );
});

test("what is remembered of one table of paths says nothing of the next", () => {
  const reader = new WasmLineReader();
  const line = Buffer.from('{"a":"evil"}\n');
  reader.ask(paths, []);
  expect(reader.pick(line, () => false).picked).toEqual([]);
  reader.ask(paths, []);
  expect(reader.pick(line, () => true).picked).toHaveLength(1);
});

test("lines are numbered on from piece to piece", () => {
  const reader = new WasmLineReader();
  const lines = Array.from({ length: 20_000 }, (_, i) => `{"a":${i}}`);
  reader.ask(paths, []);
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  const { count, picked } = reader.pick(bytes, (_field, raw) => Number(raw) % 1000 === 999);
  expect(count).toBe(20_000);
  expect(picked.map(({ index }) => index)).toEqual(
    Array.from({ length: 20 }, (_, i) => i * 1000 + 999),
  );
});
