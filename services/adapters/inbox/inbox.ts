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
    const inbox = new Inbox(folder);
    await inbox.#names();
    return inbox;
  }

  /**
   * Yields files that are new or changed since the last look and have come to rest, one at a time. A file counts as
   * taken once the next is asked for: one whose import fails on the way is given again. Throws `feed/inbox-unusable`.
   */
  async *look(): AsyncGenerator<
    InboxFile | { readonly name: string; readonly problem: string },
    void
  > {
    for await (const { name, mark } of this.resting()) {
      if (this.#taken.get(name) !== mark) {
        yield await this.read(name).then(
          (bytes) => ({ name, bytes }),
          (error: unknown) => ({ name, problem: messageOf(error) }),
        );
        this.#taken.set(name, mark);
      }
    }
  }

  /** Yields every file that has come to rest, taken or not, with a mark that changes when the file does. */
  async *resting(): AsyncGenerator<{ readonly name: string; readonly mark: string }, void> {
    for (const name of (await this.#names()).toSorted()) {
      const file = path.join(this.#folder, name);
      const info = name.startsWith(".") ? undefined : await stat(file).catch(() => undefined);
      if (info?.isFile() !== true) {
        continue;
      }
      const mark = `${info.size} ${info.mtimeMs}`;
      const atRest = this.#seen.get(name) === mark;
      this.#seen.set(name, mark);
      if (atRest) {
        yield { name, mark };
      }
    }
  }

  /** The bytes of a file of this folder; throws where it is too large or can't be read. */
  async read(name: string): Promise<Uint8Array> {
    const file = path.join(this.#folder, path.basename(name));
    if ((await stat(file)).size > MAX_FILE_BYTES) {
      throw new ServiceError("feed/too-large", `${name}: larger than 256 MiB`, { facts: { name } });
    }
    return readFile(file);
  }

  /** The folder's names; the folder is made again where someone took it away. */
  async #names(): Promise<readonly string[]> {
    try {
      await mkdir(this.#folder, { recursive: true });
      return await readdir(this.#folder);
    } catch (error) {
      throw unusable(this.#folder, error);
    }
  }
}

function unusable(folder: string, cause: unknown): ServiceError {
  return new ServiceError("feed/inbox-unusable", `INBOX_DIR ${folder}: ${messageOf(cause)}`, {
    cause,
    facts: { path: folder },
  });
}
