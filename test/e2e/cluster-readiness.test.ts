/** Probes of the roles: they tell what is missing, and that it is back. */
import { afterEach, expect, test } from "@jest/globals";
import { describeEngines, runEngines } from "../engines/describe-engines.ts";
import { startRedis, type Server } from "../engines/engine.ts";
import { startProxy, type EngineProxy } from "../support/engine-proxy.ts";
import { RoleCluster, until } from "../support/role-cluster.ts";

let cluster: RoleCluster | undefined;
let proxy: EngineProxy | undefined;
let redis: Server | undefined;
afterEach(async () => {
  await cluster?.close();
  await proxy?.close();
  await redis?.stop();
});

// One engine is enough: roles are the same on each, and what engines do differently stands in the engine-* tests.
describeEngines(
  "probes",
  (engine) => {
    test("of feed-puller and sweep-worker tell what is missing, and that it is back", async () => {
      redis = await startRedis();
      proxy = await startProxy(engine.url);
      cluster = new RoleCluster(proxy.url, redis.url, { HEALTH_PORT: "0" });
      await cluster.makeEventIndex();
      const roles = ["feed-puller", "sweep-worker"].map((name) => cluster?.role(name));
      const ready = async (nth: number) => {
        const port = /port (\d+)/.exec(roles[nth]?.out() ?? "")?.[1] ?? "1";
        const ask = async (path: string) => fetch(`http://127.0.0.1:${port}/${path}`);
        const answer = await ask("readyz").catch(() => undefined);
        const body = (await answer?.json()) as { reasons?: string[] } | undefined;
        const health = await ask("healthz").catch(() => undefined);
        return `${health?.status} ${answer?.status} ${body?.reasons?.join("; ") ?? ""}`;
      };
      const both = async (want: RegExp) => {
        const isSo = async () => want.test(await ready(0)) && want.test(await ready(1));
        await until(isSo, 30);
        expect([await ready(0), await ready(1)]).toEqual([
          expect.stringMatching(want),
          expect.stringMatching(want),
        ]);
      };
      await both(/^200 200 $/);
      await redis.kill();
      await both(/^200 503 redis: not connected/);
      await redis.restart();
      await both(/^200 200 $/);
      proxy.rule = () => ({ status: 503 });
      await both(/^200 503 engine: no answer within 3000 ms/);
      proxy.rule = ({ path }) => (path.endsWith("/_mget") ? { status: 403 } : undefined);
      await both(/^200 503 .*engine: .*security_exception/);
      proxy.rule = () => undefined;
      await both(/^200 200 $/);
      for (const one of roles) {
        one?.child.kill("SIGTERM");
        expect((await one?.ended)?.code).toBe(0);
      }
    }, 240_000);
  },
  runEngines.slice(0, 1),
);
