import { open, type FileHandle } from "node:fs/promises";
import type { StoredEvent } from "../../core/ports.ts";
import { splitLines } from "../files/split-lines.ts";
import { damagedJournal, parseEntry } from "./journal-line.ts";
import { isSealed, type SegmentFiles } from "./segment-files.ts";

/**
 * Reads a segment's journal; undefined once it is sealed, which may happen between the look and the opening.
 * A journal that is open can be read to its end though it is sealed meanwhile.
 */
export async function readUnsealed(
  files: SegmentFiles,
  from: number,
  to: number,
): Promise<AsyncGenerator<readonly StoredEvent[], void> | undefined> {
  if (isSealed(files)) {
    return undefined;
  }
  try {
    return readAndClose(await open(files.journal, "r"), files.journal, from, to);
  } catch {
    return undefined;
  }
}

async function* readAndClose(
  handle: FileHandle,
  file: string,
  from: number,
  to: number,
): AsyncGenerator<readonly StoredEvent[], void> {
  try {
    yield* readJournal(handle, file, from, to);
  } finally {
    await handle.close();
  }
}

/** Reads events (from, to] of a journal file, in batches. */
async function* readJournal(
  handle: FileHandle,
  file: string,
  from: number,
  to: number,
): AsyncGenerator<readonly StoredEvent[], void> {
  let batch: StoredEvent[] = [];
  let seen = from;
  for await (const line of linesOf(handle)) {
    const position = Number(line.slice(5, line.indexOf(",")));
    if (seen >= to || position > to) {
      break;
    }
    if (position > from) {
      const entry = parseEntry(line);
      if (entry?.n !== seen + 1) {
        break;
      }
      batch.push({ position: entry.n, locator: entry.l, document: entry.d });
      seen = entry.n;
      if (batch.length === 1000) {
        yield batch;
        batch = [];
      }
    }
  }
  if (seen < to) {
    throw damagedJournal(file, `ends at event ${seen} of ${to}`);
  }
  if (batch.length > 0) {
    yield batch;
  }
}

/** The lines of an open file, from its beginning. */
async function* linesOf(handle: FileHandle): AsyncGenerator<string, void> {
  const stream = handle.createReadStream({ start: 0, highWaterMark: 1 << 18, autoClose: false });
  for await (const lines of splitLines(stream as AsyncIterable<Buffer>)) {
    for (const line of lines) {
      yield line ?? "";
    }
  }
}
