/** What other matchers lose or find too much: found exactly, in every layout and by every way. */
import { describe, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { naiveMatches } from "../../services/core/match/naive.ts";
import { pull, push } from "../../services/core/sweep/strategies.ts";
import { arrangements } from "../unit/schema/documents.ts";
import { compare, compile, layOut, PATTERNS, scanned, swept } from "./recall-ways.ts";

const RIGHT = { missing: [], wrong: 0 };

describe.each(arrangements)("$name", ({ lay }) => {
  const laidOut = layOut(lay);
  const { documents } = laidOut;

  test("by the naive matcher", () => {
    const compiled = new Map(PATTERNS.map((p) => [p.key, compile(p.pattern, p.options)] as const));
    const stored = documents.map((document, position) => ({ document, position, locator: "" }));
    expect(compare(laidOut, naiveMatches(compiled, stored, sha256Hash))).toEqual(RIGHT);
  });

  test.each([pull, push])("by $name, back in history and live", async (strategy) => {
    for (const when of ["patterns last", "events last, the older ones later"] as const) {
      const store = new MemoryEventStore({ sealEvery: 40 });
      expect({ when, ...compare(laidOut, await swept(store, documents, strategy, when)) }).toEqual({
        when,
        ...RIGHT,
      });
    }
  });

  test("by scan", async () => {
    expect(compare(laidOut, await scanned(documents))).toEqual(RIGHT);
  });
});
