import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { checkHistory, checkSweepModel, type Step } from "../support/sweep-model.ts";

test("at quiescence the matches are the naive matcher's, each once, and alerts count them", async () => {
  const checked = checkSweepModel(
    { open: () => openSqliteState(":memory:"), close: (state) => state.close() },
    { runs: 150, steps: 25 },
  );
  await expect(checked).resolves.toBeUndefined();
}, 120_000);

test("a log that was swept, cut and grew again is swept where it grew", async () => {
  const images = fc.array(fc.nat(5), { minLength: 1, maxLength: 5 });
  const history = fc
    .record({
      before: images,
      cuts: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), images), {
        minLength: 1,
        maxLength: 3,
      }),
      worker: fc.nat(1),
      crashAfter: fc.integer({ min: 4, max: 40 }),
    })
    .map(({ before, cuts, worker, crashAfter }): readonly Step[] => [
      { kind: "activate", patterns: [0, 1, 2, 4] },
      { kind: "events", images: before },
      { kind: "tick", worker, crashAfter },
      ...cuts.flatMap(([events, after]): Step[] => [
        { kind: "cut", events },
        { kind: "events", images: after },
      ]),
    ]);
  const checked = fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const state = openSqliteState(":memory:");
      try {
        await checkHistory(state, steps);
      } finally {
        state.close();
      }
    }),
    { numRuns: 60 },
  );
  await expect(checked).resolves.toBeUndefined();
}, 120_000);

test("what a suppression holds back stays so, and one that stands misses nothing", async () => {
  const one = fc.oneof(
    fc
      .array(fc.nat(2), { minLength: 1, maxLength: 4 })
      .map((images): Step => ({ kind: "events", images })),
    fc
      .record({ image: fc.nat(2), host: fc.nat(2) })
      .map((wanted): Step => ({ kind: "suppress", ...wanted })),
    fc.constant<Step>({ kind: "lift" }),
    // As when a feed comes again: what is held back is judged again.
    fc.constant<Step>({ kind: "activate", patterns: [0, 1, 2, 4, 5] }),
    fc
      .record({ worker: fc.nat(1), crashAfter: fc.integer({ min: 0, max: 60 }) })
      .map((wanted): Step => ({ kind: "tick", ...wanted })),
    fc.constant<Step>({ kind: "two-ticks" }),
  );
  const checked = fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 6, maxLength: 20 }), async (steps) => {
      const state = openSqliteState(":memory:");
      try {
        await checkHistory(state, [{ kind: "activate", patterns: [0, 1, 2, 4, 5] }, ...steps]);
      } finally {
        state.close();
      }
    }),
    { numRuns: 150 },
  );
  await expect(checked).resolves.toBeUndefined();
}, 120_000);
