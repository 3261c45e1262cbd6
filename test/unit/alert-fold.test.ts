import { describe, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { indicator, match } from "../conformance/state-records.ts";
import { interrupted } from "../support/interrupted-state.ts";

const revoked = { revoked: true, modified: "2021-01-01T00:00:00Z" };
const valid = { revoked: false, modified: "2022-01-01T00:00:00Z" };

describe("two folds at once, while the indicator changes, agree on what is counted", () => {
  test.each([
    ["revoked", [{}], revoked],
    ["valid again", [{}, revoked], valid],
  ] as const)("%s", async (_name, before, change) => {
    for (let at = 0, calls = 1; at < calls; at++) {
      const state = openSqliteState(":memory:");
      const shared = { hash: sha256Hash, now: () => 0 };
      for (const over of before) await state.indicators.upsert([indicator("i", over)]);
      await state.matches.add([match("m1", 1), match("m2", 2), match("m3", 3, { host: "other" })]);
      const first = interrupted(state, at, async () => {
        await state.indicators.upsert([indicator("i", change)]);
        await state.bookmarks.soil(["p"]);
        await foldAlerts({ state, ...shared });
      });
      await foldAlerts({ state: first.state, ...shared });
      calls = first.calls();
      await foldAlerts({ state, ...shared });
      const { matches, heldBack } = await state.matches.count();
      const alerts = await state.alerts.list({}, 0, 100, false);
      const counted = alerts.reduce((sum, { count }) => sum + count, 0);
      expect({ at, counted }).toEqual({ at, counted: matches - heldBack });
      state.close();
    }
  });
});

test("what comes due after the clock was ahead is not passed over", async () => {
  const state = openSqliteState(":memory:");
  let time = 5000;
  const fold = async () => foldAlerts({ state, hash: sha256Hash, now: () => time });
  await state.indicators.upsert([
    indicator("early", { patternKey: "other", validFrom: 1000 }),
    indicator("late", { validFrom: 3000 }),
  ]);
  await fold();
  time = 600;
  await state.matches.add([match("m", 1)]);
  await fold();
  expect(await state.matches.count()).toEqual({ matches: 1, heldBack: 1 });
  time = 3500;
  await fold();
  expect(await state.matches.count()).toEqual({ matches: 1, heldBack: 0 });
  expect(await state.alerts.list({}, 0, 100, false)).toMatchObject([{ count: 1 }]);
  state.close();
});
