import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { BullJobQueue } from "../../services/adapters/bullmq/job-queue.ts";
import { Lease } from "../../services/adapters/bullmq/lease.ts";
import { MemoryJobQueue } from "../../services/adapters/memory/job-queue.ts";
import { sharedRedis } from "../engines/shared-server.ts";
import { setClockOff } from "../support/wrong-clock.ts";
import { runJobQueueSuite, until } from "./job-queue.ts";

let redis: Redis;
beforeAll(async () => {
  redis = new Redis(await sharedRedis());
}, 120_000);
afterAll(async () => {
  await redis.quit();
});

const bull = (prefix: string, stalledMs = 30_000, firstPauseMs = 20) =>
  new BullJobQueue<{ readonly name: string }>({
    name: "jobs",
    prefix,
    redis,
    attempts: 2,
    firstPauseMs,
    restMs: 300,
    stalledMs,
    onProblem: () => undefined,
  });

type Job = Parameters<ReturnType<typeof bull>["add"]>[0][number];

runJobQueueSuite(
  "memory",
  async () => new MemoryJobQueue({ attempts: 2, restMs: 300, now: () => Date.now() }),
);
runJobQueueSuite("BullMQ", async () => bull(`test-${randomUUID()}`));

describe("BullMQ", () => {
  test("a job whose worker says nothing any more is taken over", async () => {
    const prefix = `test-${randomUUID()}`;
    const [lost, other] = [bull(prefix, 400), bull(prefix, 400)];
    try {
      let started = 0;
      let done = 0;
      let block: (() => void) | undefined;
      await lost.work(async () => {
        started += 1;
        await new Promise<void>((resolve) => (block = resolve));
      }, 1);
      await other.add([{ key: "a", data: { name: "a" }, priority: 1 }]);
      await until(() => started === 1);
      // As after a kill: its lock is gone, though the process still stands.
      for (const key of await redis.keys(`${prefix}:*:lock`)) await redis.del(key);
      await other.work(async () => void (done += 1), 1);
      await until(() => done === 1);
      expect([started, done]).toEqual([1, 1]);
      block?.();
    } finally {
      await Promise.all([lost.close(), other.close()]);
    }
  }, 30_000);

  test.each([
    ["whoever adds it again", async (q: ReturnType<typeof bull>, job: Job) => q.add([job])],
    ["whoever waits for the queue", async (q: ReturnType<typeof bull>) => q.depth()],
  ] as const)(
    "a job that failed while the clock was ahead is woken by %s",
    async (_name, look) => {
      const q = bull(`test-${randomUUID()}`, 30_000, 1000);
      // The second run lasts until it was counted: whoever adds a job that is done has it done once more.
      const seen = Promise.withResolvers<undefined>();
      try {
        let tries = 0;
        await q.work(async () => {
          tries += 1;
          if (tries === 1) throw new Error("no luck");
          await seen.promise;
        }, 1);
        setClockOff(48 * 3_600_000);
        const job = { key: "a", data: { name: "a" }, priority: 1 };
        await q.add([job]);
        await until(() => tries === 1);
        setClockOff(0);
        await until(async () => {
          await look(q, job);
          return tries >= 2;
        });
        expect(tries).toBe(2);
      } finally {
        seen.resolve(undefined);
        setClockOff(0);
        await q.close();
      }
    },
    30_000,
  );

  test("after Redis was emptied the same jobs can be added again", async () => {
    const prefix = `test-${randomUUID()}`;
    const q = bull(prefix);
    try {
      const job = { key: "a", data: { name: "a" }, priority: 1 };
      expect(await q.add([job])).toBe(1);
      const keys = await redis.keys(`${prefix}:*`);
      await redis.del(...keys);
      expect(await q.add([job])).toBe(1);
      expect(await q.depth()).toBe(1);
    } finally {
      await q.close();
    }
  });
});

describe("a lease", () => {
  test("is held by one, until released or not renewed", async () => {
    const key = `test-${randomUUID()}`;
    const [a, b] = [new Lease(redis, key, 300), new Lease(redis, key, 300)];
    expect([await a.hold(), await b.hold(), await a.hold()]).toEqual([true, false, true]);
    await b.release();
    expect(await b.hold()).toBe(false);
    await a.release();
    expect([await b.hold(), await a.hold()]).toEqual([true, false]);
    await sleep(350);
    expect(await a.hold()).toBe(true);
    await a.release();
  });
});
