import type { TextPosition } from "../json/json-text-error.ts";

/** Text, and where it stood. */
export interface Piece {
  readonly text: string;
  readonly start: TextPosition;
}

/** An element of the list of objects; its text is undefined where it is longer than the limit. */
export interface Element {
  readonly text: string | undefined;
  readonly start: TextPosition;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
/** Longest written form of the key "objects": every letter as an escape. */
const MAX_KEY = 44;

/**
 * Finds the elements of the `objects` list of a JSON object, or of a list on top, in text that comes in pieces. It looks at
 * strings, escapes and nesting only; whether an element is JSON is for JSON.parse to say. Keeps one element at a time.
 */
export class ElementScanner {
  /** Length of what stands around the elements so far; the caller bounds it. */
  aroundLength = 0;
  readonly #maxLength: number;
  readonly #around: Piece[] = [];
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Nesting inside of the list; 0 while outside of one. */
  #listDepth = 0;
  #afterComma = false;
  /** The last string at depth 1, and the key that it was if a colon followed. */
  #string = "";
  #key = "";
  #parts: string[] = [];
  #length = 0;
  #start: TextPosition = { offset: 0, line: 1, column: 1 };
  /** Where the current piece of text starts, and the line that goes on in it. */
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Where the text that came so far ends. */
  get position(): TextPosition {
    return this.#position(0);
  }

  /** Whether all that was opened is closed. */
  get isClosed(): boolean {
    return this.#depth <= 0 && !this.#inString;
  }

  /** What stands around the elements: joined, the text of the document with an empty list. For the end of the text. */
  get around(): readonly Piece[] {
    return [...this.#around, { text: this.#parts.join(""), start: this.#start }];
  }

  /** Takes the next piece of text, and gives the elements that end in it. */
  *push(text: string): Generator<Element, void, undefined> {
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (this.#inString) {
        at = this.#passString(text, at);
        continue;
      }
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#inString = true;
        this.#string = "";
      } else if (unit === NEWLINE) {
        this.#line += 1;
        this.#lineStart = this.#offset + at + 1;
      } else if (unit === 0x7b || unit === 0x5b) {
        this.#depth += 1;
        if (unit === 0x5b && this.#opensList()) {
          this.#append(text.slice(from, at + 1));
          this.#around.push({ text: this.#parts.join(""), start: this.#start });
          from = at + 1;
          this.#listDepth = this.#depth;
          this.#begin(from);
        }
      } else if (unit === 0x7d || unit === 0x5d) {
        this.#depth -= 1;
        if (this.#listDepth !== 0 && this.#depth < this.#listDepth) {
          const isLast = this.#afterComma;
          const element = this.#end(text.slice(from, at));
          if (isLast || element.text?.trim() !== "") yield element;
          from = at;
          this.#listDepth = 0;
          this.#key = "";
          this.#begin(from);
        }
      } else if (unit === 0x2c) {
        if (this.#listDepth !== 0 && this.#depth === this.#listDepth) {
          yield this.#end(text.slice(from, at));
          from = at + 1;
          this.#begin(from);
          this.#afterComma = true;
        } else if (this.#depth === 1) this.#key = "";
      } else if (unit === 0x3a && this.#depth === 1) this.#key = this.#string;
    }
    this.#append(text.slice(from));
    this.#offset += text.length;
  }

  /** Passes over a string, or what of it stands in this piece, and gives the index of its last character. */
  #passString(text: string, start: number): number {
    let at = start;
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (this.#escaped) this.#escaped = false;
      else if (unit === BACKSLASH) this.#escaped = true;
      else if (unit === QUOTE) {
        this.#inString = false;
        break;
      }
      if (unit === NEWLINE) {
        this.#line += 1;
        this.#lineStart = this.#offset + at + 1;
      }
    }
    if (this.#depth === 1 && this.#string.length <= MAX_KEY) {
      this.#string += text.slice(start, Math.min(at, start + MAX_KEY + 1));
    }
    return at;
  }

  #opensList(): boolean {
    if (this.#listDepth !== 0) return false;
    return this.#depth === 1 || (this.#depth === 2 && isObjectsKey(this.#key));
  }

  #position(index: number): TextPosition {
    const offset = this.#offset + index;
    return { offset, line: this.#line, column: offset - this.#lineStart + 1 };
  }

  #begin(index: number): void {
    this.#start = this.#position(index);
    this.#parts = [];
    this.#length = 0;
    this.#afterComma = false;
  }

  #append(text: string): void {
    this.#length += text.length;
    if (this.#listDepth === 0) {
      this.aroundLength += text.length;
      this.#parts.push(text);
    } else if (this.#length <= this.#maxLength) this.#parts.push(text);
    else this.#parts = [];
  }

  #end(rest: string): Element {
    this.#append(rest);
    const text = this.#length > this.#maxLength ? undefined : this.#parts.join("");
    return { text, start: this.#start };
  }
}

function isObjectsKey(written: string): boolean {
  if (written === "objects") return true;
  if (!written.includes("\\") || written.length > MAX_KEY) return false;
  try {
    return JSON.parse(`"${written}"`) === "objects";
  } catch {
    return false;
  }
}
