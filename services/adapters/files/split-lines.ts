const NEWLINE = 0x0a;

/**
 * Splits bytes into lines of text, the last one also without its newline, in groups as they come. By newline
 * alone: Node's own line reader also splits at U+2028, which JSON text may hold. A line of more than `maxBytes` is
 * passed over, and undefined stands in its place.
 */
export async function* splitLines(
  bytes: AsyncIterable<Buffer>,
  maxBytes = Infinity,
): AsyncGenerator<readonly (string | undefined)[], void> {
  let parts: Buffer[] = [];
  let partBytes = 0;
  let isTooLong = false;
  for await (const chunk of bytes) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      partBytes += chunk.length;
      isTooLong ||= partBytes > maxBytes;
      if (isTooLong) {
        parts = [];
      } else {
        parts.push(chunk);
      }
      continue;
    }
    if (isTooLong) {
      const first = chunk.indexOf(NEWLINE);
      yield [undefined, ...(first < end ? textLines([chunk.subarray(first + 1, end)]) : [])];
    } else {
      yield textLines([...parts, chunk.subarray(0, end)]);
    }
    parts = [chunk.subarray(end + 1)];
    partBytes = chunk.length - end - 1;
    isTooLong = false;
  }
  const last = Buffer.concat(parts).toString("utf8");
  if (isTooLong) {
    yield [undefined];
  } else if (last !== "") {
    yield [last];
  }
}

function textLines(parts: readonly Buffer[]): readonly string[] {
  return Buffer.concat(parts).toString("utf8").split("\n");
}
