import { open, readFile, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { ServiceError } from "../../core/errors.ts";
import type { NewEvent, StoredEvent } from "../../core/ports.ts";
import { readLines } from "../files/read-lines.ts";
import { keyHash } from "./key-hash.ts";
import { syncPath } from "./parquet.ts";

interface Entry {
  readonly n: number;
  readonly l: string;
  readonly s: string;
  readonly i: number;
  readonly d: unknown;
}

/** The growing end of the store: one line an event, on disk before it is acknowledged. */
export class Journal {
  readonly file: string;
  readonly #handle: FileHandle;
  #bytes: number;
  #count: number;
  readonly sources: Map<string, number>;

  private constructor(
    file: string,
    handle: FileHandle,
    bytes: number,
    count: number,
    sources: Map<string, number>,
  ) {
    this.file = file;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#count = count;
    this.sources = sources;
  }

  get count(): number {
    return this.#count;
  }

  /** Opens or makes a journal. A last line that was not finished was never acknowledged: it is cut off. */
  static async open(file: string): Promise<Journal> {
    try {
      const handle = await open(file, "a+");
      await syncPath(path.dirname(file));
      const text = await readFile(file);
      const sources = new Map<string, number>();
      let [bytes, count] = [0, 0];
      for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, bytes)) {
        const entry = parseEntry(text.toString("utf8", bytes, end));
        if (entry === undefined) {
          break;
        }
        sources.set(entry.s, entry.i);
        count += 1;
        bytes = end + 1;
      }
      await handle.truncate(bytes);
      return new Journal(file, handle, bytes, count, sources);
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  async append(events: readonly NewEvent[]): Promise<void> {
    let n = this.#count;
    const lines = events.map(
      ({ locator, source, line, keys, text }) =>
        `{"n":${++n},"l":${JSON.stringify(locator)},"s":${JSON.stringify(source)},"i":${line},` +
        `"k":[${keys.map(keyHash).join(",")}],"d":${text}}\n`,
    );
    const bytes = Buffer.from(lines.join(""));
    try {
      await this.#handle.appendFile(bytes);
      await this.#handle.datasync();
    } catch (error) {
      // What was written in part is not acknowledged; the next append starts where the last good one ended.
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      throw unwritable(this.file, error);
    }
    this.#bytes += bytes.length;
    this.#count = n;
    for (const { source, line } of events) {
      this.sources.set(source, line);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Reads events (from, to] of a journal file, in batches. */
export async function* readJournal(
  file: string,
  from: number,
  to: number,
): AsyncGenerator<readonly StoredEvent[], void> {
  let seen = from;
  // Not node's own line reader: it also breaks lines at U+2028, which JSON text may hold.
  for await (const lines of readLines(file)) {
    const batch: StoredEvent[] = [];
    for (const { line, text } of lines) {
      const entry = line > from && line <= to ? parseEntry(text) : undefined;
      if (entry !== undefined) {
        batch.push({ position: entry.n, locator: entry.l, document: entry.d });
        seen = entry.n;
      }
    }
    yield batch;
    if (seen >= to) {
      break;
    }
  }
  if (seen !== to) {
    throw new ServiceError("events/segment-damaged", `${file}: ends at event ${seen} of ${to}`, {
      facts: { segment: path.basename(file, ".ndjson") },
    });
  }
}

function parseEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function unwritable(file: string, cause: unknown): ServiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError("events/unwritable", `${file}: ${reason}`, { cause, facts: { file } });
}
