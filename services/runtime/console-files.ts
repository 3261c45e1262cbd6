/** Reads what `npm run build:console` made. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A file of the web console. */
export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
}

const DIST = path.join(import.meta.dirname, "..", "console", "dist");

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The console's files by the path under which they are served; undefined where it was not built. */
export async function readConsoleFiles(
  folder = DIST,
): Promise<ReadonlyMap<string, ConsoleFile> | undefined> {
  let names: readonly string[];
  try {
    names = await readdir(folder, { recursive: true });
  } catch {
    return undefined;
  }
  const files = new Map<string, ConsoleFile>();
  for (const name of names) {
    const type = TYPES[path.extname(name)];
    if (type !== undefined) {
      const bytes = await readFile(path.join(folder, name));
      const digest = createHash("sha256").update(bytes).digest("base64url").slice(0, 27);
      const place = name === "index.html" ? "/" : `/${name.replaceAll("\\", "/")}`;
      files.set(place, { type, bytes, etag: `W/"${digest}"` });
    }
  }
  return files.has("/") ? files : undefined;
}
