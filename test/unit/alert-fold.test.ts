import { describe, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import type { Suppression } from "../../services/core/records.ts";
import { indicator, match } from "../conformance/state-records.ts";
import { interrupted } from "../support/interrupted-state.ts";

const revoked = { revoked: true, modified: "2021-01-01T00:00:00Z" };
const valid = { revoked: false, modified: "2022-01-01T00:00:00Z" };

type State = ReturnType<typeof openSqliteState>;

/**
 * Folds, with a change and another whole fold before each of its calls of the state in turn; afterwards all alerts together
 * must count what is not held back.
 */
async function expectAgreement(
  now: number,
  prepare: (state: State) => Promise<unknown>,
  change: (state: State) => Promise<unknown>,
): Promise<void> {
  const shared = { hash: sha256Hash, now: () => now, regex: re2 };
  for (let at = 0, calls = 1; at < calls; at++) {
    const state = openSqliteState(":memory:");
    await prepare(state);
    await state.matches.add([match("m1", 1), match("m2", 2), match("m3", 3, { host: "other" })]);
    const first = interrupted(state, at, async () => {
      await change(state);
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
}

describe("two folds at once, while the indicator changes, agree on what is counted", () => {
  test.each([
    ["revoked", [{}], revoked],
    ["valid again", [{}, revoked], valid],
  ] as const)("%s", async (_name, before, change) => {
    await expectAgreement(
      0,
      async ({ indicators }) => {
        for (const over of before) await indicators.upsert([indicator("i", over)]);
      },
      async ({ indicators, bookmarks }) => {
        await indicators.upsert([indicator("i", change)]);
        await bookmarks.soil(["p"]);
      },
    );
    expect.hasAssertions();
  });
});

const muted: Suppression = { kind: "value", value: "V", scope: {}, reason: "r", by: "a", at: 1 };

describe("two folds at once, while a suppression changes, agree on what is counted", () => {
  test.each([
    ["added", 0, muted],
    ["lifted", 1, { ...muted, lifted: { by: "a", at: 2 } }],
  ] as const)("%s", async (_name, version, change) => {
    const put = async ({ records }: State, v: number, record: Suppression) =>
      records.compareAndSet("suppression", { id: "s", version: v, record });
    await expectAgreement(
      5,
      async (state) => {
        await state.indicators.upsert([indicator("i")]);
        if (version > 0) await put(state, 0, muted);
      },
      async (state) => put(state, version, change),
    );
    expect.hasAssertions();
  });
});

test("a suppression acts on what comes after it, and what it held back stays so when it is lifted", async () => {
  const state = openSqliteState(":memory:");
  const fold = async () => {
    await state.bookmarks.soil(["p"]); // as when the feed comes again
    await foldAlerts({ state, hash: sha256Hash, regex: re2, now: () => 5 });
    const { heldBack } = await state.matches.count();
    const alerts = await state.alerts.list({}, 0, 9, false);
    return [alerts.map(({ count, status }) => `${status} ${count}`), heldBack];
  };
  const put = async (version: number, record: Suppression) =>
    state.records.compareAndSet("suppression", { id: "s", version, record });
  await state.indicators.upsert([indicator("i")]);
  await state.matches.add([match("m1", 1)]);
  const seen = [await fold()];
  await put(0, muted);
  seen.push(await fold());
  await state.matches.add([match("m2", 2)]);
  seen.push(await fold());
  await put(1, { ...muted, lifted: { by: "a", at: 2 } });
  seen.push(await fold());
  await state.matches.add([match("m3", 3)]);
  seen.push(await fold());
  expect(seen).toEqual([
    [["new 1"], 0],
    [["new 1"], 0],
    [["new 1"], 1],
    [["new 1"], 1],
    [["new 2"], 1],
  ]);
  expect([...(await state.matches.heldBackBy())]).toEqual([["suppression:s", 1]]);
  state.close();
});

test("what comes due after the clock was ahead is not passed over", async () => {
  const state = openSqliteState(":memory:");
  let time = 5000;
  const fold = async () => foldAlerts({ state, hash: sha256Hash, regex: re2, now: () => time });
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
