import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Express } from "express";
import { makeApi, type ApiDeps } from "../api/api.ts";
import { ANSWER_MS } from "../api/polled-answers.ts";
import { healthRoutes } from "../api/routes.ts";
import { ServiceError } from "../core/errors.ts";
import { openCluster } from "../runtime/compose-cluster.ts";
import { readConfig, type Config } from "../runtime/config.ts";
import { readConsoleFiles } from "../runtime/console-files.ts";
import { coreDeps } from "../runtime/core-deps.ts";
import { times } from "../runtime/feed-sources.ts";
import { makeHunter } from "../runtime/hunter.ts";
import { requireKeysBeyondLoopback } from "../runtime/listen-address.ts";
import { makeLogger } from "../runtime/logger.ts";
import { Readiness, type Check } from "../runtime/readiness.ts";
import { pullFeeds, sweep, type RoleDeps } from "../runtime/roles.ts";
import { namedSecrets, readSecrets } from "../runtime/secrets.ts";
import { readArguments } from "./arguments.ts";
import { listen, stopSignal } from "./listen.ts";
import type { Output } from "./scan-command.ts";

/** How long a role that has ended may still be held up. */
const EXIT_MS = 2000;

/** The roles of a cluster, by the command that starts one. */
export type Role = "feed-puller" | "sweep-worker" | "api";

/** `feed-puller`, `sweep-worker`, `api`: one role of a cluster, until it is told to stop; what is being done is finished. */
export async function roleCommand(
  role: Role,
  args: readonly string[],
  { out }: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  readArguments(args, []);
  const config = readConfig(env);
  const logger = makeLogger(config.LOG_LEVEL);
  await out(`${role} waits for the engine and Redis\n`);
  // Until then there is nothing to finish: a signal ends the process, however long the engine lets it wait.
  const cluster = await openCluster(config, readSecrets(env), logger);
  const stop = stopSignal();
  const started: Check = async () => {
    throw new Error("starting");
  };
  let readiness = new Readiness(role === "api" ? cluster.checks : { ...cluster.checks, started });
  const ready = (checks: Readonly<Record<string, Check>>): void => {
    readiness = new Readiness({ ...cluster.checks, ...checks });
  };
  const deps: RoleDeps = { cluster, config, logger, stop, ready, named: namedSecrets(env) };
  const api = apiDeps(deps, async () => readiness.reasons());
  try {
    await out(`${role} started\n`);
    if (role === "api") {
      await requireKeysBeyondLoopback(config.HOST, cluster.state.apiKeys);
      const console = await readConsoleFiles();
      const app = makeApi({ ...api, ...(console !== undefined && { console }) });
      await serving(app, config, config.PORT, out, async () => untilStop(stop));
      return 0;
    }
    const work = async (): Promise<void> =>
      role === "feed-puller" ? pullFeeds(deps) : sweep(deps);
    const health = config.HEALTH_PORT;
    await (health === undefined
      ? work()
      : serving(makeApi(api, healthRoutes), config, health, out, work));
    return 0;
  } finally {
    await cluster.close();
    // What a library has not let go of is no reason to stay.
    setTimeout(() => process.exit(), EXIT_MS).unref();
  }
}

function apiDeps({ cluster, config, logger, stop }: RoleDeps, ready: ApiDeps["ready"]): ApiDeps {
  const { state, events, semantics, keySecrets, warningLists } = cluster;
  return {
    state,
    events,
    hunter: makeHunter(events),
    keySecrets,
    now: () => Date.now(),
    hash: coreDeps.hash,
    regex: coreDeps.regex,
    warningLists,
    semantics,
    ready,
    importFile: async (name, bytes) => cluster.importFile("upload", name, bytes),
    preview: cluster.preview,
    addEvents: async () => {
      throw new ServiceError(
        "api/events-elsewhere",
        "events of a cluster are written to its indices, not here",
      );
    },
    jobEvents: config.JOB_EVENTS,
    coldMs: config.COLD_SWEEP_MINUTES * 60_000,
    queues: cluster.queues,
    times,
    maxBodyBytes: config.MAX_BODY_BYTES,
    requestsPerMinute: config.REQUESTS_PER_MINUTE,
    answerMs: ANSWER_MS,
    stop,
    logger,
  };
}

/** Answers requests while work is done; those that have begun are answered to the end. */
async function serving(
  app: Express,
  config: Config,
  port: number,
  out: Output["out"],
  work: () => Promise<void>,
): Promise<void> {
  const server = await listen(app, config, port);
  try {
    await out(`listening on port ${(server.address() as AddressInfo).port}\n`);
    await work();
  } finally {
    server.close();
    server.closeIdleConnections();
    await once(server, "close");
  }
}

async function untilStop(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) {
    await once(stop, "abort");
  }
}
