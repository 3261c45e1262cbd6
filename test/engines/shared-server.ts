/** Servers that the test files of one run share: the first that asks starts one, the end of the run stops it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startEngine, startRedis, type EngineName, type Server } from "./engine.ts";
import { withFileLock } from "./file-lock.ts";

/** Name of the variable that holds the run's folder; set by `global-setup.ts`. */
export const RUN_FOLDER = "STIXSWEEP_TEST_RUN";
/** Name of the variable that holds the pid of the run's first process. */
export const RUN_OWNER = "STIXSWEEP_TEST_OWNER";

/** Folder inside a shared engine's data in which file system snapshots may be written. */
export function snapshotFolder(engine: EngineName): string {
  return path.join(runFolder(), engine, "snapshots");
}

/** The address of a shared engine. Each test file keeps to indices of its own prefix, and removes them. */
export async function sharedEngine(engine: EngineName): Promise<string> {
  const settings = { "path.repo": snapshotFolder(engine) };
  return shared(engine, (options) => startEngine(engine, { ...options, settings }));
}

/** The address of the shared Redis. Each test file keeps to keys of its own prefix. */
export async function sharedRedis(): Promise<string> {
  return shared("redis", startRedis);
}

function runFolder(): string {
  const folder = process.env[RUN_FOLDER];
  if (folder === undefined) {
    throw new Error(`${RUN_FOLDER} is not set: jest's global setup has not run`);
  }
  return folder;
}

async function shared(
  name: string,
  start: (options: { readonly owner: number; readonly folder: string }) => Promise<Server>,
): Promise<string> {
  const folder = path.join(runFolder(), name);
  const address = path.join(folder, "url");
  return withFileLock(`${folder}.lock`, async () => {
    if (!existsSync(address)) {
      mkdirSync(folder, { recursive: true });
      const { url } = await start({ owner: Number(process.env[RUN_OWNER]), folder });
      writeFileSync(address, url);
    }
    return readFileSync(address, "utf8");
  });
}
