import { open, type FileHandle } from "node:fs/promises";
import type { ReadBytes } from "./whole-lines.ts";
import { insideZip, openInZip } from "./zip-files.ts";

/** A file's bytes as they are stored, from the beginning on. */
export interface Bytes {
  readonly read: ReadBytes;
  readonly close: () => Promise<void>;
}

/** Opens a file, or one that stands in a zip (`a.zip/b.log`). */
export async function openBytes(file: string): Promise<Bytes> {
  const inside = await insideZip(file);
  if (inside !== undefined) {
    const { bytes, close } = await openInZip(inside.zip, inside.name);
    return { read: ofChunks(bytes as AsyncIterable<Buffer>), close: async () => close() };
  }
  const handle = await open(file);
  return { read: async (into) => readSome(handle, into), close: async () => handle.close() };
}

async function readSome(handle: FileHandle, into: Buffer): Promise<number> {
  return (await handle.read(into, 0, into.length, null)).bytesRead;
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
