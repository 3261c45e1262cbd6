import { z } from "zod";
import type { DeadJobDescription } from "../api/dead-jobs.ts";
import { QUEUES } from "../core/pipeline/dead-jobs.ts";
import { ServiceError } from "../core/errors.ts";
import { apiOf } from "./api-client.ts";
import { oneOf, readArguments } from "./arguments.ts";
import { printable } from "./printable.ts";
import type { Output } from "./scan-command.ts";

const USAGE = "usage: stixsweep jobs list [--queue QUEUE] | jobs replay ID | jobs replay --all [--queue QUEUE]"; // prettier-ignore

/** What the API lists at most. */
const MOST = 1000;

const listed = z.object({
  jobs: z.array(
    z.object({
      id: z.string(),
      queue: z.enum(QUEUES),
      name: z.string(),
      data: z.record(z.string(), z.union([z.string(), z.number()])),
      reason: z.string(),
      attempts: z.number(),
      failedAt: z.string().nullable(),
    }),
  ),
});
const replayed = z.object({ replayed: z.number() });

/** `jobs list|replay`: jobs that failed too often, through the API of a server that runs. */
export async function jobsCommand(
  args: readonly string[],
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const given = readArguments(args, ["queue"], ["all"]);
  const [action, id, ...more] = given.words;
  const isAll = given.has("all");
  const isList = action === "list" && id === undefined && !isAll;
  const isReplay = action === "replay" && (id === undefined) === isAll;
  // An id says which queue it is of.
  const isTooMuch = id !== undefined && given.has("queue");
  if (more.length > 0 || isTooMuch || !(isList || isReplay)) {
    throw new ServiceError("config/usage", USAGE);
  }
  const queue = given.has("queue")
    ? oneOf(given.values("queue")[0], QUEUES, "sweeps", "queue")
    : undefined;
  const api = apiOf(env);
  if (isList) {
    const query = new URLSearchParams({ limit: String(MOST), ...(queue && { queue }) });
    const { jobs } = await api.ask("GET", `dead-jobs?${query.toString()}`, listed);
    await output.out(jobs.map((job) => `${describe(job)}\n`).join(""));
    const isCut = jobs.length === MOST;
    output.err(jobs.length === 0 ? "there are no dead jobs\n" : isCut ? `the newest ${MOST}; there may be more\n` : ""); // prettier-ignore
    return 0;
  }
  const path = id === undefined ? "replay" : `${encodeURIComponent(id)}/replay`;
  const query = queue === undefined ? "" : `?queue=${queue}`;
  const answer = await api.ask("POST", `dead-jobs/${path}${query}`, replayed);
  await output.out(`${answer.replayed} replayed\n`);
  return 0;
}

function describe({ id, name, reason, attempts, failedAt }: DeadJobDescription): string {
  // One line a job, whatever an engine said.
  const why = reason.replaceAll(/\s+/g, " ");
  return [failedAt ?? "", id, name, `${attempts} attempts`, why].map(printable).join("  ");
}
