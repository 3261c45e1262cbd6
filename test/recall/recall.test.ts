/** What other matchers lose or find too much: found exactly, in every layout and by every way. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { openJournalStore } from "../../services/adapters/duckdb/journal-store.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { naiveMatches } from "../../services/core/match/naive.ts";
import { pull, push } from "../../services/core/sweep/strategies.ts";
import { journalPicker } from "../../services/runtime/journal-picker.ts";
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

  test.each([pull, push])(
    "by $name over the embedded store, text looked through",
    async (strategy) => {
      for (const when of ["patterns last", "events last, the older ones later"] as const) {
        const folder = mkdtempSync(path.join(tmpdir(), "recall-"));
        // Sealed segments, and a journal that still grows.
        const store = await openJournalStore({ folder, segmentEvents: 40, keysVersion: 1 });
        try {
          const more = { makePicker: journalPicker };
          const found = await swept(store, documents, strategy, when, more);
          expect({ when, ...compare(laidOut, found) }).toEqual({ when, ...RIGHT });
        } finally {
          await store.close();
          rmSync(folder, { recursive: true });
        }
      }
    },
  );

  test("by scan", async () => {
    expect(compare(laidOut, await scanned(documents))).toEqual(RIGHT);
  });
});
