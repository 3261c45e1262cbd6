/**
 * Fuzzes stix2-ts: only StixError may be thrown, no input may take over 2 s of CPU, memory must not grow.
 * `npm run fuzz [-- --seconds N] [-- --seed N]`; a failure says with which seed to see it again.
 */
import { inspect, parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const { values: args } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
  },
});
/** An input that takes so long hangs, and the worker can't say so itself. */
const HANG_MS = 20_000;

/** Where the worker is: target, seed of the batch, place in it, and its beat. */
const progress = new Int32Array(new SharedArrayBuffer(16));
const worker = new Worker(new URL("fuzz-worker.ts", import.meta.url), {
  workerData: { seconds: Number(args.seconds), seed: Number(args.seed), progress },
});
let [beat, since] = [-1, Date.now()];
const watch = setInterval(() => {
  if (progress[3] !== beat) [beat, since] = [progress[3] ?? 0, Date.now()];
  else if (Date.now() - since > HANG_MS) {
    const [target, seed, place] = progress;
    process.stderr.write(`hangs: target ${target}, seed ${seed}, input ${place}\n`);
    process.exit(1);
  }
}, 1000);
worker.on("error", (error) => {
  process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 1;
});
worker.on("exit", () => clearInterval(watch));
