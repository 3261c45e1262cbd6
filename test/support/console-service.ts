/** The embedded service as `npm start` runs it, with the console built, on folders that go with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildConsole } from "./build-console.ts";
import { start } from "./stixsweep-process.ts";

export interface ConsoleService extends AsyncDisposable {
  readonly url: string;
  readonly inbox: string;
}

const START_MS = 120_000;

/** Starts it and waits until all that was given is loaded and swept. */
export async function startConsoleService(
  args: readonly string[] = ["--sample"],
  env: Readonly<Record<string, string>> = {},
): Promise<ConsoleService> {
  buildConsole();
  const folder = await mkdtemp(path.join(tmpdir(), "stixsweep-console-"));
  const inbox = path.join(folder, "inbox");
  const server = start(["serve", ...args], {
    PORT: "0",
    DATA_DIR: path.join(folder, "data"),
    INBOX_DIR: inbox,
    FEEDS_DIR: path.join(folder, "sources"),
    TICK_MS: "100",
    ...env,
  });
  let hasEnded = false;
  void server.ended.then(() => (hasEnded = true));
  const until = Date.now() + START_MS;
  let url: string | undefined;
  while (url === undefined) {
    if (hasEnded || Date.now() > until) {
      server.child.kill("SIGKILL");
      throw new Error(`the service did not start: ${server.out()} ${server.err()}`);
    }
    await sleep(50);
    url = /console: (http:\S+?)\/\s/.exec(server.out())?.[1];
  }
  return {
    url,
    inbox,
    [Symbol.asyncDispose]: async () => {
      server.child.kill("SIGTERM");
      await server.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
