import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import { listDead, QUEUES, replayDead, type DeadJobView } from "../core/pipeline/dead-jobs.ts";
import { endpoint } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { paging, word } from "./query.ts";

/** Dead jobs that a replay of all takes: as many as queues keep. */
const ALL = 40_000;

const which = { queue: word(...QUEUES).optional() };

/** A dead job as clients see it. */
export type DeadJobDescription = ReturnType<typeof describeDeadJob>;

/** Jobs that failed too often, newest first. One process alone has no queues, so nothing dies: it tries again. */
export const listDeadJobs = endpoint(
  "get",
  "/api/v1/dead-jobs",
  z.strictObject({ ...which, limit: paging.limit }),
  async ({ queues }, { queue, limit }) => ({
    jobs: (await listDead(queues, queue, limit)).map(describeDeadJob),
  }),
);

export const replayDeadJob = endpoint(
  "post",
  "/api/v1/dead-jobs/:id/replay",
  z.strictObject({}),
  async ({ queues, logger }, _query, { id, keyId }) => {
    const replayed = await replayDead(queues, [id]);
    if (replayed === 0) {
      throw new ServiceError("api/not-found", "there is no such dead job");
    }
    logger.info({ job: id, by: keyId }, "a dead job was replayed");
    return { replayed };
  },
);

export const replayDeadJobs = endpoint(
  "post",
  "/api/v1/dead-jobs/replay",
  z.strictObject(which),
  async ({ queues, logger }, { queue }, { keyId }) => {
    const dead = await listDead(queues, queue, ALL);
    const replayed = await replayDead(
      queues,
      dead.map(({ id }) => id),
    );
    logger.info({ queue, replayed, by: keyId }, "dead jobs were replayed");
    return { replayed };
  },
);

function describeDeadJob(job: DeadJobView) {
  return { ...job, failedAt: isoTime(job.failedAt) };
}
