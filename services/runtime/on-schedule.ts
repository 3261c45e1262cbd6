import { schedule, type ScheduledTask } from "node-cron";
import { messageOf } from "../core/errors.ts";
import type { Logger } from "./logger.ts";

/** How often the clock is looked at, and by how much it may be off what passed. */
const LOOK_MS = 1000;
const JUMP_MS = 5000;

/**
 * Runs work at the times of a cron expression, one run at a time, until told to stop. A failure is told and tried again.
 * Where the clock jumps, the next time is found anew: node-cron waits for the one it knows, which may be days away
 * once the clock goes back.
 */
export async function onSchedule(
  expression: string,
  stop: AbortSignal,
  logger: Logger,
  work: () => Promise<void>,
): Promise<void> {
  let running: Promise<void> | undefined;
  let told = "";
  const run = (): void => {
    running ??= work()
      .then(
        () => void (told = ""),
        (error: unknown) => {
          if (told !== messageOf(error)) {
            told = messageOf(error);
            logger.error({ err: error }, "a scheduled run failed; the next one tries again");
          }
        },
      )
      .finally(() => void (running = undefined));
  };
  // A time that passed while the process was busy or the clock jumped is no news.
  const begin = (): ScheduledTask => schedule(expression, run, { suppressMissedWarning: true });
  let task = begin();
  let offset = Date.now() - performance.now();
  const watch = setInterval(() => {
    const now = Date.now() - performance.now();
    if (Math.abs(now - offset) > JUMP_MS) {
      logger.warn({ byMs: Math.round(now - offset) }, "the clock jumped; the schedule begins anew");
      offset = now;
      void task.destroy();
      task = begin();
    }
  }, LOOK_MS);
  if (!stop.aborted) {
    await new Promise((resolve) => stop.addEventListener("abort", resolve, { once: true }));
  }
  clearInterval(watch);
  await task.destroy();
  await running;
}
