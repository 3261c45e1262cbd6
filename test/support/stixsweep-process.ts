import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const ROOT = path.join(import.meta.dirname, "..", "..");
const ARGS = [
  "--conditions=@stix2-ts/source",
  "--disable-warning=ExperimentalWarning",
  path.join(ROOT, "services", "stixsweep", "main.ts"),
];

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Starts the real command line; output is collected as it comes. With `fileBlocks` no file may grow beyond so
 * many KiB: writing fails as on a full disk.
 */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  fileBlocks?: number,
): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly out: () => string;
  readonly err: () => string;
} {
  const limit = fileBlocks === undefined ? "" : `trap '' XFSZ; ulimit -f ${fileBlocks}; `;
  const command = ["-c", `${limit}exec "$0" "$@"`, process.execPath, ...ARGS, ...args];
  const child = spawn("bash", command, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, "close").then(([code]: unknown[]) => ({
    code: typeof code === "number" ? code : null,
    out,
    err,
  }));
  return { child, ended, out: () => out, err: () => err };
}

/** Runs the command line to its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return start(args, env).ended;
}
