import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { documentLines, isByDocument } from "../../services/adapters/files/document-lines.ts";

/** Reads in pieces of a given length. */
async function lines(given: string, length: number): Promise<readonly string[]> {
  let rest = Buffer.from(given);
  const read = documentLines(async (into) => {
    const bytes = rest.copy(into, 0, 0, Math.min(length, into.length));
    rest = rest.subarray(bytes);
    return bytes;
  });
  const room = Buffer.alloc(64);
  const parts: Buffer[] = [];
  for (let bytes = await read(room); bytes > 0; bytes = await read(room)) {
    parts.push(Buffer.from(room.subarray(0, bytes)));
  }
  const text = Buffer.concat(parts).toString("utf8");
  return text.split("\n").filter((line) => line.trim() !== "");
}

const documents = fc.array(
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
  { maxLength: 5 },
); // prettier-ignore
const space = fc.constantFrom(undefined, 0, 1, 2, "\t");

describe("documents a line each", () => {
  test("of a list, however it is written and however the bytes come", async () => {
    const checked = fc.assert(
      fc.asyncProperty(
        documents,
        space,
        fc.integer({ min: 1, max: 70 }),
        async (all, how, length) => {
          const text = JSON.stringify(all, undefined, how);
          expect(isByDocument(Buffer.from(text))).toBe(true);
          expect((await lines(text, length)).map((one) => JSON.parse(one) as unknown)).toEqual(JSON.parse(text)); // prettier-ignore
        },
      ),
      { numRuns: 300 },
    );
    await expect(checked).resolves.toBeUndefined();
  });

  test("of objects one after another, each over several lines", async () => {
    const checked = fc.assert(
      fc.asyncProperty(documents, fc.integer({ min: 1, max: 70 }), async (all, length) => {
        const text = all.map((one) => `${JSON.stringify(one, undefined, 2)}\r\n`).join("");
        const found = (await lines(text, length)).map((one) => JSON.parse(one) as unknown);
        expect(found).toEqual(JSON.parse(JSON.stringify(all)));
      }),
      { numRuns: 300 },
    );
    await expect(checked).resolves.toBeUndefined();
  });

  test.each([
    { name: "what comes behind the list is a line of its own", text: '[{"a":1}] {"b":2}\n{"c":3}', want: [' {"a":1}', ' {"b":2}', '{"c":3}'] }, // prettier-ignore
    { name: "a text broken over lines stays broken", text: '[{"a":"x\ny"},{"b":1}]', want: [' {"a":"x\u0001y"}', '{"b":1}'] }, // prettier-ignore
    { name: "an empty list", text: " [ ]\n", want: [] },
    { name: "lists of lists", text: "[[1,2],[3]]", want: [" [1,2]", "[3]"] },
  ])("$name", async ({ text, want }) => {
    for (const length of [1, 2, 3, 60]) {
      expect(await lines(text, length)).toEqual(want);
    }
  });

  test.each([
    { name: "a document a line", text: '{"a":{}}\n{"b":1}\n', want: false },
    { name: "one line without its end", text: '{"a":{}', want: false },
    { name: "an object over lines", text: '\n {\n"a":1}\n', want: true },
    { name: "a line with a bracket in a text", text: '{"a":"{["}\n', want: false },
    { name: "a list after a space", text: " \n[\n", want: true },
    { name: "nothing", text: " \n", want: false },
  ])("is told: $name", ({ text, want }) => {
    expect(isByDocument(Buffer.from(text))).toBe(want);
  });
});
