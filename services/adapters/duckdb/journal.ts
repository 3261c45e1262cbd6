import { open, readFile, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { ServiceError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/ports.ts";
import { damagedJournal, lineOf, noteLine, parseEntry } from "./journal-line.ts";
import { syncPath, unwritable } from "./segment-files.ts";

const NEWLINE = 0x0a;

/** The growing end of the store: one line an event, on disk before it is acknowledged. */
export class Journal {
  readonly file: string;
  readonly #handle: FileHandle;
  #bytes: number;
  #count: number;
  #longest: number;
  /** A failed append may have left a part of itself behind. */
  #isTorn = false;
  readonly sources: Map<string, number>;
  readonly #keysVersion: number;
  #oldestKeys: number;

  private constructor(
    file: string,
    handle: FileHandle,
    keysVersion: number,
    found: Pick<Journal, "count" | "longest" | "sources" | "oldestKeys"> & {
      readonly bytes: number;
    },
  ) {
    this.file = file;
    this.#handle = handle;
    this.#keysVersion = keysVersion;
    this.#bytes = found.bytes;
    this.#count = found.count;
    this.#longest = found.longest;
    this.#oldestKeys = found.oldestKeys;
    this.sources = found.sources;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of the longest line: what a reader must have room for. */
  get longest(): number {
    return this.#longest;
  }

  /** The lowest version of the rules that keys in here were made by. */
  get oldestKeys(): number {
    return this.#oldestKeys;
  }

  /** Opens or makes a journal; keys appended are of the version given. A last line that was not finished was never acknowledged: it is cut off. */
  static async open(file: string, keysVersion: number): Promise<Journal> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, "a+");
      await syncPath(path.dirname(file));
      const text = await readFile(file);
      const sources = new Map<string, number>();
      let [bytes, count, longest, oldestKeys] = [0, 0, 0, keysVersion];
      for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, bytes)) {
        const entry = parseEntry(text.toString("utf8", bytes, end));
        if (entry?.n !== count + 1) {
          break;
        }
        noteLine(sources, entry.s, entry.i);
        oldestKeys = Math.min(oldestKeys, entry.v);
        count += 1;
        longest = Math.max(longest, end + 1 - bytes);
        bytes = end + 1;
      }
      if (holdsEntry(text, bytes)) {
        throw damagedJournal(file, `event ${count + 1} can't be read, later ones can`);
      }
      if (bytes < text.length) {
        await handle.truncate(bytes);
      }
      return new Journal(file, handle, keysVersion, { bytes, count, longest, sources, oldestKeys });
    } catch (error) {
      await handle?.close();
      throw error instanceof ServiceError ? error : unwritable(file, error);
    }
  }

  /** Stores all of the events or, when it throws, none of them. */
  async append(events: readonly NewEvent[]): Promise<void> {
    const lines = events.map((event, at) =>
      Buffer.from(lineOf(event, this.#count + at + 1, this.#keysVersion)),
    );
    const bytes = Buffer.concat(lines);
    try {
      if (this.#isTorn) {
        await this.#handle.truncate(this.#bytes);
      }
      this.#isTorn = true;
      await this.#handle.appendFile(bytes);
      await this.#handle.datasync();
      this.#isTorn = false;
    } catch (error) {
      // What was written in part is not acknowledged; if it can't be cut off now, the next append must do it first.
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      throw unwritable(this.file, error);
    }
    this.#bytes += bytes.length;
    this.#count += events.length;
    for (const line of lines) {
      this.#longest = Math.max(this.#longest, line.length);
    }
    for (const { source, line } of events) {
      noteLine(this.sources, source, line);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Whether a whole line stands after the first bad one: then it is not a torn end, and cutting would lose events. */
function holdsEntry(text: Buffer, from: number): boolean {
  let start = from;
  for (let end = text.indexOf(NEWLINE, start); end >= 0; end = text.indexOf(NEWLINE, start)) {
    if (parseEntry(text.toString("utf8", start, end)) !== undefined) {
      return true;
    }
    start = end + 1;
  }
  return false;
}
