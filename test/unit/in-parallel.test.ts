import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { inParallel } from "../../services/core/in-parallel.ts";

test("each value is worked on once, so many at a time", async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  await inParallel([5, 1, 4, 2, 3], 2, async (ms) => {
    running += 1;
    most = Math.max(most, running);
    await sleep(ms);
    running -= 1;
    done.push(ms);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  expect([running, most]).toEqual([0, 2]);
});

test("the first failure is thrown when what was begun has ended; nothing more begins", async () => {
  const begun: number[] = [];
  let ended = 0;
  const all = inParallel([1, 2, 3, 4], 2, async (one) => {
    begun.push(one);
    await sleep(one === 1 ? 1 : 30);
    ended += 1;
    throw new Error(`no ${one}`);
  });
  await expect(all).rejects.toThrow("no 1");
  expect(begun).toEqual([1, 2]);
  expect(ended).toBe(2);
});
