/** The composition root: the only place that knows which adapter stands behind which port. */
import path from "node:path";
import { contentHash } from "../adapters/crypto/hash.ts";
import { keySecrets } from "../adapters/crypto/key-secrets.ts";
import { openJournalStore } from "../adapters/duckdb/journal-store.ts";
import { MemoryJobQueue } from "../adapters/memory/job-queue.ts";
import { Inbox } from "../adapters/inbox/inbox.ts";
import { lockFolder } from "../adapters/sqlite/folder-lock.ts";
import { openSqliteState } from "../adapters/sqlite/state.ts";
import type { AccessDeps } from "../core/access/access.ts";
import type { Token } from "../core/access/token.ts";
import { foldAlerts } from "../core/alert/fold.ts";
import { correlate } from "../core/correlate/correlate.ts";
import type { PullJob } from "../core/feeds/plan-feeds.ts";
import { importFeed } from "../core/ingest/import-feed.ts";
import { ingestEvents, type IngestReport, type SourceLine } from "../core/ingest/ingest-events.ts";
import { reviewExceptions } from "../core/match/review-exceptions.ts";
import { SEMANTICS } from "../core/match/semantics.ts";
import type { AuditStore, EventStore, KeySecrets, State } from "../core/ports.ts";
import type { ImportRecord } from "../core/records.ts";
import type { WarningLists } from "../core/suppress/warning-lists.ts";
import { Sweeper, type SweepReport } from "../core/sweep/sweep.ts";
import type { Config } from "./config.ts";
import { coreDeps, importBytes, importDeps, warningListsOf, withAdminKey } from "./core-deps.ts";
import { FEEDS_AT_A_TIME, makeFeedSources } from "./feed-sources.ts";
import { journalPicker } from "./journal-picker.ts";
import type { Logger } from "./logger.ts";
import { Notifier } from "./notifier.ts";
import { makePreviewer, type MakePreview } from "./previewer.ts";
import { Releasers } from "./releasers.ts";
import type { NamedSecrets, Secrets } from "./secrets.ts";
import { Turns } from "../core/turns.ts";

/** How long one tick sweeps: then alerts are made of what was found, and what is more urgent goes first. */
const TICK_WORK_MS = 5000;

/** The embedded service: one process, one data folder, nothing to install. */
export interface Embedded {
  readonly state: State;
  readonly events: EventStore;
  readonly inbox: Inbox;
  /** Looks at which feeds files declare, and begins to take those that are due. */
  readonly lookAtFeeds: () => Promise<void>;
  /** Begins to tell webhooks of alerts that are new. */
  readonly notify: () => Promise<void>;
  readonly semantics: number;
  readonly keySecrets: KeySecrets;
  readonly warningLists: () => Promise<WarningLists>;
  readonly preview: MakePreview;
  readonly eventCount: () => number;
  readonly importFile: (feed: string, name: string, bytes: Uint8Array) => Promise<ImportRecord>;
  readonly ingest: (
    source: string | undefined,
    name: string,
    lines: AsyncIterable<readonly SourceLine[]> | Iterable<readonly SourceLine[]>,
  ) => Promise<IngestReport>;
  /** Sweeps what is not covered, for a while, then brings the alerts up to date; says how many jobs are left. */
  readonly tick: (signal?: AbortSignal) => Promise<SweepReport & { readonly alerts: number }>;
  readonly close: () => Promise<void>;
}

/** Opens the embedded service on its data folder; throws ServiceError saying what can't be used and why. */
export async function openEmbedded(
  config: Config,
  { ADMIN_API_KEY }: Secrets,
  logger: Pick<Logger, "info" | "warn">,
  named: NamedSecrets,
): Promise<Embedded> {
  const releasers = new Releasers();
  try {
    const lock = lockFolder(config.DATA_DIR);
    releasers.add(() => lock.release());
    const state = openState(config, ADMIN_API_KEY);
    releasers.add(() => state.close());
    await reviewExceptions(state, coreDeps.compile);
    const events = await openJournalStore({
      folder: path.join(config.DATA_DIR, "events"),
      segmentEvents: config.SEGMENT_EVENTS,
      keysVersion: SEMANTICS,
    });
    releasers.add(() => events.close());
    const inbox = await Inbox.open(config.INBOX_DIR);
    const warningLists = warningListsOf(config, logger);
    const imports = importDeps(config, state, warningLists);
    const preview = makePreviewer(config, state, events, warningLists, journalPicker);
    const sweeper = new Sweeper({
      ...coreDeps,
      state,
      events,
      semantics: SEMANTICS,
      jobEvents: config.JOB_EVENTS,
      coldMs: config.COLD_SWEEP_MINUTES * 60_000,
      makePicker: journalPicker,
    });
    // Imports and ticks take turns: a fold never cleans a mark that an import is just setting.
    const turns = new Turns();
    const stop = new AbortController();
    const pulls = new MemoryJobQueue<PullJob>({ attempts: 1, restMs: 0, now: coreDeps.now });
    const sources = makeFeedSources({
      config,
      state,
      queue: pulls,
      importFile: async (file) =>
        turns.take(() => importFeed(imports, { ...file, content: contentHash(file.bytes) })),
      secretOf: named.feed,
      logger,
      stop: stop.signal,
    });
    await pulls.work(sources.pull, FEEDS_AT_A_TIME);
    const notifier = new Notifier(state, config, named.webhook, logger);
    releasers.add(() => notifier.close());
    return {
      state,
      events,
      inbox,
      lookAtFeeds: sources.look,
      notify: async () => notifier.look(),
      semantics: SEMANTICS,
      keySecrets,
      warningLists,
      preview,
      eventCount: () => events.eventCount(),
      importFile: async (feed, name, bytes) =>
        turns.take(() => importBytes(imports, feed, name, bytes)),
      ingest: async (source, name, lines) => ingestEvents(events, source, name, lines),
      tick: async (signal) =>
        turns.take(async () => {
          const swept = await sweeper.tick(signal, TICK_WORK_MS);
          const joined = await correlate({ ...coreDeps, state, semantics: SEMANTICS });
          const alerts = await foldAlerts({ ...coreDeps, state, warningLists });
          return { ...swept, matches: swept.matches + joined, alerts };
        }),
      close: async () => {
        stop.abort();
        await pulls.close();
        await turns.take(() => releasers.release());
      },
    };
  } catch (error) {
    await releasers.release();
    throw error;
  }
}

/** Opens the keys of a data folder that no server uses; throws `state/locked` where one does. */
export function openApiKeys(
  config: Config,
): AccessDeps & { readonly audit: AuditStore; readonly close: () => void } {
  const lock = lockFolder(config.DATA_DIR);
  try {
    const state = openState(config, undefined);
    const close = () => {
      state.close();
      lock.release();
    };
    const { apiKeys, audit } = state;
    return { apiKeys, audit, secrets: keySecrets, now: coreDeps.now, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openState(
  config: Config,
  adminKey: Token | undefined,
): ReturnType<typeof openSqliteState> {
  return withAdminKey(openSqliteState(path.join(config.DATA_DIR, "state.sqlite")), adminKey);
}
