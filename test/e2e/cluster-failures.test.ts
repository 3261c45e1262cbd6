/** Roles whose engine or planner dies in the middle: the naive matcher's matches, and no alert twice. */
import { afterEach, expect, test } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { describeEngines, runEngines } from "../engines/describe-engines.ts";
import { startEngine, startRedis, type Server } from "../engines/engine.ts";
import { sharedRedis } from "../engines/shared-server.ts";
import { RoleCluster, sampleDocuments, until, type Role } from "../support/role-cluster.ts";

const EVENTS = 3000;

let cluster: RoleCluster | undefined;
let own: Server | undefined;
afterEach(async () => {
  await cluster?.close();
  await own?.stop();
  [cluster, own] = [undefined, undefined];
});

/** Waits until all is covered and folded; then all must be as the naive matcher has it. */
async function expectTheTruth(of: RoleCluster): Promise<void> {
  expect(await until(async () => (await of.covered()) === 1, 90)).toBe(true);
  const { stored, naive } = await of.matches();
  // Nothing is held back before the fold has looked at it; so it is asked for each time.
  const raised = async () => stored.length - (await of.heldBack());
  expect(stored.length).toBeGreaterThan(20);
  expect(stored.toSorted()).toEqual([...naive].toSorted());
  const counted = async () =>
    (await of.alerts()).reduce((sum, one) => sum + Number(one.split(" ")[1]), 0);
  await until(async () => (await counted()) === (await raised()), 30);
  expect(await counted()).toBe(await raised());
  const ids = (await of.alerts()).map((one) => one.split(" ")[0]);
  expect(new Set(ids).size).toBe(ids.length);
}

// One engine is enough: roles are the same on each, and what engines do differently stands in the engine-* tests.
describeEngines(
  "a cluster",
  (engine) => {
    test("whose engine is killed in mid-sweep and started again on its data", async () => {
      own = await startEngine(engine.name);
      // Small jobs, one at a time: the sweep takes long enough to be hit in the middle.
      const small = { JOB_EVENTS: "60", WORKER_JOBS: "1" };
      cluster = new RoleCluster(own.url, await sharedRedis(), small);
      await cluster.makeEventIndex();
      await cluster.addEvents(sampleDocuments(EVENTS));
      cluster.role("feed-puller");
      cluster.role("sweep-worker");
      cluster.dropFeeds();
      await cluster.serve();
      let covered = 0;
      await until(async () => {
        covered = await (cluster?.covered() ?? 0);
        return covered > 0.1;
      }, 60);
      await own.kill();
      expect(covered).toBeGreaterThan(0);
      expect(covered).toBeLessThan(1);
      await sleep(1000);
      await own.restart();
      await expectTheTruth(cluster);
    }, 240_000);

    test("whose Redis is away, or just coming back, ends in good order when told to", async () => {
      const redis = await startRedis();
      own = redis;
      cluster = new RoleCluster(engine.url, redis.url);
      cluster.redis.on("error", () => undefined);
      await cluster.makeEventIndex();
      const names = ["feed-puller", "sweep-worker"];
      const areStarted = (roles: readonly Role[]): boolean =>
        roles.every((role) => role.out().includes("started"));
      // Away; just coming back; back.
      for (const [pauseMs, isBack] of [
        [1000, false],
        [300, true],
        [2000, true],
      ] as const) {
        const roles = names.map((name) => cluster?.role(name)).filter((role) => role !== undefined);
        expect(await until(() => areStarted(roles), 60)).toBe(true);
        await sleep(1000);
        await redis.kill();
        await sleep(pauseMs);
        if (isBack) await redis.restart();
        for (const { child } of roles) child.kill("SIGTERM");
        const isEnded = async () =>
          Promise.race([Promise.all(roles.map(({ ended }) => ended)), sleep(30_000)]);
        expect(await isEnded()).toMatchObject([{ code: 0 }, { code: 0 }]);
        if (!isBack) await redis.restart();
      }
    }, 240_000);

    test("of two planners has one at a time, and the second takes over when the first is killed", async () => {
      cluster = new RoleCluster(engine.url, await sharedRedis());
      const { redis, prefix } = cluster;
      const events = sampleDocuments(EVENTS);
      await cluster.makeEventIndex();
      await cluster.addEvents(events.slice(0, EVENTS / 2));
      await cluster.serve();
      const roles = ["feed-puller", "sweep-worker"];
      const leases = ["feeds", "sweeps"].map((name) => `${prefix}:lease:${name}`);
      const holders = () => redis.mget(...leases);
      const first = roles.map((name) => cluster?.role(name));
      await until(async () => (await holders()).every((holder) => holder !== null), 30);
      const before = await holders();
      roles.forEach((name) => cluster?.role(name));
      cluster.dropFeeds();
      await until(async () => (await cluster?.covered()) === 1, 60);
      expect(before).not.toContain(null);
      expect(await holders()).toEqual(before);
      for (const one of first) {
        one?.child.kill("SIGKILL");
        await one?.ended;
      }
      await cluster.addEvents(events.slice(EVENTS / 2));
      // Nobody plans while the lease of the dead has not run out.
      await until(async () => (await holders()).every((holder, i) => holder !== before[i]), 45);
      await until(async () => (await holders()).every((holder) => holder !== null), 10);
      const after = await holders();
      expect(after).not.toContain(null);
      await expectTheTruth(cluster);
      expect(await holders()).toEqual(after);
    }, 240_000);
  },
  runEngines.slice(0, 1),
);
