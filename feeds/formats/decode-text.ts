import { FeedError } from "./feed-error.ts";
import { formatPosition, textPosition } from "./text-position.ts";

/** Longest file that is read, in bytes: above it, a feed has to be split (V8 holds no longer string than 512 MiB). */
export const MAX_FEED_BYTES = 256 * 1024 * 1024;

/**
 * Decodes a feed file: UTF-8 or UTF-16 by byte-order mark, UTF-16 without one by its zero bytes, else the encoding that an
 * XML declaration names, else UTF-8. The byte-order mark is taken off.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new FeedError("feed/empty", "The file is empty (0 bytes).");
  if (bytes.length > MAX_FEED_BYTES) {
    throw new FeedError(
      "feed/too-large",
      `The file has ${bytes.length} bytes; at most ${MAX_FEED_BYTES} are read. Split it.`,
    );
  }
  const encoding = encodingOf(bytes);
  const text = decode(bytes, encoding);
  if (text.trim() === "") throw new FeedError("feed/empty", "The file holds only white space.");
  const zero = text.indexOf("\0");
  if (zero !== -1) {
    const { line, column } = textPosition(text, zero);
    const where = formatPosition(line, column);
    throw new FeedError("feed/not-text", `The file holds a NUL character at ${where}.`, where);
  }
  return text;
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const known = cause instanceof TypeError;
    throw new FeedError(
      "feed/not-text",
      known
        ? `The file is not ${encoding} text: some bytes mean nothing in that encoding.`
        : `The file names an encoding that is not known: ${encoding.slice(0, 40)}.`,
      "",
      { cause },
    );
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return "utf-16be";
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
  // A declaration of UTF-16 that could be read as single bytes is wrong: the file was converted afterwards.
  return declared === undefined || /^utf-?16/i.test(declared) ? "utf-8" : declared.toLowerCase();
}
