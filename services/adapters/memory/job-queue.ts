import type { DeadJob, JobQueue, QueuedJob } from "../../core/job-queue.ts";

export interface MemoryQueueOptions {
  readonly attempts: number;
  readonly restMs: number;
  readonly now: () => number;
}

interface Waiting<T> extends QueuedJob<T> {
  tries: number;
}

/** Jobs of this process alone: what one process plans it does itself. */
export class MemoryJobQueue<T> implements JobQueue<T> {
  readonly #options: MemoryQueueOptions;
  #waiting: Waiting<T>[] = [];
  readonly #active = new Map<string, Promise<void>>();
  #dead: DeadJob<T>[] = [];
  #handler: ((data: T) => Promise<void>) | undefined;
  #concurrency = 0;
  #deaths = 0;

  constructor(options: MemoryQueueOptions) {
    this.#options = options;
  }

  async add(jobs: readonly QueuedJob<T>[]): Promise<number> {
    let added = 0;
    for (const job of jobs) {
      const died = this.#dead.find(({ key }) => key === job.key);
      const isResting =
        died !== undefined && this.#options.now() < died.failedAt + this.#options.restMs;
      const isThere = this.#active.has(job.key) || this.#waiting.some(({ key }) => key === job.key);
      if (!isResting && !isThere) {
        this.#dead = this.#dead.filter((one) => one !== died);
        this.#waiting.push({ ...job, tries: 0 });
        added += 1;
      }
    }
    this.#waiting = this.#waiting.toSorted((a, b) => a.priority - b.priority);
    this.#start();
    return added;
  }

  async depth(): Promise<number> {
    return this.#waiting.length + this.#active.size;
  }

  async work(handler: (data: T) => Promise<void>, concurrency: number): Promise<void> {
    this.#handler = handler;
    this.#concurrency = concurrency;
    this.#start();
  }

  async dead(limit: number): Promise<readonly DeadJob<T>[]> {
    return this.#dead.slice(0, limit);
  }

  async replay(ids: readonly string[]): Promise<number> {
    const chosen = this.#dead.filter(({ id }) => ids.includes(id));
    this.#dead = this.#dead.filter((job) => !chosen.includes(job));
    await this.add(chosen);
    return chosen.length;
  }

  async close(): Promise<void> {
    this.#handler = undefined;
    await Promise.all(this.#active.values());
  }

  #start(): void {
    while (this.#handler !== undefined && this.#active.size < this.#concurrency) {
      const job = this.#waiting.shift();
      if (job === undefined) {
        return;
      }
      this.#active.set(job.key, this.#run(job, this.#handler));
    }
  }

  async #run(job: Waiting<T>, handler: (data: T) => Promise<void>): Promise<void> {
    try {
      await handler(job.data);
      this.#active.delete(job.key);
    } catch (error) {
      this.#active.delete(job.key);
      job.tries += 1;
      if (job.tries < this.#options.attempts) {
        this.#waiting.push(job);
      } else {
        this.#bury(job, error);
      }
    }
    this.#start();
  }

  #bury(job: Waiting<T>, error: unknown): void {
    this.#deaths += 1;
    this.#dead.unshift({
      id: String(this.#deaths),
      key: job.key,
      data: job.data,
      priority: job.priority,
      reason: error instanceof Error ? error.message : String(error),
      failedAt: this.#options.now(),
      attempts: job.tries,
    });
  }
}
