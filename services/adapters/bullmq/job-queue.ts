import { setTimeout as sleep } from "node:timers/promises";
import { Queue, Worker, type Job } from "bullmq";
import type { Redis } from "ioredis";
import type { DeadJob, JobQueue, QueuedJob } from "../../core/job-queue.ts";
import { sha256Hash } from "../crypto/hash.ts";

export interface BullQueueOptions {
  /** Name of the queue; workers of the same name share its jobs. */
  readonly name: string;
  /** Begins every key in Redis, so that several installations can share one. */
  readonly prefix: string;
  readonly redis: Redis;
  /** Tries of one job before it dies, and the pause before the second; later pauses double, with jitter. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  /** How long a dead job rests before its work may be added again. */
  readonly restMs: number;
  /** A worker that says nothing for so long has lost its job to others. */
  readonly stalledMs: number;
  /** Hears of failures that no caller sees: a lost connection, a job that has died. */
  readonly onProblem: (error: Error, job: string | undefined) => void;
}

interface Envelope<T> {
  readonly key: string;
  readonly data: T;
  /** How often the work was added after it had died; part of the job's id, which a dead job keeps for itself. */
  readonly life: number;
}

/** A time that lies so far ahead was written by a clock that was wrong. */
const AHEAD_MS = 60_000;
/** How long closing takes at most once no job is being done. */
const LET_GO_MS = 2000;
const CHUNK = 500;
/** Dead jobs kept to be looked at; the oldest go. */
const DEAD_KEPT = 10_000;

/** Jobs in Redis, through BullMQ. Nothing of value is lost with Redis: what is not done is planned again. */
export class BullJobQueue<T> implements JobQueue<T> {
  readonly #options: BullQueueOptions;
  readonly #queue: Queue<Envelope<T>>;
  #worker: Worker<Envelope<T>> | undefined;
  #connection: Redis | undefined;
  readonly #running = new Set<Promise<void>>();

  constructor(options: BullQueueOptions) {
    const { name, prefix, redis, attempts, firstPauseMs, onProblem } = options;
    this.#options = options;
    this.#queue = new Queue<Envelope<T>>(name, {
      connection: redis,
      prefix,
      defaultJobOptions: {
        attempts,
        backoff: { type: "exponential", delay: firstPauseMs, jitter: 0.5 },
        removeOnComplete: true,
        removeOnFail: { count: DEAD_KEPT },
      },
    });
    this.#queue.on("error", (error) => onProblem(error, undefined));
  }

  async add(jobs: readonly QueuedJob<T>[]): Promise<number> {
    if (jobs.length > 0) await this.#wakeMisdated();
    const dead = jobs.length === 0 ? new Map<string, Job<Envelope<T>>>() : await this.#lastLives();
    const wanted = jobs.flatMap(({ key, data, priority }) => {
      const died = dead.get(key);
      const diedMsAgo = Date.now() - (died?.finishedOn ?? 0);
      if (died !== undefined && diedMsAgo < this.#options.restMs && diedMsAgo > -AHEAD_MS) {
        return [];
      }
      const life = died === undefined ? 0 : died.data.life + 1;
      const opts = { jobId: idOf(key, life), priority };
      return [{ name: this.#options.name, data: { key, data, life }, opts }];
    });
    let added = 0;
    for (let at = 0; at < wanted.length; at += CHUNK) {
      const chunk = wanted.slice(at, at + CHUNK);
      const isThere = await this.#exist(chunk.map(({ opts }) => opts.jobId));
      const fresh = chunk.filter((_, i) => isThere[i] !== true);
      await this.#queue.addBulk(fresh);
      added += fresh.length;
    }
    return added;
  }

  async depth(): Promise<number> {
    const counts = await this.#queue.getJobCounts("wait", "active", "delayed", "prioritized");
    // Whoever waits for the queue to become empty would wait for ever.
    if ((counts["delayed"] ?? 0) > 0) await this.#wakeMisdated();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  async work(handler: (data: T) => Promise<void>, concurrency: number): Promise<void> {
    const { name, prefix, redis, stalledMs, onProblem } = this.#options;
    this.#connection = redis.duplicate({ maxRetriesPerRequest: null });
    const work = async (job: Job<Envelope<T>>): Promise<void> => {
      const running = this.#do(job, handler);
      this.#running.add(running);
      await running.finally(() => this.#running.delete(running));
    };
    const worker = new Worker<Envelope<T>>(name, work, {
      connection: this.#connection,
      prefix,
      concurrency,
      lockDuration: stalledMs,
      stalledInterval: stalledMs,
      // A job whose worker was killed is no bad job: only its own failures count.
      maxStalledCount: 100,
    });
    this.#worker = worker;
    worker.on("error", (error) => onProblem(error, undefined));
    worker.on("failed", (job, error) => {
      if (job !== undefined && job.attemptsMade >= (job.opts.attempts ?? 1)) {
        onProblem(error, job.data.key);
      }
    });
    await worker.waitUntilReady();
  }

  async dead(limit: number): Promise<readonly DeadJob<T>[]> {
    const jobs = [...(await this.#lastLives()).values()];
    const livesAgain = await this.#exist(jobs.map((job) => idOf(job.data.key, job.data.life + 1)));
    return jobs
      .filter((_, i) => livesAgain[i] !== true)
      .slice(0, limit)
      .map((job) => ({
        id: job.id ?? "",
        key: job.data.key,
        data: job.data.data,
        priority: job.opts.priority ?? 0,
        reason: job.failedReason,
        failedAt: job.finishedOn ?? 0,
        attempts: job.attemptsMade,
      }));
  }

  async replay(ids: readonly string[]): Promise<number> {
    let replayed = 0;
    for (const id of ids) {
      const job = await this.#queue.getJob(id);
      if (job === undefined || !(await job.isFailed())) {
        continue;
      }
      const [livesAgain] = await this.#exist([idOf(job.data.key, job.data.life + 1)]);
      if (livesAgain !== true) {
        await job.retry("failed", { resetAttemptsMade: true });
        replayed += 1;
      }
    }
    return replayed;
  }

  async close(): Promise<void> {
    const closed = this.#closeAll().catch((error: unknown) => {
      this.#options.onProblem(error instanceof Error ? error : new Error(String(error)), undefined);
    });
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    // BullMQ waits for ever where a connection was just being made again.
    const letGo = new AbortController();
    const waited = sleep(LET_GO_MS, undefined, { signal: letGo.signal }).catch(() => undefined);
    await Promise.race([closed, waited]);
    letGo.abort();
    this.#connection?.disconnect();
  }

  async #closeAll(): Promise<void> {
    await this.#worker?.close();
    await this.#queue.close();
  }

  /** Does a job; once its work is done, its earlier lives are nobody's concern any more. */
  async #do({ data }: Job<Envelope<T>>, handler: (data: T) => Promise<void>): Promise<void> {
    await handler(data.data);
    for (let life = 0; life < data.life; life++) {
      await this.#queue.remove(idOf(data.key, life));
    }
  }

  /** A job that failed while a clock was ahead waits for that time to come again, and keeps its name from others. */
  async #wakeMisdated(): Promise<void> {
    for (const job of await this.#queue.getDelayed(0, CHUNK)) {
      if (job !== undefined && (job.processedOn ?? 0) > Date.now() + AHEAD_MS) {
        await job.promote().catch(() => undefined); // another was first
      }
    }
  }

  /** The last of its lives that each work ended in death, newest first. */
  async #lastLives(): Promise<ReadonlyMap<string, Job<Envelope<T>>>> {
    const jobs = (await this.#queue.getJobs(["failed"], 0, DEAD_KEPT - 1))
      .filter((job): job is Job<Envelope<T>> => job?.data !== undefined)
      .toSorted((a, b) => (b.finishedOn ?? 0) - (a.finishedOn ?? 0));
    const last = new Map<string, Job<Envelope<T>>>();
    for (const job of jobs) {
      const known = last.get(job.data.key);
      if (known === undefined || known.data.life < job.data.life) {
        last.set(job.data.key, job);
      }
    }
    return last;
  }

  async #exist(ids: readonly string[]): Promise<readonly boolean[]> {
    const pipeline = this.#options.redis.pipeline();
    for (const id of ids) {
      pipeline.exists(this.#queue.toKey(id));
    }
    return ((await pipeline.exec()) ?? []).map(([, found]) => found === 1);
  }
}

function idOf(key: string, life: number): string {
  return `${sha256Hash(key)}-${life}`;
}
