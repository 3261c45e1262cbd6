/** What every composition needs to take feeds from their sources. */
import { setTimeout as sleep } from "node:timers/promises";
import { createTask, validate } from "node-cron";
import { FeedFolder } from "../adapters/feeds/feed-folder.ts";
import { HttpFeedReader } from "../adapters/feeds/feed-reader.ts";
import { feedSourceSchema, type Times } from "../core/feeds/feed-source.ts";
import { declareFeeds, queueDueFeeds, type PullJob } from "../core/feeds/plan-feeds.ts";
import { pullFeed, type PullDeps } from "../core/feeds/pull-feed.ts";
import type { JobQueue } from "../core/job-queue.ts";
import type { State } from "../core/ports.ts";
import type { Config } from "./config.ts";
import { coreDeps } from "./core-deps.ts";
import type { Logger } from "./logger.ts";

/** Feeds that are taken at a time: they mostly wait for hosts far away, and a slow one must hold up no other. */
export const FEEDS_AT_A_TIME = 8;

const DAY_MS = 86_400_000;

/** What times of a schedule are, by the libraries that keep them. */
export const times: Times = { isSchedule: (text) => validate(text), isTimezone };

export const feedSources = feedSourceSchema(times);

function isTimezone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}

/** The next time of a schedule; a schedule without one (30 February) is looked at again tomorrow. */
export function nextRun(schedule: string, timezone?: string): number {
  const task = createTask(schedule, () => undefined, {
    ...(timezone !== undefined && { timezone }),
  });
  try {
    return task.getNextRun()?.getTime() ?? Date.now() + DAY_MS;
  } finally {
    void task.destroy();
  }
}

export interface FeedSourcesDeps {
  readonly config: Config;
  readonly state: Pick<State, "records">;
  readonly queue: JobQueue<PullJob>;
  readonly importFile: PullDeps["importFile"];
  readonly secretOf: (name: string) => string | undefined;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Ends readings; they go on at the next start. */
  readonly stop: AbortSignal;
}

export interface FeedSources {
  /** Looks at what files declare, and queues what is due. */
  readonly look: () => Promise<void>;
  /** Takes one feed. */
  readonly pull: (job: PullJob) => Promise<void>;
}

export function makeFeedSources(deps: FeedSourcesDeps): FeedSources {
  const { config, state, queue, importFile, secretOf, logger, stop } = deps;
  const folder = new FeedFolder(config.FEEDS_DIR, feedSources);
  const pulling: PullDeps = {
    state,
    reader: new HttpFeedReader({ secretOf }),
    importFile,
    now: coreDeps.now,
    random: () => Math.random(),
    nextRun,
    deadline: (ms) => AbortSignal.timeout(ms),
    stop,
  };
  return {
    look: async () => {
      await declareFeeds(state.records, await folder.read(), coreDeps.now);
      await queueDueFeeds({ state, queue, now: coreDeps.now });
    },
    pull: async ({ feed }) => {
      const ended = await pullFeed(pulling, feed);
      const { error, failures, counts } = ended ?? {};
      if (error === undefined) {
        logger.info({ feed, counts }, "a feed was taken");
      } else {
        const { code, message } = error;
        logger.warn({ feed, code, reason: message, failures }, "a feed could not be taken; it is tried again"); // prettier-ignore
      }
    },
  };
}

/** Waits; ends early, with what the signal says, when it comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
