/** A short run of what `npm run fuzz` does for minutes. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { runInput, TARGETS } from "../../fuzz/targets.ts";

test.each(TARGETS)(
  "$name: only StixError is thrown, and nothing takes long",
  async (target) => {
    let accepted = 0;
    let slowestMs = 0;
    for (const input of fc.sample(target.inputs, { seed: 20_251_125, numRuns: 600 })) {
      const outcome = await runInput(target, input);
      accepted += outcome.accepted ? 1 : 0;
      slowestMs = Math.max(slowestMs, outcome.ms);
    }
    expect(slowestMs).toBeLessThan(2000);
    expect(accepted).toBeGreaterThan(50);
  },
  60_000,
);
