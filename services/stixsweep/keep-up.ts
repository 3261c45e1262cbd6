import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, ServiceError } from "../core/errors.ts";
import type { Embedded } from "../runtime/compose.ts";
import type { makeLogger } from "../runtime/logger.ts";
import { importReport } from "./import-report.ts";
import type { Output } from "./scan-command.ts";

export interface KeepUpDeps {
  readonly service: Embedded;
  readonly tickMs: number;
  readonly stop: AbortSignal;
  /** What keeps the service from being ready, by what was tried. */
  readonly problems: Map<string, string>;
  readonly out: Output["out"];
  readonly logger: ReturnType<typeof makeLogger>;
}

/** Looks into the inbox, sweeps and folds, again and again until told to stop; the one fails without the other. */
export async function keepUp(deps: KeepUpDeps): Promise<void> {
  while (!deps.stop.aborted) {
    await attempt(deps, "feeds", async ({ service }) => service.lookAtFeeds());
    await attempt(deps, "inbox", takeFeeds);
    const left = await attempt(deps, "sweep", sweepOnce);
    await attempt(deps, "webhooks", async ({ service }) => service.notify());
    // While there is more to do, there is no time to lose.
    if (left !== true) {
      await sleep(deps.tickMs, undefined, { signal: deps.stop }).catch(() => undefined);
    }
  }
}

async function takeFeeds({ service, out }: KeepUpDeps): Promise<void> {
  for await (const file of service.inbox.look()) {
    await out(
      "problem" in file
        ? `feeds/inbox ${file.name}: ${file.problem}\n`
        : importReport(await service.importFile("inbox", file.name, file.bytes)),
    );
  }
}

/** Says whether jobs are left. */
async function sweepOnce({ service, stop, out }: KeepUpDeps): Promise<boolean> {
  const done = await service.tick(stop);
  if (done.alerts > 0) {
    await out(`${done.matches} new matches, ${done.alerts} alerts new or changed\n`);
  }
  const [first] = done.failures;
  if (first !== undefined) {
    throw new ServiceError(
      "match/partition-failed",
      `${done.failures.length} partitions could not be swept, the others were; ` +
        `${first.partition}: ${messageOf(first.error)}`,
      { cause: first.error },
    );
  }
  return done.left > 0;
}

/** A failure is told once, until the reason changes or goes; it is tried again at the next turn. */
async function attempt<T>(
  deps: KeepUpDeps,
  name: string,
  work: (deps: KeepUpDeps) => Promise<T>,
): Promise<T | undefined> {
  const { problems, logger } = deps;
  try {
    const done = await work(deps);
    problems.delete(name);
    return done;
  } catch (error) {
    const reason = messageOf(error);
    if (problems.get(name) !== reason) {
      logger.error({ err: error }, `${name} failed; it is tried again`);
    }
    problems.set(name, reason);
    return undefined;
  }
}
