/** Peers that are Python packages, fetched from PyPI into a folder of their own. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

const CACHE = path.join(import.meta.dirname, "../../node_modules/.cache/stixsweep-python");

/** Installs requirements (once) and gives the folder to put on PYTHONPATH. */
export function pythonPackages(name: string, requirements: readonly string[]): string {
  const folder = path.join(CACHE, name);
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    const temporary = `${folder}.${process.pid}`;
    const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"];
    execFileSync(
      "python3",
      [...pip, "--root-user-action=ignore", "--target", temporary, ...requirements],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    if (existsSync(folder)) rmSync(temporary, { recursive: true });
    else renameSync(temporary, folder);
  }
  return folder;
}

/** Runs a module of these packages; gives what it wrote, and how it ended. */
export function runPython(
  args: readonly string[],
  packages: string,
  cwd: string,
): { readonly code: number | null; readonly out: string } {
  const done = spawnSync("python3", args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: packages, NO_COLOR: "1" },
    maxBuffer: 1 << 28,
  });
  return { code: done.status, out: done.stdout + done.stderr };
}

/** Runs a script, JSON in and JSON out. */
export function askPython(script: string, packages: string, input: unknown): unknown {
  const out = execFileSync("python3", [script], {
    input: JSON.stringify(input),
    env: { ...process.env, PYTHONPATH: packages },
    maxBuffer: 1 << 28,
  });
  return JSON.parse(out.toString("utf8")) as unknown;
}
