import { z } from "zod";
import { URGENCIES } from "../core/sweep/cells.ts";
import { ServiceError } from "../core/errors.ts";
import { apiOf } from "./api-client.ts";
import { readArguments } from "./arguments.ts";
import { printable } from "./printable.ts";
import type { Output } from "./scan-command.ts";

const USAGE = "usage: stixsweep plan [--json] | plan pause | plan resume | plan express INDICATOR…";

const cost = z.object({ positions: z.number(), candidates: z.number(), ms: z.number() });
const strategy = z.enum(["push", "pull"]);
const planShape = z.object({
  asOf: z.string().nullable(),
  paused: z.boolean(),
  revision: z.number(),
  jobs: z.number(),
  estimateMs: z.number(),
  partitions: z.array(
    z.object({
      partition: z.string(),
      bound: z.number(),
      jobs: z.number(),
      positions: z.number(),
      estimateMs: z.number(),
      jobSize: z.number(),
      measured: z.partialRecord(strategy, cost),
    }),
  ),
  next: z.array(
    z.object({
      partition: z.string(),
      from: z.number(),
      to: z.number(),
      revision: z.number(),
      urgency: z.enum(URGENCIES),
      strategy,
      estimateMs: z.number(),
    }),
  ),
});

/** `plan [pause|resume|express]`: what would be swept now, through the API of a server that runs. */
export async function planCommand(
  args: readonly string[],
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const given = readArguments(args, [], ["json"]);
  const [action, ...more] = given.words;
  if ((action === "express") !== more.length > 0 || (action !== undefined && given.has("json"))) {
    throw new ServiceError("config/usage", USAGE);
  }
  const api = apiOf(env);
  if (action === "pause" || action === "resume") {
    const { paused } = await api.ask("POST", `plan/${action}`, z.object({ paused: z.boolean() }));
    await output.out(paused ? "sweeps are paused\n" : "sweeps go on\n");
    return 0;
  }
  if (action === "express") {
    const shape = z.object({ patterns: z.number() });
    const body = JSON.stringify({ indicators: more });
    const { patterns } = await api.ask("POST", "plan/express", shape, body);
    await output.out(`${patterns} patterns meet history before the others\n`);
    return 0;
  }
  if (action !== undefined) {
    throw new ServiceError("config/usage", USAGE);
  }
  const plan = await api.ask("GET", "plan?limit=20", planShape);
  await output.out(given.has("json") ? `${JSON.stringify(plan, undefined, 2)}\n` : text(plan));
  return 0;
}

function text(plan: z.infer<typeof planShape>): string {
  const lines = [
    `${plan.paused ? "paused: " : ""}${plan.jobs} jobs to do, about ${seconds(plan.estimateMs)}, for patterns up to revision ${plan.revision}`,
    ...plan.next.map(
      (job) =>
        `  ${job.urgency.padEnd(5)}  ${job.strategy}  about ${seconds(job.estimateMs)}  events ${job.from + 1} to ${job.to} of ${job.partition}`,
    ),
    ...(plan.jobs > plan.next.length ? [`  … ${plan.jobs - plan.next.length} more`] : []),
    ...plan.partitions.flatMap(({ partition, bound, positions, jobSize, measured }) => [
      `${partition}: ${positions} of ${bound} events open, jobs of ${jobSize}`,
      ...Object.entries(measured).map(
        ([name, one]) =>
          `  ${name} took ${seconds(one.ms)} a job of ${one.positions} events, ${one.candidates} looked at`,
      ),
    ]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;
}
