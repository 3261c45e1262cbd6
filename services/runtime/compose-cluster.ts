/** The composition of a cluster's roles: state and events in Elasticsearch or OpenSearch, jobs in Redis. */
import { Redis } from "ioredis";
import { BullJobQueue } from "../adapters/bullmq/job-queue.ts";
import { Lease } from "../adapters/bullmq/lease.ts";
import { keySecrets } from "../adapters/crypto/key-secrets.ts";
import { connectEngine } from "../adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../adapters/elasticsearch/event-store.ts";
import { retainAlerts } from "../adapters/elasticsearch/state/alert-retention.ts";
import { stateNames } from "../adapters/elasticsearch/state/schema.ts";
import { openElasticsearchState } from "../adapters/elasticsearch/state/state.ts";
import { ServiceError } from "../core/errors.ts";
import { SEMANTICS } from "../core/match/semantics.ts";
import type { JobQueues } from "../core/pipeline/dead-jobs.ts";
import type { EventStore, KeySecrets, State } from "../core/ports.ts";
import type { ImportRecord } from "../core/records.ts";
import type { WarningLists } from "../core/suppress/warning-lists.ts";
import type { Config } from "./config.ts";
import { coreDeps, importBytes, importDeps, warningListsOf, withAdminKey } from "./core-deps.ts";
import { engineOptions } from "./engine-options.ts";
import type { Logger } from "./logger.ts";
import type { Check } from "./readiness.ts";
import { makePreviewer, type MakePreview } from "./previewer.ts";
import { Releasers } from "./releasers.ts";
import type { Secrets } from "./secrets.ts";

export interface Cluster {
  readonly state: State;
  readonly events: EventStore;
  readonly semantics: number;
  readonly keySecrets: KeySecrets;
  readonly warningLists: () => Promise<WarningLists>;
  readonly importFile: (feed: string, name: string, bytes: Uint8Array) => Promise<ImportRecord>;
  readonly preview: MakePreview;
  readonly queues: JobQueues;
  /** Sees to it that alerts go when they are too old, if there is such an age. */
  readonly retain: () => Promise<void>;
  /** What no role can work without. */
  readonly checks: { readonly redis: Check; readonly engine: Check };
  /** Held by the one replica that plans. */
  readonly lease: (name: string) => Lease;
  /** Waits for jobs that are being done, then lets go of everything. */
  readonly close: () => Promise<void>;
}

const JOBS = { attempts: 8, firstPauseMs: 1000, restMs: 600_000, stalledMs: 30_000 };
/** A lease outlives two looks of the slowest usual schedule. */
const LEASE_MS = 30_000;

/** Opens what every role needs. Throws `config/invalid` where a role can't work, and says what is missing. */
export async function openCluster(
  config: Config,
  secrets: Secrets,
  logger: Pick<Logger, "error" | "warn">,
): Promise<Cluster> {
  const {
    ELASTICSEARCH_URL: nodes,
    ELASTICSEARCH_CLOUD_ID: cloudId,
    STATE_PREFIX: prefix,
  } = config;
  const missing = [
    ...(nodes.length === 0 && cloudId === "" ? ["ELASTICSEARCH_URL"] : []),
    ...(secrets.REDIS_URL === undefined ? ["REDIS_URL"] : []),
  ];
  if (secrets.REDIS_URL === undefined || missing.length > 0) {
    throw new ServiceError(
      "config/invalid",
      `a role of a cluster needs ${missing.join(" and ")}; for one process alone use \`serve\``,
    );
  }
  const releasers = new Releasers();
  try {
    const client = connectEngine(engineOptions(config, secrets));
    releasers.add(() => client.close());
    const kept = await openElasticsearchState({ client, prefix });
    releasers.add(() => kept.close());
    const state = withAdminKey(kept, secrets.ADMIN_API_KEY);
    // What plans and adds fails where Redis is away, and is tried again; workers' own connections wait.
    const redis = new Redis(secrets.REDIS_URL, { maxRetriesPerRequest: 3 });
    redis.on("error", (error) => logger.error({ err: error }, "Redis"));
    releasers.add(() => redis.disconnect());
    const queue = <T>(name: string): BullJobQueue<T> => {
      const made = new BullJobQueue<T>({
        ...JOBS,
        name,
        prefix,
        redis,
        onProblem: (error, job) => logger.error({ err: error, queue: name, job }, "queue"),
      });
      releasers.add(() => made.close());
      return made;
    };
    const warningLists = warningListsOf(config, logger);
    const events = new ElasticsearchEventStore(client, { indices: config.EVENT_INDICES });
    const imports = importDeps(config, state, warningLists);
    return {
      state,
      semantics: SEMANTICS,
      keySecrets,
      warningLists,
      importFile: async (feed, name, bytes) => importBytes(imports, feed, name, bytes),
      preview: makePreviewer(config, state, events, warningLists),
      events,
      queues: {
        pulls: queue("pulls"),
        fetch: queue("fetch"),
        parts: queue("parts"),
        sweeps: queue("sweeps"),
        folds: queue("folds"),
      },
      retain: async () => {
        const days = config.ALERT_RETENTION_DAYS;
        if (days > 0) {
          const { alerts } = stateNames(prefix);
          await retainAlerts(client, { alerts, days, now: coreDeps.now });
        }
      },
      checks: {
        redis: async () => {
          // A command waits for a lost connection as long as it takes.
          if (redis.status !== "ready") {
            throw new Error(`not connected (${redis.status})`);
          }
          await redis.ping();
        },
        engine: async () => state.bookmarks.get("readiness"),
      },
      lease: (name) => new Lease(redis, `${prefix}:lease:${name}`, LEASE_MS),
      close: () => releasers.release(),
    };
  } catch (error) {
    await releasers.release();
    throw error;
  }
}
