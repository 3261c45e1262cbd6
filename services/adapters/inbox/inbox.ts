import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { messageOf, ServiceError } from "../../core/errors.ts";

/** A file of the inbox that has come to rest. */
export interface InboxFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Feed files larger than this are refused: they would not fit in memory together with what is made of them. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * A folder that feed files are dropped into. It is looked at, not watched: that works on every file system,
 * and a file counts only when two looks saw it the same.
 */
export class Inbox {
  readonly #folder: string;
  readonly #seen = new Map<string, string>();
  readonly #taken = new Map<string, string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the folder, making it where it is missing; throws `feed/inbox-unusable`. */
  static async open(folder: string): Promise<Inbox> {
    try {
      await mkdir(folder, { recursive: true });
      await readdir(folder);
    } catch (error) {
      const reason = messageOf(error);
      throw new ServiceError("feed/inbox-unusable", `INBOX_DIR ${folder}: ${reason}`, {
        cause: error,
        facts: { path: folder },
      });
    }
    return new Inbox(folder);
  }

  /** Files that are new or changed since the last look and have come to rest. */
  async look(): Promise<
    readonly (InboxFile | { readonly name: string; readonly problem: string })[]
  > {
    const found: (InboxFile | { name: string; problem: string })[] = [];
    for (const name of (await readdir(this.#folder)).toSorted()) {
      const file = path.join(this.#folder, name);
      const info = name.startsWith(".") ? undefined : await stat(file).catch(() => undefined);
      if (info?.isFile() !== true) {
        continue;
      }
      const mark = `${info.size} ${info.mtimeMs}`;
      const atRest = this.#seen.get(name) === mark;
      this.#seen.set(name, mark);
      if (!atRest || this.#taken.get(name) === mark) {
        continue;
      }
      this.#taken.set(name, mark);
      if (info.size > MAX_FILE_BYTES) {
        found.push({ name, problem: "larger than 256 MiB" });
        continue;
      }
      try {
        found.push({ name, bytes: await readFile(file) });
      } catch (error) {
        found.push({ name, problem: messageOf(error) });
      }
    }
    return found;
  }
}
