/** Real search engines and Redis as processes of this machine, each on a free port with a temporary data folder. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { withFileLock } from "./file-lock.ts";

const run = promisify(execFile);
const HERE = import.meta.dirname;

export const ENGINES = ["es7", "es8", "es9", "opensearch2", "opensearch3"] as const;
export type EngineName = (typeof ENGINES)[number];

/** A server that this process started; whoever starts one stops it. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  /** Ends it in good order and removes its data. */
  readonly stop: () => Promise<void>;
  /** Ends it at once, as a crash does; the data stay for `restart`. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port and data; waits at most `settleS` seconds for indices to open. */
  readonly restart: (settleS?: number) => Promise<void>;
}

export interface EngineOptions {
  /** Node settings beside those that make it a single node on the loopback address. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly heap?: string;
  /** Process whose end ends the server; this one where absent. */
  readonly owner?: number;
  /** Data folder; a temporary one where absent. */
  readonly folder?: string;
}

/** Says why an engine can't run here and how to get what it lacks; undefined where it can. */
export function engineProblem(engine: EngineName): string | undefined {
  try {
    const question = 'set -e; . ./java.sh "$1"; [ -f "$1/build/stamp" ] || command -v mvn';
    execFileSync("bash", ["-c", question, "bash", engine], { cwd: HERE, stdio: "pipe" });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return said === "" ? `${engine} needs Maven to fetch its jars: install maven` : said;
  }
}

/** Starts a node of an engine and waits until it answers; its jars are fetched the first time. */
export async function startEngine(
  engine: EngineName,
  { settings = {}, heap = "384m", owner = process.pid, folder }: EngineOptions = {},
): Promise<Server> {
  await withFileLock(path.join(HERE, `${engine}.lock`), () => script("install.sh", [engine]));
  const extra = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return launch({
    folder: folder ?? mkdtempSync(path.join(tmpdir(), `${engine}-`)),
    scheme: "http",
    pidFile: "pid",
    start: (data, port, settleS) =>
      script("start.sh", [engine, data, `${port}`, heap, ...extra], owner, settleS),
    stop: (data) => script("stop.sh", [data]),
  });
}

/** Starts a Redis (or Valkey, where there is no Redis). */
export async function startRedis({
  owner = process.pid,
  folder,
}: EngineOptions = {}): Promise<Server> {
  return launch({
    folder: folder ?? mkdtempSync(path.join(tmpdir(), "redis-")),
    scheme: "redis",
    pidFile: "redis.pid",
    start: (data, port) =>
      withFileLock(path.join(HERE, "redis.lock"), () =>
        script("redis.sh", [data, `${port}`], owner),
      ),
    stop: async (data) => end(readPid(data, "redis.pid"), "SIGTERM"),
  });
}

/** Stops the server whose data stand in a folder, whoever started it. */
export async function stopIn(folder: string): Promise<void> {
  await script("stop.sh", [folder]);
  await end(readPid(folder, "redis.pid"), "SIGTERM");
}

interface Recipe {
  readonly folder: string;
  readonly scheme: string;
  readonly pidFile: string;
  readonly start: (folder: string, port: number, settleS?: number) => Promise<void>;
  readonly stop: (folder: string) => Promise<void>;
}

async function launch({ folder, scheme, pidFile, start, stop }: Recipe): Promise<Server> {
  const port = await freePort();
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    await start(folder, port);
  } catch (error) {
    await stop(folder);
    remove();
    throw error;
  }
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    get pid() {
      return readPid(folder, pidFile) ?? 0;
    },
    stop: async () => {
      await stop(folder);
      remove();
    },
    kill: async () => end(readPid(folder, pidFile), "SIGKILL"),
    restart: (settleS) => start(folder, port, settleS),
  };
}

async function script(
  name: string,
  args: readonly string[],
  owner?: number,
  settleS?: number,
): Promise<void> {
  const env = {
    ...process.env,
    ...(owner !== undefined && { ENGINE_OWNER: `${owner}` }),
    ...(settleS !== undefined && { ENGINE_SETTLE_S: `${settleS}` }),
  };
  await run("bash", [path.join(HERE, name), ...args], { env });
}

function readPid(folder: string, file: string): number | undefined {
  try {
    const pid = Number(readFileSync(path.join(folder, file), "utf8"));
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function end(pid: number | undefined, signal: NodeJS.Signals): Promise<void> {
  if (pid === undefined) {
    return;
  }
  for (let wait = 0; wait < 300; wait++) {
    try {
      process.kill(pid, wait === 0 ? signal : 0);
    } catch {
      return;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once("error", fail).listen(0, "127.0.0.1", done);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}
