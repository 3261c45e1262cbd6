import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  advance,
  cutAt,
  coverageAt,
  MAX_PIECES,
  measure,
  uncovered,
  type Rectangle,
} from "../../services/core/coverage/ledger.ts";
import type { Piece } from "../../services/core/records.ts";

const area = (
  from: number,
  to: number,
  below: number,
  revision: number,
  semantics = 1,
): Rectangle => ({
  partition: "p",
  from,
  to,
  below,
  revision,
  semantics,
  stale: false,
});
const piece = (to: number, revision: number, semantics = 1): Piece => ({ to, revision, semantics });

describe("cutAt", () => {
  const pieces = [
    { to: 3, revision: 5, semantics: 1 },
    { to: 8, revision: 4, semantics: 1 },
  ];
  test.each([
    { bound: 0, want: [] },
    { bound: 2, want: [{ to: 2, revision: 5, semantics: 1 }] },
    { bound: 3, want: [pieces[0]] },
    { bound: 4, want: [pieces[0], { to: 4, revision: 4, semantics: 1 }] },
    { bound: 8, want: pieces },
    { bound: 9, want: pieces },
  ])("at $bound", ({ bound, want }) => expect(cutAt(pieces, bound)).toEqual(want));
});

describe("advance", () => {
  test.each([
    { name: "first work", given: [], done: area(0, 10, 0, 3), want: [piece(10, 3)] },
    {
      name: "the next events",
      given: [piece(10, 3)],
      done: area(10, 20, 0, 3),
      want: [piece(20, 3)],
    },
    {
      name: "new patterns over all",
      given: [piece(10, 3)],
      done: area(0, 10, 3, 5),
      want: [piece(10, 5)],
    },
    {
      name: "new patterns over a part",
      given: [piece(10, 3)],
      done: area(0, 4, 3, 5),
      want: [piece(4, 5), piece(10, 3)],
    },
    {
      name: "a hole below the work gives no credit",
      given: [piece(10, 2)],
      done: area(0, 10, 3, 5),
      want: [piece(10, 2)],
    },
    { name: "never falls", given: [piece(10, 9)], done: area(0, 10, 0, 5), want: [piece(10, 9)] },
    {
      name: "a gap is not covered",
      given: [],
      done: area(5, 10, 0, 3),
      want: [piece(5, 0, 0), piece(10, 3)],
    },
    {
      name: "newer rules take the place of older ones",
      given: [piece(10, 9, 1)],
      done: area(0, 6, 0, 9, 2),
      want: [piece(6, 9, 2), piece(10, 9, 1)],
    },
    {
      name: "older rules do not undo newer ones",
      given: [piece(10, 3, 2)],
      done: area(0, 10, 0, 9, 1),
      want: [piece(10, 3, 2)],
    },
  ])("$name", ({ given, done, want }) => {
    expect(advance(given, done)).toEqual(want);
  });
});

const works = fc.array(
  fc
    .tuple(fc.nat(30), fc.nat(30), fc.nat(6), fc.nat(6), fc.integer({ min: 1, max: 2 }))
    .map(([a, b, c, d, s]) =>
      area(Math.min(a, b), Math.max(a, b) + 1, Math.min(c, d), Math.max(c, d) + 1, s),
    ),
  { maxLength: 40 },
);

describe("laws", () => {
  test("coverage never falls, in any order of work, and doing work twice changes nothing", () => {
    fc.assert(
      fc.property(works, (list) => {
        let row: readonly Piece[] = [];
        for (const done of list) {
          const next = advance(row, done);
          for (let p = 1; p <= 32; p++) {
            const [old, now] = [coverageAt(row, p), coverageAt(next, p)];
            expect(now.semantics * 100 + now.revision).toBeGreaterThanOrEqual(
              old.semantics * 100 + old.revision,
            );
          }
          expect(advance(next, done)).toEqual(next);
          row = next;
        }
      }),
    );
  });

  test("credit is never given for a position or revision that no work met", () => {
    fc.assert(
      fc.property(works, (list) => {
        let row: readonly Piece[] = [];
        const met = new Set<string>();
        for (const done of list) {
          row = advance(row, done);
          for (let p = done.from + 1; p <= done.to; p++) {
            for (let r = done.below + 1; r <= done.revision; r++) {
              met.add(`${p} ${r} ${done.semantics}`);
            }
          }
        }
        for (let p = 1; p <= 32; p++) {
          const { revision, semantics } = coverageAt(row, p);
          for (let r = 1; r <= revision; r++) {
            expect(met.has(`${p} ${r} ${semantics}`)).toBe(true);
          }
        }
      }),
    );
  });

  test("doing what is uncovered covers everything, and then nothing is left", () => {
    fc.assert(
      fc.property(works, (list) => {
        let row: readonly Piece[] = [];
        for (const done of list) {
          row = advance(row, done);
        }
        for (const todo of uncovered("p", row, 32, 7, 2)) {
          row = advance(row, todo);
        }
        expect(uncovered("p", row, 32, 7, 2)).toEqual([]);
        expect(measure(row, 32, 7, 2)).toEqual({ covered: 224, stale: 0, total: 224 });
      }),
    );
  });

  test("a row stays short by forgetting, never by inventing", () => {
    let row: readonly Piece[] = [];
    for (let p = 0; p < 400; p += 2) {
      row = advance(row, area(p, p + 1, 0, 5));
      expect(row.length).toBeLessThanOrEqual(MAX_PIECES);
    }
    for (let p = 2; p <= 400; p += 2) {
      expect(coverageAt(row, p).revision).toBe(0);
    }
  });
});
