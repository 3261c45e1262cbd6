import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { canonicalContent, observe, readEvent } from "../../../services/core/schema/index.ts";
import { arrangements } from "./documents.ts";
import { sysmonFields } from "../../../services/core/schema/sysmon-fields.ts";

const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "-",
    "\\",
    "C:\\",
    "HKLM",
    "HKU\\S-1-5-21-1",
    "type:  5 ",
    "::ffff:",
    "DWORD (0x)",
    "QWORD (0x1-0x2)",
    ",=,MD5=",
    ";",
    '"',
    "{",
    "<Data Name=",
    "2024-99-99 99:99:99.999",
  ),
);
const anyValue = fc.oneof(anyText, fc.jsonValue({ maxDepth: 3 }));

/** Reads, observes and asks for every value's origin; gives the content, to compare. */
function use(document: unknown): string | undefined {
  const event = readEvent(document);
  if (event === undefined) return undefined;
  const observed = observe(event);
  for (const [key, object] of Object.entries(observed.observation.objects)) {
    for (const name of Object.keys(object)) observed.fieldOf(key, [name]);
  }
  return canonicalContent(event);
}

describe("any document", () => {
  test("is read or refused, without an error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        expect(() => use(document)).not.toThrow();
      }),
    );
  });

  test.each(arrangements)("$name with any values", ({ lay }) => {
    const ids = fc.constantFrom(...sysmonFields.keys());
    const events = ids.chain((id) =>
      fc.record({
        id: fc.constant(id),
        fields: fc.dictionary(fc.constantFrom(...(sysmonFields.get(id) ?? []), "Hashes"), anyValue),
      }),
    );
    fc.assert(
      fc.property(events, ({ id, fields }) => {
        const document = lay(id, fields);
        expect(use(document)).toBe(use(structuredClone(document)));
      }),
    );
  });
});
