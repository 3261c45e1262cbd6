import { readdir, stat } from "node:fs/promises";
import path from "node:path";

/** The feed files that paths name: files as they are, of folders all that is in them, in order of name; hidden ones are left out. */
export async function feedFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const one of paths) {
    const info = await stat(one).catch(() => undefined);
    if (info?.isDirectory() !== true) {
      found.push(one); // also what is not there: whoever reads it says so
      continue;
    }
    const entries = await readdir(one, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !path.relative(one, file).split(path.sep).some((part) => part.startsWith("."))); // prettier-ignore
    found.push(...files.toSorted());
  }
  return found;
}
