const NEWLINE = 0x0a;

/**
 * Splits bytes into lines of text, the last one also without its newline, in groups as they come. By newline
 * alone: Node's own line reader also splits at U+2028, which JSON text may hold. A line beyond the limit makes
 * `exceeded` throw, before more of it is held.
 */
export async function* splitLines(
  bytes: AsyncIterable<Buffer>,
  limit?: { readonly bytes: number; readonly exceeded: () => never },
): AsyncGenerator<readonly string[], void> {
  let parts: Buffer[] = [];
  let partBytes = 0;
  for await (const chunk of bytes) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      parts.push(chunk);
      partBytes += chunk.length;
      if (limit !== undefined && partBytes > limit.bytes) {
        limit.exceeded();
      }
      continue;
    }
    yield Buffer.concat([...parts, chunk.subarray(0, end)])
      .toString("utf8")
      .split("\n");
    parts = [chunk.subarray(end + 1)];
    partBytes = chunk.length - end - 1;
  }
  const last = Buffer.concat(parts).toString("utf8");
  if (last !== "") {
    yield [last];
  }
}
