/** What every job queue does. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { JobQueue, QueuedJob } from "../../services/core/job-queue.ts";

const job = (key: string, priority = 1): QueuedJob<{ readonly name: string }> => ({
  key,
  data: { name: key },
  priority,
});

/** Waits for something to become true. */
export async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  let is = await check();
  for (let i = 0; i < 400 && !is; i += 1) {
    await sleep(25);
    is = await check();
  }
  expect(is).toBe(true);
}

/** `make` gives a queue whose jobs have two tries, a short pause between them, and 300 ms of rest after death. */
export function runJobQueueSuite(
  name: string,
  make: () => Promise<JobQueue<{ readonly name: string }>>,
): void {
  describe(`job queue: ${name}`, () => {
    const open: JobQueue<{ readonly name: string }>[] = [];
    const queue = async () => {
      const made = await make();
      open.push(made);
      return made;
    };
    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
    });

    test("does each job once, the urgent first", async () => {
      const q = await queue();
      expect(await q.add([job("c", 3), job("a", 1), job("b", 2)])).toBe(3);
      expect(await q.depth()).toBe(3);
      const done: string[] = [];
      await q.work(async ({ name: one }) => void done.push(one), 1);
      await until(() => done.length === 3);
      expect(done).toEqual(["a", "b", "c"]);
      await until(async () => (await q.depth()) === 0);
      expect(await q.dead(10)).toEqual([]);
    });

    test("one of a key waits or is done at a time; afterwards it may come again", async () => {
      const q = await queue();
      expect(await q.add([job("a"), job("a")])).toBeGreaterThan(0);
      expect(await q.add([job("a")])).toBe(0);
      let running = 0;
      let most = 0;
      let done = 0;
      await q.work(async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(100);
        running -= 1;
        done += 1;
      }, 4);
      await until(() => running === 1);
      expect(await q.add([job("a")])).toBe(0);
      await until(async () => done === 1 && (await q.depth()) === 0);
      expect(await q.add([job("a")])).toBe(1);
      await until(() => done === 2);
      expect(most).toBe(1);
    });

    test("a job that fails is tried again; one that fails too often is dead, rests, and can be replayed", async () => {
      const q = await queue();
      const tries: string[] = [];
      let isBroken = true;
      await q.work(async ({ name: one }) => {
        tries.push(one);
        if (one === "bad" && isBroken) throw new Error("no luck");
        if (one === "once" && tries.filter((t) => t === "once").length === 1) throw new Error("x");
      }, 1);
      await q.add([job("bad", 2), job("once", 1)]);
      await until(async () => (await q.dead(10)).length === 1 && (await q.depth()) === 0);
      expect(tries.toSorted()).toEqual(["bad", "bad", "once", "once"]);
      const [dead] = await q.dead(10);
      expect(dead).toMatchObject({
        key: "bad",
        data: { name: "bad" },
        reason: "no luck",
        attempts: 2,
      });
      expect(await q.add([job("bad")])).toBe(0);
      isBroken = false;
      expect(await q.replay([dead?.id ?? "", "none"])).toBe(1);
      await until(async () => tries.length === 5 && (await q.depth()) === 0);
      expect(await q.dead(10)).toEqual([]);
    });

    test("a dead job does not block its key for ever", async () => {
      const q = await queue();
      let isBroken = true;
      let done = 0;
      await q.work(async () => {
        if (isBroken) throw new Error("no luck");
        done += 1;
      }, 1);
      await q.add([job("a")]);
      await until(async () => (await q.dead(10)).length === 1);
      isBroken = false;
      const [dead] = await q.dead(10);
      await sleep(350);
      expect(await q.add([job("a")])).toBe(1);
      await until(() => done === 1);
      await until(async () => (await q.dead(10)).length === 0);
      expect(await q.replay([dead?.id ?? ""])).toBe(0);
    });

    test("what died and waits again is not dead, and a replay does not double it", async () => {
      const q = await queue();
      await q.work(async () => Promise.reject(new Error("no luck")), 1);
      await q.add([job("a", 5), job("b", 5)]);
      await until(async () => (await q.dead(10)).length === 2);
      expect(await q.dead(1)).toHaveLength(1);
      const [, dead] = await q.dead(10);
      await sleep(350);
      // It fails again: then its death is told once.
      expect(await q.add([job(dead?.key ?? "")])).toBe(1);
      await q.replay([dead?.id ?? ""]);
      await until(async () => (await q.depth()) === 0);
      expect((await q.dead(10)).map(({ key }) => key).toSorted()).toEqual(["a", "b"]);
    });

    test("closing waits for what is being done", async () => {
      const q = await queue();
      let done = 0;
      await q.work(async () => {
        await sleep(200);
        done += 1;
      }, 2);
      await q.add([job("a"), job("b")]);
      await sleep(100);
      await q.close();
      expect(done).toBe(2);
    });
  });
}
