/**
 * Builds the web console into `dist`, which the API serves. A digest of the sources is kept with it: a start builds only
 * where they are others than those that `dist` was made of.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"; // prettier-ignore
import path from "node:path";

const ROOT = import.meta.dirname;
const DIST = path.join(ROOT, "dist");
const MARK = ".sources";

/** `light-dark()` and `<dialog>` are there; what is older shows the page all the same, in one theme. */
const BROWSERS = ["chrome123", "firefox125", "safari17.5"];

/** Builds the console; says whether there was anything to do. */
export async function buildConsole(onlyIfChanged: boolean): Promise<boolean> {
  const digest = digestOfSources();
  if (onlyIfChanged && isMadeOf(digest)) {
    return false;
  }
  const vite = await import("vite");
  // Beside it, and put in its place as a whole: who reads meanwhile, or builds too, is not disturbed.
  const made = `${DIST}-${process.pid}`;
  await vite.build({
    root: ROOT,
    configFile: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: made,
      emptyOutDir: true,
      // Every file by its own address: `data:` would need a looser policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: BROWSERS,
    },
  });
  writeFileSync(path.join(made, MARK), digest);
  try {
    rmSync(DIST, { recursive: true, force: true });
    renameSync(made, DIST);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!isMadeOf(digest)) throw error;
  }
  return true;
}

function isMadeOf(digest: string): boolean {
  const mark = path.join(DIST, MARK);
  return existsSync(mark) && readFileSync(mark, "utf8") === digest;
}

function digestOfSources(): string {
  const sum = createHash("sha256");
  for (const name of readdirSync(ROOT, { recursive: true, encoding: "utf8" }).toSorted()) {
    const file = path.join(ROOT, name);
    if (!name.startsWith("dist") && statSync(file).isFile()) {
      sum.update(name).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return sum.digest("hex");
}
