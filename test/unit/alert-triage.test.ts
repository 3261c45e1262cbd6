import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { triageAlert, type Triage } from "../../services/core/alert/triage.ts";
import { indicator, match } from "../conformance/state-records.ts";
import { interrupted } from "../support/interrupted-state.ts";

let state: ReturnType<typeof openSqliteState>;
let time = 0;
const now = (): number => time;

beforeEach(async () => {
  state = openSqliteState(":memory:");
  time = 1000;
  await state.indicators.upsert([indicator("i")]);
});
afterEach(() => state.close());

const fold = async () => foldAlerts({ state, hash: sha256Hash, regex: re2, now });
const alerts = async () => state.alerts.list({}, 0, 100, false);
const counts = async () => (await alerts()).map(({ status, count }) => `${status} ${count}`);

async function comes(id: string): Promise<void> {
  await state.matches.add([match(id, 1)]);
  await fold();
}

/** Changes the alert of a generation. */
async function triage(generation: number, wanted: Triage, version?: number) {
  const { id = "" } = (await alerts()).find((one) => one.generation === generation) ?? {};
  return triageAlert({ state, now }, id, wanted, "key-1", version);
}

test("while people work on an alert, what comes is counted there", async () => {
  await comes("a");
  for (const status of ["acknowledged", "in-progress", "new"] as const) {
    await triage(1, { status });
    await comes(status);
  }
  expect(await counts()).toEqual(["new 4"]);
});

test.each(["true-positive", "benign"] as const)(
  "after one was closed as %s, what comes makes a new alert",
  async (resolution) => {
    await comes("a");
    await triage(1, { status: "closed", resolution });
    await comes("b");
    await comes("c");
    expect(await counts()).toEqual(["closed 1", "new 2"]);
  },
);

test("after one was closed as false positive, what comes is counted there and raises nothing", async () => {
  await comes("a");
  await triage(1, { status: "closed", resolution: "false-positive" });
  await comes("b");
  expect(await counts()).toEqual(["closed 2"]);
  // It was none, after all: from here on it is news again.
  await triage(1, { resolution: "true-positive" });
  await comes("c");
  expect(await counts()).toEqual(["closed 2", "new 1"]);
});

test("one that was closed can be opened again as long as nothing came after it", async () => {
  await comes("a");
  await triage(1, { status: "closed", resolution: "benign" });
  const opened = await triage(1, { status: "in-progress" });
  expect(opened).toMatchObject({ resolution: undefined, through: undefined });
  await comes("b");
  expect(await counts()).toEqual(["in-progress 2"]);
  await triage(1, { status: "closed", resolution: "benign" });
  await comes("c");
  await expect(triage(1, { status: "new" })).rejects.toMatchObject({ code: "alert/superseded" });
  expect(await counts()).toEqual(["closed 2", "new 1"]);
});

test("every change is kept with who made it and when; what changes nothing is none", async () => {
  await comes("a");
  await triage(1, { status: "acknowledged", assignee: "ann", addTags: ["b", "a", "b"] });
  time = 2000;
  await triage(1, { comment: "looks bad", removeTags: ["b"] });
  const before = await triage(1, { assignee: "" });
  const after = await triage(1, { status: "acknowledged", assignee: "", removeTags: ["none"] });
  expect(after).toEqual(before);
  expect(after).toMatchObject({ assignee: undefined, tags: ["a"], updatedAt: 2000 });
  expect(after.history).toEqual([
    { at: 1000, by: "key-1", status: "acknowledged", assignee: "ann", tags: ["a", "b"] },
    { at: 2000, by: "key-1", tags: ["a"], comment: "looks bad" },
    { at: 2000, by: "key-1", assignee: "" },
  ]);
  expect((await alerts())[0]).toMatchObject(after);
});

test("what can't be is refused, and changes nothing", async () => {
  await comes("a");
  const { version } = await triage(1, { status: "acknowledged" });
  const refused: readonly (readonly [Triage, string, number?])[] = [
    [{ status: "closed" }, "alert/resolution"],
    [{ resolution: "benign" }, "alert/resolution"],
    [{ status: "new", resolution: "benign" }, "alert/resolution"],
    [{ comment: "late" }, "alert/changed", version - 1],
    [{ addTags: Array.from({ length: 51 }, (_, i) => `t${i}`) }, "alert/full"],
  ];
  for (const [wanted, code, at] of refused) {
    await expect(triage(1, wanted, at)).rejects.toMatchObject({ code });
  }
  await expect(triage(2, { comment: "x" })).rejects.toMatchObject({ code: "alert/unknown" });
  expect((await alerts())[0]).toMatchObject({ version, history: [{ status: "acknowledged" }] });
  for (let i = 1; i < 500; i++) await triage(1, { comment: `c${i}` });
  await expect(triage(1, { comment: "one more" })).rejects.toMatchObject({ code: "alert/full" });
});

test("whenever one is closed while matches are folded, each match is counted once", async () => {
  for (let at = 0, calls = 1; at < calls; at++) {
    state.close();
    state = openSqliteState(":memory:");
    await state.indicators.upsert([indicator("i")]);
    await comes("a");
    await state.matches.add([match("b", 2), match("c", 3)]);
    const folding = interrupted(state, at, async () => {
      await triage(1, { status: "closed", resolution: "true-positive" });
    });
    await foldAlerts({ state: folding.state, hash: sha256Hash, regex: re2, now });
    calls = folding.calls();
    await comes("d");
    const all = await alerts();
    expect({ at, sum: all.reduce((sum, { count }) => sum + count, 0) }).toEqual({ at, sum: 4 });
    expect(all.map(({ status }) => status)).toEqual(["closed", "new"]);
  }
});
