/** Jobs that died, of all queues: seen without what they carry, and given another life. */
import type { SweepJob } from "../sweep/cells.ts";
import type { DeadJob, JobQueue } from "../job-queue.ts";
import type { PullJob } from "../feeds/plan-feeds.ts";
import type { FetchJob, PartJob } from "./feed-stage.ts";

/** The queues of an installation; one that does all in one process has none. */
export interface JobQueues {
  readonly pulls: JobQueue<PullJob>;
  readonly fetch: JobQueue<FetchJob>;
  readonly parts: JobQueue<PartJob>;
  readonly sweeps: JobQueue<SweepJob>;
  readonly folds: JobQueue<null>;
}

export const QUEUES = ["pulls", "fetch", "parts", "sweeps", "folds"] as const;
export type QueueName = (typeof QUEUES)[number];

/** A dead job as people see it. */
export interface DeadJobView {
  /** Names the job among those of all queues. */
  readonly id: string;
  readonly queue: QueueName;
  /** What was to be done, in words. */
  readonly name: string;
  /** Few facts of it: what a feed says stays in the feed. */
  readonly data: Readonly<Record<string, string | number>>;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAt: number;
}

type Shown = Pick<DeadJobView, "name" | "data">;

const LONGEST_REASON = 1000;

/** Lists the dead jobs of all queues, or of one, newest first. */
export async function listDead(
  queues: Partial<JobQueues>,
  only: QueueName | undefined,
  limit: number,
): Promise<readonly DeadJobView[]> {
  const { pulls, fetch, parts, sweeps, folds } = queues;
  const lists = [
    view("pulls", await pulls?.dead(limit), ({ feed }) => ({ name: `take feed ${feed}`, data: { feed } })), // prettier-ignore
    view("fetch", await fetch?.dead(limit), describeFetch),
    view("parts", await parts?.dead(limit), describePart),
    view("sweeps", await sweeps?.dead(limit), describeSweep),
    view("folds", await folds?.dead(limit), () => ({ name: "fold matches into alerts", data: {} })),
  ];
  return lists
    .flat()
    .filter(({ queue }) => only === undefined || queue === only)
    .toSorted((a, b) => b.failedAt - a.failedAt)
    .slice(0, limit);
}

/** Gives dead jobs another life, by the ids that `listDead` gives; returns how many. Unknown ones are passed over. */
export async function replayDead(
  queues: Partial<JobQueues>,
  ids: readonly string[],
): Promise<number> {
  let replayed = 0;
  for (const name of QUEUES) {
    const own = ids
      .filter((id) => id.startsWith(`${name}:`))
      .map((id) => id.slice(name.length + 1));
    replayed += own.length === 0 ? 0 : ((await queues[name]?.replay(own)) ?? 0);
  }
  return replayed;
}

function view<T>(
  queue: QueueName,
  jobs: readonly DeadJob<T>[] = [],
  describe: (data: T) => Shown,
): readonly DeadJobView[] {
  return jobs.map(({ id, data, reason, attempts, failedAt }) => ({
    id: `${queue}:${id}`,
    queue,
    ...describe(data),
    reason: reason.slice(0, LONGEST_REASON),
    attempts,
    failedAt,
  }));
}

function describeFetch({ feed, name, content }: FetchJob): Shown {
  return { name: `read ${feed}/${name}`, data: { feed, file: name, content } };
}

function describePart({ importId, feed, part, parts }: PartJob): Shown {
  const data = { feed, import: importId, part: part + 1, parts };
  return { name: `store part ${part + 1} of ${parts} of a feed of ${feed}`, data };
}

function describeSweep({ partition, from, to, revision, urgency }: SweepJob): Shown {
  const data = { partition, from, to, revision, urgency };
  return { name: `sweep ${partition} (${from}, ${to}]`, data };
}
