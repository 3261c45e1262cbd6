/** What the roles of a cluster do. Each may run in any number; what only one should plan, the holder of a lease plans. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { contentHash } from "../adapters/crypto/hash.ts";
import { Inbox } from "../adapters/inbox/inbox.ts";
import { foldAlerts } from "../core/alert/fold.ts";
import { correlate } from "../core/correlate/correlate.ts";
import { reviewExceptions } from "../core/match/review-exceptions.ts";
import {
  fetchFeed,
  importThroughQueue,
  queueFeed,
  storeFeedPart,
  type FeedStageDeps,
} from "../core/pipeline/feed-stage.ts";
import { queueSweeps } from "../core/pipeline/sweep-stage.ts";
import { SweepRunner } from "../core/sweep/sweep-runner.ts";
import type { Cluster } from "./compose-cluster.ts";
import type { Config } from "./config.ts";
import { coreDeps, importDeps } from "./core-deps.ts";
import { FEEDS_AT_A_TIME, makeFeedSources, pause } from "./feed-sources.ts";
import type { Logger } from "./logger.ts";
import { Notifier } from "./notifier.ts";
import type { NamedSecrets } from "./secrets.ts";
import { onSchedule } from "./on-schedule.ts";
import type { Check } from "./readiness.ts";

export interface RoleDeps {
  readonly cluster: Cluster;
  readonly config: Config;
  readonly logger: Logger;
  readonly stop: AbortSignal;
  readonly named: NamedSecrets;
  /** Told what else a role needs, once it knows. */
  readonly ready: (checks: Readonly<Record<string, Check>>) => void;
}

/** Sweep jobs that wait at most; the rest is planned when there is room. */
const MAX_WAITING = 5000;
/** Months go by the month: there is no hurry. */
const RETAIN_MS = 3_600_000;
const FOLD = { key: "fold", data: null, priority: 1 };

/** Takes feeds from their sources and the inbox and stores them in parts, and tells webhooks of alerts, until told to stop. */
export async function pullFeeds(given: RoleDeps): Promise<void> {
  const { cluster, config, logger, stop, ready, named } = given;
  const { state, queues } = cluster;
  const inbox = await Inbox.open(config.INBOX_DIR);
  ready({ inbox: async () => access(config.INBOX_DIR, constants.R_OK) });
  const deps: FeedStageDeps = {
    ...importDeps(config, state, cluster.warningLists),
    fetchQueue: queues.fetch,
    partQueue: queues.parts,
    fetch: async (name) => inbox.read(name),
    contentHash,
  };
  await queues.fetch.work(async (job) => fetchFeed(deps, job), 1);
  await queues.parts.work(async (job) => storeFeedPart(deps, job), config.WORKER_JOBS);
  const sources = makeFeedSources({
    config,
    state,
    queue: queues.pulls,
    importFile: async (file, signal) => {
      const content = contentHash(file.bytes);
      return importThroughQueue({ ...deps, pause }, { ...file, content }, signal);
    },
    secretOf: named.feed,
    logger,
    stop,
  });
  await queues.pulls.work(async (job) => sources.pull(job), FEEDS_AT_A_TIME);
  /** What each file holds, read once for each mark of it, and whether its import has ended. */
  const known = new Map<string, { mark: string; content: string; isEnded: boolean }>();
  const lease = cluster.lease("feeds");
  const notifier = new Notifier(state, config, named.webhook, logger);
  await onSchedule(config.FEED_SCHEDULE, stop, logger, async () => {
    if (!(await lease.hold())) {
      return;
    }
    // Each by itself: none holds up the inbox.
    for (const look of [async () => sources.look(), async () => notifier.look()]) {
      await look().catch((error: unknown) => {
        logger.error({ err: error }, "a look failed; the next one tries again");
      });
    }
    for await (const { name, mark } of inbox.resting()) {
      let file = known.get(name);
      if (file?.mark !== mark) {
        const content = await inbox.read(name).then(contentHash, (error: unknown) => {
          logger.error({ err: error, name }, "a feed file can't be read; the others are");
          return "";
        });
        file = { mark, content, isEnded: content === "" };
        known.set(name, file);
      }
      if (!file.isEnded) {
        const { content } = file;
        file.isEnded = (await queueFeed(deps, { feed: "inbox", name, content })) === "ended";
      }
    }
  });
  await notifier.close();
  await lease.release();
}

/** Plans sweeps, does them, and folds matches into alerts, until told to stop. */
export async function sweep({ cluster, config, logger, stop, ready }: RoleDeps): Promise<void> {
  const { state, events, queues } = cluster;
  const deps = {
    ...coreDeps,
    events,
    state,
    semantics: cluster.semantics,
    warningLists: cluster.warningLists,
    jobEvents: config.JOB_EVENTS,
    coldMs: config.COLD_SWEEP_MINUTES * 60_000,
    queue: queues.sweeps,
    maxWaiting: MAX_WAITING,
  };
  await reviewExceptions(state, coreDeps.compile);
  const runner = new SweepRunner(deps);
  ready({ catalog: async () => runner.load() });
  await queues.sweeps.work(async (job) => {
    const { matches, hits } = await runner.run(job);
    if (matches + hits > 0) {
      await queues.folds.add([FOLD]);
    }
  }, config.WORKER_JOBS);
  await queues.folds.work(async () => {
    await correlate(deps);
    await foldAlerts(deps);
  }, 1);
  const lease = cluster.lease("sweeps");
  let retainedAt = -RETAIN_MS;
  await onSchedule(config.SWEEP_SCHEDULE, stop, logger, async () => {
    if (await lease.hold()) {
      await queueSweeps(deps);
      await queues.folds.add([FOLD]);
      if (coreDeps.elapsed() >= retainedAt + RETAIN_MS) {
        retainedAt = coreDeps.elapsed();
        await cluster.retain();
      }
    }
  });
  await lease.release();
}
