import type { LineBlock } from "../../core/ports.ts";

const NEWLINE = 0x0a;

/** Puts the next bytes of a source at the start of a buffer and says how many; 0: there are no more. */
export type ReadBytes = (into: Buffer) => Promise<number>;

/**
 * Cuts bytes into blocks of whole lines, each line ended by its newline, the last one by one that is added. By newline
 * alone: Node's own line reader also splits at U+2028, which JSON text may hold. A line of more than `maxBytes` is passed
 * over, and a block with a problem stands in its place. Blocks stand in `room`, and in other memory where a line is longer.
 */
export async function* wholeLines(
  read: ReadBytes,
  room: Buffer,
  maxBytes = Infinity,
): AsyncGenerator<LineBlock, void> {
  let buffer = room;
  /** Bytes at the buffer's start that belong to a line whose end is not read yet. */
  let filled = 0;
  let isTooLong = false;
  for (;;) {
    const bytes = await read(buffer.subarray(filled, buffer.length - 1));
    if (bytes === 0) break;
    const from = filled;
    filled += bytes;
    const end = buffer.subarray(from, filled).lastIndexOf(NEWLINE) + from + 1;
    if (end > from) {
      let start = 0;
      if (isTooLong) {
        start = buffer.indexOf(NEWLINE) + 1;
        yield tooLong(maxBytes);
        isTooLong = false;
      }
      if (start < end) yield { bytes: buffer.subarray(start, end) };
      const rest = buffer.subarray(end, filled);
      if (rest.length < room.length / 2) buffer = room;
      rest.copy(buffer);
      filled = rest.length;
    }
    if (isTooLong || filled > maxBytes) {
      isTooLong = true;
      [buffer, filled] = [room, 0];
    } else if (filled >= buffer.length - 1) {
      const larger = Buffer.allocUnsafe(buffer.length * 2);
      buffer.copy(larger, 0, 0, filled);
      buffer = larger;
    }
  }
  if (isTooLong) {
    yield tooLong(maxBytes);
  } else if (filled > 0) {
    buffer[filled] = NEWLINE;
    yield { bytes: buffer.subarray(0, filled + 1) };
  }
}

function tooLong(maxBytes: number): LineBlock {
  return { bytes: new Uint8Array(), problem: `line over ${Math.round(maxBytes / 2 ** 20)} MiB` };
}
