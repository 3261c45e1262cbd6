import { open, type FileHandle } from "node:fs/promises";
import type { Picker, StoredEvent } from "../../core/ports.ts";
import { splitLines } from "../files/split-lines.ts";
import { damagedJournal, parseEntry } from "./journal-line.ts";
import { pickedOf } from "./picked.ts";
import { isSealed, type SegmentFiles } from "./segment-files.ts";

/** Events of one batch. */
const BATCH = 1000;

/**
 * Reads a segment's journal; undefined once it is sealed, which may happen between the look and the opening.
 * A journal that is open can be read to its end though it is sealed meanwhile.
 */
export async function readUnsealed(
  files: SegmentFiles,
  from: number,
  to: number,
  picker?: Picker,
): Promise<AsyncGenerator<readonly StoredEvent[], void> | undefined> {
  if (isSealed(files)) {
    return undefined;
  }
  try {
    return readAndClose(await open(files.journal, "r"), files.journal, from, to, picker);
  } catch {
    return undefined;
  }
}

async function* readAndClose(
  handle: FileHandle,
  file: string,
  from: number,
  to: number,
  picker: Picker | undefined,
): AsyncGenerator<readonly StoredEvent[], void> {
  try {
    yield* readJournal(handle, file, from, to, picker);
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
  picker: Picker | undefined,
): AsyncGenerator<readonly StoredEvent[], void> {
  let batch: string[] = [];
  let seen = from;
  for await (const line of linesOf(handle)) {
    const position = Number(line.slice(5, line.indexOf(",")));
    if (seen >= to || position > to) {
      break;
    }
    if (position > from) {
      if (position !== seen + 1) {
        break;
      }
      batch.push(line);
      seen = position;
      if (batch.length === BATCH) {
        yield entriesOf(batch, seen, file, picker);
        batch = [];
      }
    }
  }
  if (seen < to) {
    throw damagedJournal(file, `ends at event ${seen} of ${to}`);
  }
  if (batch.length > 0) {
    yield entriesOf(batch, seen, file, picker);
  }
}

/** Reads lines, the last of which holds the event at `last`. */
function entriesOf(
  lines: readonly string[],
  last: number,
  file: string,
  picker: Picker | undefined,
): readonly StoredEvent[] {
  return pickedOf(lines, picker).map((place) => {
    const entry = parseEntry(lines[place] ?? "");
    const position = last - lines.length + 1 + place;
    if (entry?.n !== position) {
      throw damagedJournal(file, `event ${position} can't be read`);
    }
    return { position, locator: entry.l, document: entry.d };
  });
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
