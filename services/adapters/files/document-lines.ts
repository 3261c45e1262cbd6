import type { ReadBytes } from "./whole-lines.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** JSON has no place for it: a text that was broken over two lines stays broken. */
const NEVER = 0x01;

/** Where in JSON a reader is: how deep, and whether in a text. */
class Place {
  depth = 0;
  #inText = false;
  #isEscaped = false;

  /** Takes the next byte; true where it is within a text, its end included. */
  pass(byte: number): boolean {
    if (this.#inText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inText = false;
      return true;
    }
    if (byte === QUOTE) this.#inText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.depth -= 1;
    return false;
  }
}

/** Whether a text that begins so is a list of documents, or documents over several lines, and not a document a line. */
export function isByDocument(start: Uint8Array): boolean {
  const place = new Place();
  const first = start.findIndex((byte) => byte > SPACE);
  if (first < 0 || start[first] === OPEN_LIST) return first >= 0;
  for (const byte of start.subarray(first)) {
    // A document that is open at the end of its line goes on in the next.
    if (!place.pass(byte) && byte === NEWLINE) return place.depth !== 0;
  }
  return false;
}

/**
 * Lays documents out a line each: those of a list, or such that stand over several lines. Bytes are only exchanged, never
 * added, so positions stay.
 */
export function documentLines(read: ReadBytes): ReadBytes {
  const place = new Place();
  /** How deep documents stand: in a list or not. */
  let base: 0 | 1 | undefined;
  return async (into) => {
    const length = await read(into);
    for (let at = 0; at < length; at++) {
      const byte = into[at] as number;
      if (base === undefined && byte > SPACE) {
        base = byte === OPEN_LIST ? 1 : 0;
        place.pass(byte);
        if (base === 1) into[at] = SPACE;
        continue;
      }
      if (place.pass(byte)) {
        if (byte === NEWLINE) into[at] = NEVER;
      } else if (place.depth < (base ?? 0)) {
        // The end of the list; what comes after it, if anything does, is no part of it.
        base = 0;
        into[at] = NEWLINE;
      } else if (base === 1 && place.depth === 1 && byte === COMMA) {
        into[at] = NEWLINE;
      } else if ((byte === NEWLINE || byte === RETURN) && (base === 1 || place.depth > 0)) {
        into[at] = SPACE;
      }
    }
    return length;
  };
}
