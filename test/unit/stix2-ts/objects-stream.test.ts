import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import {
  JsonTextError,
  parseBundle,
  readBundleObjects,
  StixError,
  type StreamedBundle,
  type StreamedObject,
  type StreamOptions,
} from "stix2-ts";
import { bundle, IDENTITY, INDICATOR, MALWARE, old } from "./objects-fixtures.ts";

async function read(chunks: Iterable<string | Uint8Array>, options: StreamOptions = {}) {
  const entries: StreamedObject[] = [];
  let header: StreamedBundle | undefined;
  const onBundle = (found: StreamedBundle) => (header = found);
  for await (const entry of readBundleObjects(chunks, { ...options, onBundle }))
    entries.push(entry);
  return { entries, header };
}

async function thrown(chunks: Iterable<string | Uint8Array>, options?: StreamOptions) {
  try {
    await read(chunks, options);
  } catch (error) {
    if (error instanceof JsonTextError) return [error.code, error.line, error.column];
    return error instanceof StixError ? [error.code] : [error];
  }
  return [];
}

const MIXED = bundle(
  { ...IDENTITY, name: 'é "quoted" \\ ]},[{ 😀\n' },
  { ...MALWARE, name: 5 },
  old("vulnerability", { name: "a" }),
  7,
  INDICATOR,
);

describe("readBundleObjects", () => {
  test("gives what parseBundle gives, wherever the bytes are cut", async () => {
    const whole = parseBundle(MIXED);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(60), { maxLength: 60 }),
        fc.constantFrom(0, 2),
        fc.boolean(),
        async (cuts, indent, mark) => {
          const bytes = Buffer.from((mark ? "\uFEFF" : "") + JSON.stringify(MIXED, null, indent));
          const chunks: Uint8Array[] = [];
          let from = 0;
          for (const cut of cuts) chunks.push(bytes.subarray(from, (from += cut)));
          chunks.push(bytes.subarray(from));
          const { entries, header } = await read(chunks);
          expect(entries.flatMap(({ object, observables }) => object === undefined ? [] : [object, ...observables])).toEqual(whole.objects); // prettier-ignore
          expect(entries.flatMap(({ issues }) => issues)).toEqual(whole.issues);
          expect(header).toEqual({ id: whole.id, issues: [] });
        },
      ),
    );
  });

  test("reads text cut between the halves of a surrogate pair", async () => {
    const text = JSON.stringify(bundle({ ...IDENTITY, name: "😀" }));
    const { entries } = await read(text.split(""));
    expect(entries[0]?.object).toMatchObject({ name: "😀" });
  });

  const id = `"id":"${bundle().id}"`;
  test.each([
    {
      name: "a list",
      given: JSON.stringify([INDICATOR, IDENTITY]),
      want: [2, "stix/not-a-bundle"],
    },
    {
      name: "a TAXII envelope",
      given: JSON.stringify({ more: false, objects: [INDICATOR] }),
      want: [1, "stix/not-a-bundle"],
    },
    { name: "one object", given: JSON.stringify(INDICATOR), want: [1, "stix/not-a-bundle"] },
    { name: "no objects", given: `{"type":"bundle",${id},"objects":[ ]}`, want: [0] },
    { name: "no list", given: `{"type":"bundle",${id}}`, want: [0] },
    {
      name: "the list before the type",
      given: `{"objects":[${JSON.stringify(INDICATOR)}],${id},"type":"bundle"}`,
      want: [1],
    },
    {
      name: "an escaped key",
      given: `{"type":"bundle",${id},"obj\\u0065cts":[${JSON.stringify(INDICATOR)}]}`,
      want: [1],
    },
    {
      name: "another list by that name deeper down",
      given: `{"type":"bundle",${id},"x_a":{"objects":[1,2]},"objects":[${JSON.stringify(INDICATOR)}]}`,
      want: [1, "stix/property-custom"],
    },
    {
      name: "another list beside",
      given: `{"type":"bundle",${id},"x_a":[1,2],"objects":[${JSON.stringify(INDICATOR)}]}`,
      want: [1, "stix/property-custom"],
    },
    {
      name: "a value that is spelled as the key",
      given: `{"type":"bundle",${id},"x_a":"objects","x_b":[1]}`,
      want: [0, "stix/property-custom", "stix/property-custom"],
    },
  ])("reads $name", async ({ given, want }) => {
    const { entries, header } = await read([given]);
    expect([entries.length, ...(header?.issues ?? []).map(({ code }) => code)]).toEqual(want);
  });

  test("reports an object that is no JSON, with its place, and reads on", async () => {
    const text = `{"type":"bundle",${id},"objects":[\n {"type":\n  oops}, ${JSON.stringify(IDENTITY)},]}`;
    const { entries } = await read([text]);
    expect(entries.map(({ pointer, object }) => [pointer, object?.type])).toEqual([
      ["/objects/0", undefined],
      ["/objects/1", "identity"],
      ["/objects/2", undefined],
    ]);
    expect(entries[0]?.issues[0]).toMatchObject({ code: "stix/json-syntax", message: expect.stringContaining("line 3, column 3") }); // prettier-ignore
  });

  test("passes over an object that is too long", async () => {
    const long = { ...IDENTITY, name: "a".repeat(5000) };
    const { entries } = await read([JSON.stringify(bundle(long, INDICATOR))], { maxObjectLength: 1000 }); // prettier-ignore
    expect(entries.map(({ object, issues }) => [object?.type, issues[0]?.code])).toEqual([
      [undefined, "stix/object-too-long"],
      ["indicator", undefined],
    ]);
  });

  test.each([
    {
      name: "text that ends in an object",
      given: ['{"objects":[\n{"a":1'],
      want: ["stix/json-truncated", 2, 7],
    },
    {
      name: "text that ends in a string",
      given: ['{"objects":["a'],
      want: ["stix/json-truncated", 1, 15],
    },
    {
      name: "text that ends after the list",
      given: ['{"objects":[1]\n'],
      want: ["stix/json-truncated", 2, 1],
    },
    { name: "no text", given: [], want: ["stix/json-truncated", 1, 1] },
    {
      name: "an error before the list",
      given: ['{"a" 1,\n"objects":[1]}'],
      want: ["stix/json-syntax", 1, 6],
    },
    {
      name: "an error after the list",
      given: ['{"objects":[1,\n2],\n "a" 1}'],
      want: ["stix/json-syntax", 3, 6],
    },
    {
      name: "text after the end",
      given: ['{"objects":[1]} x'],
      want: ["stix/json-syntax", 1, 17],
    },
    {
      name: "brackets that do not fit",
      given: ['{"objects":[1}}'],
      want: ["stix/json-syntax", 1, 14],
    },
    {
      name: "bytes that are no UTF-8",
      given: [new Uint8Array([0x7b, 0xff])],
      want: ["stix/not-utf8"],
    },
    {
      name: "a character that is cut off",
      given: [new Uint8Array([0x22, 0xc3])],
      want: ["stix/not-utf8"],
    },
  ])("throws for $name", async ({ given, want }) => {
    expect(await thrown(given)).toEqual(want);
  });

  test("throws for too much around the objects, and for too many of them", async () => {
    expect(await thrown([`{"x":"${"x".repeat(2_000_000)}`])).toEqual(["stix/too-large"]);
    expect(await thrown([JSON.stringify(MIXED)], { maxObjects: 2 })).toEqual(["stix/too-large"]);
  });

  test("throws nothing but StixError for text that is anything", async () => {
    const part = fc.constantFrom("{", "}", "[", "]", ",", ":", '"', "\\", "objects", '"objects":[', "1", " ", "\n", "é"); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 30 }), async (parts) => {
        const [outcome] = await thrown(parts);
        expect(["string", "undefined"]).toContain(typeof outcome);
        const text = parts.join("");
        try {
          JSON.parse(text);
        } catch {
          return;
        }
        expect(outcome).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test("keeps no object longer than it takes: 40 MB in a heap that grows by less than 90", async () => {
    const text = JSON.stringify(INDICATOR);
    function* chunks(): Generator<string> {
      yield '{"objects":[';
      const many = Array.from({ length: 100 }, () => text).join(",");
      for (let length = 0; length < 40_000_000; length += many.length) yield `${length === 0 ? "" : ","}${many}`; // prettier-ignore
      yield "]}";
    }
    const before = process.memoryUsage().heapUsed;
    let count = 0;
    let grown = 0;
    for await (const { object } of readBundleObjects(chunks())) {
      if (object !== undefined) count += 1;
      if (count % 5000 === 0) grown = Math.max(grown, process.memoryUsage().heapUsed - before);
    }
    expect(count).toBeGreaterThan(100_000);
    expect(grown / 1e6).toBeLessThan(90); // garbage that waits for its collection
  });
});
