/**
 * Disturbs a cluster of real processes: `npm run chaos [-- --rounds N] [-- --seed S] [-- --engine es8]`. The first problem
 * ends it, and it says with which seed to see it again.
 */
import { parseArgs } from "node:util";
import { ENGINES } from "../engines/engine.ts";
import { ChaosRun } from "./chaos-run.ts";

const { values: args } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "es8" },
  },
});
/** After so many rounds everything must come to rest and be right. */
const REST_EVERY = 10;
const EVENTS_A_ROUND = 40;

const engine = ENGINES.find((name) => name === args.engine);
if (engine === undefined) throw new Error(`no engine is called ${args.engine}`);
const rounds = Number(args.rounds);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = await ChaosRun.open({ engine, seed: args.seed, events: rounds * EVENTS_A_ROUND });
try {
  for (let round = 1; round <= rounds; round++) {
    const what = run.draw();
    say(`${round}: ${what}`);
    await run.round(what, EVENTS_A_ROUND);
    if (round % REST_EVERY === 0 || round === rounds) {
      const problems = await run.problems();
      if (problems.length > 0) {
        say(await run.state());
        throw new Error(`after round ${round} of seed ${args.seed}: ${problems.join("; ")}`);
      }
      say(`   right: ${await run.summary()}`);
    }
  }
} finally {
  await run.close();
}
