import { TextDecoder } from "node:util";

/**
 * Passes UTF-8 on without its byte order mark, and turns UTF-16, as PowerShell writes it, into UTF-8. Only a byte
 * order mark tells UTF-16.
 */
export async function* toUtf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const chunk of bytes) {
    if (isFirst) {
      isFirst = false;
      decoder = utf16Of(chunk);
      if (decoder === undefined) {
        yield withoutMark(chunk);
        continue;
      }
    }
    yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
  }
  if (decoder !== undefined) {
    yield Buffer.from(decoder.decode());
  }
}

/** Whether a text that begins so is UTF-16. */
export function hasUtf16Mark(start: Buffer): boolean {
  return utf16Of(start) !== undefined;
}

/** The beginning of a text of UTF-8 without its byte order mark. */
export function withoutMark(start: Buffer): Buffer {
  const hasMark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
  return hasMark ? start.subarray(3) : start;
}

function utf16Of(chunk: Buffer): TextDecoder | undefined {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return new TextDecoder("utf-16le");
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return new TextDecoder("utf-16be");
  return undefined;
}
