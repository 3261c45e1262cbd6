import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import { listDead, QUEUES, replayDead, type DeadJobView } from "../core/pipeline/dead-jobs.ts";
import { answeredTime, endpoint, list } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { paging, word } from "./query.ts";

/** Dead jobs that a replay of all takes: as many as queues keep. */
const ALL = 40_000;

const which = { queue: word(...QUEUES).optional() };

const deadJob = z.strictObject({
  id: z.string(),
  queue: z.enum(QUEUES),
  name: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number()])),
  reason: z.string(),
  attempts: z.number(),
  failedAt: answeredTime,
});
/** A dead job as clients see it. */
export type DeadJobDescription = z.input<typeof deadJob>;

const replayed = z.strictObject({ replayed: z.number() });

/** One process alone has no queues, so nothing dies: it tries again. */
export const listDeadJobs = endpoint({
  method: "get",
  path: "/api/v1/dead-jobs",
  summary: "Lists jobs that failed too often, newest first.",
  query: z.strictObject({ ...which, limit: paging.limit }),
  answers: z.strictObject({ jobs: list(deadJob) }),
  handle: async ({ queues }, { query: { queue, limit } }) => ({
    jobs: (await listDead(queues, queue, limit)).map(describeDeadJob),
  }),
});

export const replayDeadJob = endpoint({
  method: "post",
  path: "/api/v1/dead-jobs/:id/replay",
  summary: "Gives a dead job another life.",
  answers: replayed,
  handle: async ({ queues, logger }, { id, keyId }) => {
    const count = await replayDead(queues, [id]);
    if (count === 0) {
      throw new ServiceError("api/not-found", "there is no such dead job");
    }
    logger.info({ job: id, by: keyId }, "a dead job was replayed");
    return { replayed: count };
  },
});

export const replayDeadJobs = endpoint({
  method: "post",
  path: "/api/v1/dead-jobs/replay",
  summary: "Gives all dead jobs another life, or those of one queue.",
  query: z.strictObject(which),
  answers: replayed,
  handle: async ({ queues, logger }, { query: { queue }, keyId }) => {
    const dead = await listDead(queues, queue, ALL);
    const count = await replayDead(
      queues,
      dead.map(({ id }) => id),
    );
    logger.info({ queue, replayed: count, by: keyId }, "dead jobs were replayed");
    return { replayed: count };
  },
});

function describeDeadJob(job: DeadJobView): DeadJobDescription {
  return { ...job, failedAt: isoTime(job.failedAt) };
}
