// The port of job queues; `ports.ts` has the others.

/** A job on its way through a queue. */
export interface QueuedJob<T> {
  /** Names the work: of jobs with the same key one at a time waits or is done. */
  readonly key: string;
  readonly data: T;
  /** Jobs of a lower number go first. */
  readonly priority: number;
}

/** A job that failed as often as it may. */
export interface DeadJob<T> extends QueuedJob<T> {
  readonly id: string;
  readonly reason: string;
  readonly failedAt: number;
  readonly attempts: number;
}

/**
 * Jobs that any worker may do, each at least once. What is lost with the queue is planned again: the queue holds
 * nothing that the state does not know.
 */
export interface JobQueue<T> {
  /**
   * Adds jobs. One whose key waits or is being done is left out; so is one that died, until it has rested.
   * Returns how many were added.
   */
  add(jobs: readonly QueuedJob<T>[]): Promise<number>;
  /** How many jobs wait, rest before another try, or are being done. */
  depth(): Promise<number>;
  /** Does jobs, so many at a time. A job that throws is tried again later, and dies when it failed too often. */
  work(handler: (data: T) => Promise<void>, concurrency: number): Promise<void>;
  /** The jobs that died and whose work was neither added again nor done since, newest first. */
  dead(limit: number): Promise<readonly DeadJob<T>[]>;
  /** Gives dead jobs another life, by id; returns how many. One whose work was added again since is left as it is. */
  replay(ids: readonly string[]): Promise<number>;
  /** Takes no new job and waits for those being done. */
  close(): Promise<void>;
}
