import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { makeApi } from "../api/api.ts";
import { ServiceError } from "../core/errors.ts";
import { openCluster } from "../runtime/compose-cluster.ts";
import { readConfig } from "../runtime/config.ts";
import { requireKeysBeyondLoopback } from "../runtime/listen-address.ts";
import { makeLogger } from "../runtime/logger.ts";
import { pullFeeds, sweep, type RoleDeps } from "../runtime/roles.ts";
import { readSecrets } from "../runtime/secrets.ts";
import { readArguments } from "./arguments.ts";
import { listen, stopSignal } from "./listen.ts";
import type { Output } from "./scan-command.ts";

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
  const stop = stopSignal();
  const cluster = await openCluster(config, readSecrets(env), logger);
  const deps: RoleDeps = { cluster, config, logger, stop };
  try {
    await out(`${role} started\n`);
    switch (role) {
      case "feed-puller":
        await pullFeeds(deps);
        break;
      case "sweep-worker":
        await sweep(deps);
        break;
      case "api":
        await serveApi(deps, out);
    }
  } finally {
    await cluster.close();
  }
  return 0;
}

async function serveApi(
  { cluster, config, logger, stop }: RoleDeps,
  out: Output["out"],
): Promise<void> {
  const { state, events, semantics, keySecrets } = cluster;
  await requireKeysBeyondLoopback(config.HOST, state.apiKeys);
  const app = makeApi({
    state,
    events,
    keySecrets,
    now: () => Date.now(),
    semantics,
    ready: () => [],
    importFile: async (name, bytes) => cluster.importFile("upload", name, bytes),
    addEvents: async () => {
      throw new ServiceError(
        "api/events-elsewhere",
        "events of a cluster are written to its indices, not here",
      );
    },
    queues: cluster.queues,
    maxBodyBytes: config.MAX_BODY_BYTES,
    logger,
  });
  const server = await listen(app, config);
  try {
    await out(`listening on port ${(server.address() as AddressInfo).port}\n`);
    if (!stop.aborted) {
      await once(stop, "abort");
    }
  } finally {
    server.close();
    server.closeIdleConnections();
    await once(server, "close");
  }
}
