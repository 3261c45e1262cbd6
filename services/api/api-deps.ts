import type { RegexEngine } from "stix2-ts";
import type { IngestReport } from "../core/ingest/ingest-events.ts";
import type { Times } from "../core/feeds/feed-source.ts";
import type { JobQueues } from "../core/pipeline/dead-jobs.ts";
import type { Clock, EventStore, Hash, KeySecrets, State } from "../core/ports.ts";
import type { ImportRecord } from "../core/records.ts";
import type { Preview } from "../core/preview/preview.ts";
import type { WarningLists } from "../core/suppress/warning-lists.ts";
import type { ConsoleFile } from "../runtime/console-files.ts";
import type { Hunter } from "../runtime/hunter.ts";
import type { Logger } from "../runtime/logger.ts";

/** What the API is given; it opens nothing itself. */
export interface ApiDeps {
  readonly state: State;
  readonly events: EventStore;
  readonly hunter: Hunter;
  readonly now: Clock;
  readonly hash: Hash;
  readonly keySecrets: KeySecrets;
  readonly regex: RegexEngine;
  readonly warningLists: () => Promise<WarningLists>;
  /** Version of the matching rules that coverage is measured by. */
  readonly semantics: number;
  /** Events that one sweep job takes at most. */
  readonly jobEvents: number;
  /** Time between two sweeps of new patterns over what is slow to read, milliseconds. */
  readonly coldMs: number;
  /** Why the service is not ready, in words; empty when it is. */
  readonly ready: () => Promise<readonly string[]>;
  readonly importFile: (name: string, bytes: Uint8Array) => Promise<ImportRecord>;
  /** Tells what importing a file would do, events from `since` on; writes nothing. */
  readonly preview: (name: string, bytes: Uint8Array, since: number) => Promise<Preview>;
  readonly addEvents: (source: string, text: string) => Promise<IngestReport>;
  /** None where one process does all. */
  readonly queues: Partial<JobQueues>;
  readonly times: Times;
  /** The files of the web console by path, `/` the page itself; absent where it was not built. */
  readonly console?: ReadonlyMap<string, ConsoleFile>;
  readonly maxBodyBytes: number;
  /** Of one key, or of one address where there is no key; 0: any number. */
  readonly requestsPerMinute: number;
  /** How long an answer that is polled for is given to all who ask the same, milliseconds. */
  readonly answerMs: number;
  /** Ends the streams when the process is to end. */
  readonly stop?: AbortSignal;
  readonly logger: Pick<Logger, "error" | "warn" | "info">;
}
