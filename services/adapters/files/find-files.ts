import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../../core/errors.ts";
import { listZip } from "./zip-files.ts";

export interface FoundFiles {
  /** Files that can hold events, each once, in order of name. */
  readonly files: readonly string[];
  /** What was passed over, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

const EVENT_FILE = /\.(?:ndjson|jsonl|json|log|evtx)(?:\.gz|\.zst)?$/i;

const ZIP = /\.zip$/i;

/**
 * Finds event files below the paths given, and in zips, one level deep. A file named itself is taken whatever its ending, also a pipe. Each file
 * is given by the first name it was found under, each folder entered once, so links that lead in circles end.
 */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Map<string, string>();
  const skipped: { path: string; reason: string }[] = [];
  const entered = new Set<string>();
  const visit = async (name: string, isNamed: boolean): Promise<void> => {
    try {
      const info = await stat(name);
      if (info.isDirectory()) {
        const real = await realpath(name);
        if (entered.has(real)) {
          return;
        }
        entered.add(real);
        for (const entry of (await readdir(name)).toSorted()) {
          await visit(path.join(name, entry), false);
        }
      } else if (!info.isFile() && !(isNamed && (info.isFIFO() || info.isCharacterDevice()))) {
        skipped.push({ path: name, reason: "not a regular file" });
      } else if (info.isFile() && ZIP.test(name)) {
        await visitZip(name);
      } else if (isNamed || EVENT_FILE.test(name)) {
        const real = info.isFile() ? await realpath(name) : name;
        files.set(real, files.get(real) ?? name);
      } else {
        skipped.push({ path: name, reason: "not a kind of file that is read" });
      }
    } catch (error) {
      skipped.push({ path: name, reason: messageOf(error) });
    }
  };
  const visitZip = async (zip: string): Promise<void> => {
    const real = await realpath(zip);
    if (entered.has(real)) {
      return;
    }
    entered.add(real);
    const found = await listZip(zip, (name) => EVENT_FILE.test(name));
    for (const name of found.names) {
      files.set(`${real}/${name}`, `${zip}/${name}`);
    }
    for (const { name, reason } of found.skipped) {
      skipped.push({ path: `${zip}/${name}`, reason });
    }
  };
  for (const name of paths) {
    await visit(name, true);
  }
  return { files: [...files.values()], skipped };
}
