/** The short form of `npm run chaos`: everything that may happen to a cluster, once each. */
import { afterEach, expect, test } from "@jest/globals";
import { ChaosRun, DISTURBANCES, type Disturbance } from "../chaos/chaos-run.ts";
import { describeEngines, runEngines } from "../engines/describe-engines.ts";

const EVENTS_A_ROUND = 20;

let run: ChaosRun | undefined;
afterEach(async () => {
  await run?.close();
  run = undefined;
}, 60_000);

// One engine is enough: what engines do differently stands in the engine-* tests.
describeEngines(
  "a cluster to which everything happens",
  (engine) => {
    test("comes to rest with the naive matcher's matches, each once, and each counted", async () => {
      const all = Object.keys(DISTURBANCES) as Disturbance[];
      const events = all.length * EVENTS_A_ROUND;
      run = await ChaosRun.open({ engine: engine.name, seed: "short", events });
      for (const what of all) {
        await run.round(what, EVENTS_A_ROUND);
      }
      expect(await run.problems()).toEqual([]);
    }, 400_000);
  },
  runEngines.slice(0, 1),
);
