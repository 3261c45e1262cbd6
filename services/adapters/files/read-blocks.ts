import { Readable, type Duplex } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { messageOf, ServiceError } from "../../core/errors.ts";
import type { LineBlock } from "../../core/ports.ts";
import { readEvtx } from "../evtx/read-evtx.ts";
import { hasUtf16Mark, toUtf8, withoutMark } from "./decode-utf16.ts";
import { documentLines, isByDocument } from "./document-lines.ts";
import { ofChunks, openBytes, type Bytes } from "./open-bytes.ts";
import { wholeLines, type ReadBytes } from "./whole-lines.ts";

/** A line longer than this is passed over as broken: no event is that long, and memory is bounded. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** [measured: reading a mebibyte at a time costs a third of what a stream of Node does] */
const ROOM_BYTES = 1 << 20;
/** Of a text's beginning, what tells how it is laid out. */
const FIRST_BYTES = 1 << 16;
const NEWLINE = 0x0a;

/** What a compressed file is read through, by the ending of its name. */
const DECOMPRESSORS: Readonly<Record<string, () => Duplex>> = {
  ".gz": () => createGunzip(),
  ".zst": () => createZstdDecompress(),
};

/**
 * Reads the events of a file in blocks of whole lines, one event a line: lines of JSON, a JSON array or objects over several
 * lines, a Windows event log (`.evtx`), each of them compressed or not (`.gz`, `.zst`), in a zip or not. Blocks stand in `room`, where they
 * fit, one after another: each is gone when the next is asked for. Throws `events/unreadable`.
 */
export async function* readBlocks(
  file: string,
  room: Buffer = Buffer.allocUnsafe(ROOM_BYTES),
): AsyncGenerator<LineBlock, void> {
  let source: Bytes | undefined;
  try {
    const [, inner = "", ending = ""] = /^(.*?)(\.gz|\.zst)?$/is.exec(file) ?? [];
    const decompressor = DECOMPRESSORS[ending.toLowerCase()];
    const stored = await openBytes(file);
    source = decompressor === undefined ? stored : decompressed(stored, decompressor());
    if (inner.toLowerCase().endsWith(".evtx")) {
      yield* readEvtx(source.read);
    } else {
      yield* wholeLines(await readText(source.read), room, MAX_LINE_BYTES);
    }
  } catch (error) {
    throw new ServiceError("events/unreadable", `${file}: ${messageOf(error)}`, {
      cause: error,
      facts: { file },
    });
  } finally {
    await source?.close();
  }
}

function decompressed({ read, close }: Bytes, through: Duplex): Bytes {
  const packed = Readable.from(chunksOf(read));
  const bytes = packed.pipe(through);
  packed.on("error", (error) => bytes.destroy(error));
  return {
    read: ofChunks(bytes as AsyncIterable<Buffer>),
    close: async () => {
      bytes.destroy();
      packed.destroy();
      await close();
    },
  };
}

/** Text as UTF-8 without a mark, a document a line. */
async function readText(read: ReadBytes): Promise<ReadBytes> {
  const first = Buffer.allocUnsafe(FIRST_BYTES);
  let length = 0;
  // No further than it takes: a pipe may not have more for now.
  for (let more = 1; more > 0 && !first.subarray(0, length).includes(NEWLINE); length += more) {
    more = await read(first.subarray(length));
  }
  const start = first.subarray(0, length);
  if (hasUtf16Mark(start)) {
    return readText(ofChunks(toUtf8(chunksOf(followedBy(start, read)))));
  }
  const text = withoutMark(start);
  const whole = followedBy(text, read);
  return isByDocument(text) ? documentLines(whole) : whole;
}

/** Bytes that were read before, then the others. */
function followedBy(start: Buffer, read: ReadBytes): ReadBytes {
  let rest = start;
  return async (into) => {
    if (rest.length === 0) return read(into);
    const bytes = rest.copy(into);
    rest = rest.subarray(bytes);
    return bytes;
  };
}

async function* chunksOf(read: ReadBytes): AsyncGenerator<Buffer, void> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(1 << 18);
    const bytes = await read(chunk);
    if (bytes === 0) return;
    yield chunk.subarray(0, bytes);
  }
}
