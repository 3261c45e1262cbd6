import { inspect } from "node:util";
import { workerData } from "node:worker_threads";
import fc from "fast-check";
import { runInput, TARGETS } from "./targets.ts";

const { seconds, seed, progress } = workerData as {
  readonly seconds: number;
  readonly seed: number;
  readonly progress: Int32Array;
};
const MAX_MS = 2000;
const BATCH = 200;
/** The inputs themselves are small: what is more was kept by what read them. */
const MAX_GROWTH = 256 * 2 ** 20;

function held(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const totals = TARGETS.map(({ name }) => ({ name, inputs: 0, accepted: 0, slowestMs: 0 }));
const end = performance.now() + seconds * 1000;
let before: number | undefined;
for (let round = 0; performance.now() < end; round++) {
  const target = TARGETS[round % TARGETS.length] ?? TARGETS[0];
  const total = totals[round % TARGETS.length];
  if (target === undefined || total === undefined) break;
  const batchSeed = seed + round; // another for each target: they draw the same patterns from the same seed
  progress.set([round % TARGETS.length, batchSeed]);
  for (const [place, input] of fc
    .sample(target.inputs, { seed: batchSeed, numRuns: BATCH })
    .entries()) {
    // prettier-ignore
    progress[2] = place;
    Atomics.add(progress, 3, 1);
    const where = `${target.name}, seed ${batchSeed}, input ${place}: ${inspect(input, { depth: 8 }).slice(0, 3000)}`; // prettier-ignore
    let outcome;
    try {
      outcome = await runInput(target, input);
    } catch (cause) {
      throw new Error(where, { cause });
    }
    if (outcome.ms > MAX_MS) throw new Error(`took ${Math.round(outcome.ms)} ms: ${where}`);
    total.inputs += 1;
    total.accepted += outcome.accepted ? 1 : 0;
    total.slowestMs = Math.max(total.slowestMs, outcome.ms);
  }
  if (round === TARGETS.length * 2)
    before = held(); // after what is made once
  else if (before !== undefined && round % 50 === 0 && held() - before > MAX_GROWTH) {
    throw new Error(`memory grew by ${held() - before} bytes in ${round} rounds`);
  }
}
const lines = totals.map(
  ({ name, inputs, accepted, slowestMs }) =>
    `${name}: ${inputs} inputs, ${accepted} accepted, the slowest ${slowestMs.toFixed(0)} ms\n`,
);
process.stdout.write(lines.join(""));
