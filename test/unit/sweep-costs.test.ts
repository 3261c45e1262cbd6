import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import type { SweepCosts } from "../../services/core/records.ts";
import { cheaper, estimateMs, jobSize, JOB_MS, noteCost } from "../../services/core/sweep/costs.ts";

const noted = (
  times: number,
  strategy: "push" | "pull",
  positions: number,
  ms: number,
  from: SweepCosts = {},
) => {
  // prettier-ignore
  let costs = from;
  for (let i = 0; i < times; i++)
    costs = noteCost(costs, strategy, { positions, candidates: 1, ms });
  return costs;
};

describe("what sweeps cost", () => {
  test("reads few events, asks for candidates among many", () => {
    expect(cheaper({}, 100)).toBe("pull");
    expect(cheaper({}, 100_000)).toBe("push");
  });

  test("follows what jobs took, up and down", () => {
    const slow = noted(20, "push", 20_000, 30_000);
    expect(estimateMs(slow, "push", 20_000)).toBeGreaterThan(20_000);
    expect(cheaper(slow, 20_000)).toBe("pull");
    const better = noted(60, "push", 20_000, 100, slow);
    expect(cheaper(better, 20_000)).toBe("push");
  });

  test("tries the dearer strategy again when its time is long ago", () => {
    const slow = noted(20, "push", 20_000, 6000);
    expect(cheaper(slow, 20_000)).toBe("pull");
    expect(cheaper(noted(60, "pull", 20_000, 2000, slow), 20_000)).toBe("push");
  });

  test("keeps jobs to about a minute, at borders that larger jobs have too", () => {
    expect(jobSize({}, 20_000)).toBe(20_000);
    const slow = noted(10, "pull", 20_000, 400_000);
    const size = jobSize(slow, 20_000);
    expect(20_000 % size).toBe(0);
    expect(estimateMs(slow, "pull", size)).toBeLessThan(JOB_MS);
    expect(estimateMs(slow, "pull", size * 2)).toBeGreaterThan(JOB_MS);
  });

  test("stays a number whatever was measured, and sums stay small", () => {
    const job = fc.record({
      strategy: fc.constantFrom("push" as const, "pull" as const),
      positions: fc.nat(1_000_000),
      candidates: fc.nat(1_000_000),
      ms: fc.double({ min: 0, max: 1e9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 60 }), fc.integer({ min: 1, max: 1_000_000 }), (jobs, size) => {
        let costs: SweepCosts = {};
        for (const { strategy, ...done } of jobs) costs = noteCost(costs, strategy, done);
        for (const one of ["push", "pull"] as const) {
          expect(estimateMs(costs, one, size)).toBeGreaterThan(0);
          expect(estimateMs(costs, one, size)).toBeLessThan(Infinity);
          expect(costs[one]?.jobs ?? 0).toBeLessThanOrEqual(17);
        }
        const found = jobSize(costs, size);
        expect(found).toBeGreaterThanOrEqual(1);
        expect(size % found).toBe(0);
      }),
    ); // prettier-ignore
  });
});
