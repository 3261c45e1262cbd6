import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { messageOf, ServiceError } from "../../core/errors.ts";
import type { LineBlock } from "../../core/ports.ts";
import { hasUtf16Mark, toUtf8, withoutMark } from "./decode-utf16.ts";
import { wholeLines, type ReadBytes } from "./whole-lines.ts";

/** A line longer than this is passed over as broken: no event is that long, and memory is bounded. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** [measured: reading a mebibyte at a time costs a third of what a stream of Node does] */
const ROOM_BYTES = 1 << 20;

interface Source {
  readonly read: ReadBytes;
  readonly close: () => Promise<void>;
}

/**
 * Reads a text file, gzip or not by its first bytes' word (`.gz`), in blocks of whole lines. Blocks stand in `room`, where
 * they fit, one after another: each is gone when the next is asked for.
 */
export async function* readBlocks(
  file: string,
  room: Buffer = Buffer.allocUnsafe(ROOM_BYTES),
): AsyncGenerator<LineBlock, void> {
  let source: Source | undefined;
  try {
    source = file.toLowerCase().endsWith(".gz") ? gunzipped(file) : await opened(file);
    yield* wholeLines(source.read, room, MAX_LINE_BYTES);
  } catch (error) {
    throw new ServiceError("events/unreadable", `${file}: ${messageOf(error)}`, {
      cause: error,
      facts: { file },
    });
  } finally {
    await source?.close();
  }
}

function gunzipped(file: string): Source {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 });
  const bytes = raw.pipe(createGunzip());
  raw.on("error", (error) => bytes.destroy(error));
  return {
    read: ofChunks(toUtf8(bytes as AsyncIterable<Buffer>)),
    close: async () => {
      bytes.destroy();
      raw.destroy();
    },
  };
}

async function opened(file: string): Promise<Source> {
  const handle = await open(file);
  const close = async (): Promise<void> => handle.close();
  try {
    const start = Buffer.alloc(4);
    let length = 0;
    for (let more = 1; more > 0 && length < start.length; length += more) {
      more = (await handle.read(start, length, start.length - length, null)).bytesRead;
    }
    const first = start.subarray(0, length);
    if (hasUtf16Mark(first)) {
      return { read: ofChunks(toUtf8(chunksOf(handle, first))), close };
    }
    let text = withoutMark(first);
    const read: ReadBytes = async (into) => {
      if (text.length === 0) return (await handle.read(into, 0, into.length, null)).bytesRead;
      const bytes = text.copy(into);
      text = text.subarray(bytes);
      return bytes;
    };
    return { read, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* chunksOf(handle: FileHandle, first: Buffer): AsyncGenerator<Buffer, void> {
  yield first;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(1 << 18), 0, 1 << 18, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Reads from pieces of any length. */
export function ofChunks(chunks: AsyncIterable<Buffer>): ReadBytes {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (into) => {
    while (rest.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return 0;
      rest = next.value;
    }
    const bytes = rest.copy(into);
    rest = rest.subarray(bytes);
    return bytes;
  };
}
