import { expect, test } from "@jest/globals";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { checkSweepModel } from "../support/sweep-model.ts";

test("at quiescence the matches are the naive matcher's, each once, and alerts count them", async () => {
  const checked = checkSweepModel(
    { open: () => openSqliteState(":memory:"), close: (state) => state.close() },
    { runs: 150, steps: 25 },
  );
  await expect(checked).resolves.toBeUndefined();
}, 120_000);
