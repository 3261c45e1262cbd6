import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { makeLogger } from "../../services/runtime/logger.ts";
import { onSchedule } from "../../services/runtime/on-schedule.ts";
import { until } from "../support/role-cluster.ts";
import { setClockOff } from "../support/wrong-clock.ts";

const HOURS = 3_600_000;

afterEach(() => setClockOff(0));

test.each([-48, 48])(
  "runs go on when the clock is %i hours off for a while",
  async (hours) => {
    const stop = new AbortController();
    let runs = 0;
    const done = onSchedule("* * * * * *", stop.signal, makeLogger("silent"), async () => {
      runs += 1;
    });
    const goesOn = async (): Promise<boolean> => {
      const before = runs;
      return until(() => runs > before + 1, 30);
    };
    try {
      expect(await goesOn()).toBe(true);
      setClockOff(hours * HOURS);
      expect(await goesOn()).toBe(true);
      setClockOff(0);
      expect(await goesOn()).toBe(true);
    } finally {
      stop.abort();
      await done;
    }
    const last = runs;
    await sleep(1500);
    expect(runs).toBe(last);
  },
  120_000,
);

test("one run at a time, and a failed one is no end", async () => {
  const stop = new AbortController();
  let [running, most, runs] = [0, 0, 0];
  const done = onSchedule("* * * * * *", stop.signal, makeLogger("silent"), async () => {
    running += 1;
    runs += 1;
    most = Math.max(most, running);
    await sleep(1800);
    running -= 1;
    throw new Error("by the test");
  });
  try {
    expect(await until(() => runs >= 2, 20)).toBe(true);
  } finally {
    stop.abort();
    await done;
  }
  expect([most, running]).toEqual([1, 0]);
}, 60_000);
