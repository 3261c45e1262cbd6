import { StixError } from "../errors.ts";

/** Texts in one array of bytes (at most 4 GiB), by row: an object a text would take several times the room. */
export class TextColumn {
  #bytes = new Uint8Array(1024);
  #ends = new Uint32Array(64);
  #rows = 0;

  get length(): number {
    return this.#rows;
  }

  /** Adds a text, any UTF-16; its row is the length before. */
  push(text: string): void {
    const at = this.#end(this.#rows - 1);
    const isNarrow = !WIDE.test(text);
    const end = at + 1 + text.length * (isNarrow ? 1 : 2);
    if (end > MAX_BYTES) {
      throw new StixError("stix/too-large", "the texts would take more than 4 GiB");
    }
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, roomier(this.#bytes.length)));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    if (this.#rows === this.#ends.length) {
      const larger = new Uint32Array(roomier(this.#ends.length));
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#bytes[at] = isNarrow ? 1 : 2;
    this.#write(text, at + 1, isNarrow);
    this.#ends[this.#rows] = end;
    this.#rows += 1;
  }

  get(row: number): string {
    const from = this.#end(row - 1);
    const width = this.#bytes[from] as number;
    const end = this.#end(row);
    const parts: string[] = [];
    const units: number[] = [];
    for (let at = from + 1; at < end; at += width) {
      const low = this.#bytes[at] as number;
      units.push(width === 1 ? low : low | ((this.#bytes[at + 1] as number) << 8));
      if (units.length === 4096) {
        parts.push(String.fromCharCode(...units));
        units.length = 0;
      }
    }
    parts.push(String.fromCharCode(...units));
    return parts.join("");
  }

  /** Whether a row holds this text; makes no text to find out. */
  equals(row: number, text: string): boolean {
    const from = this.#end(row - 1) + 1;
    const width = this.#bytes[from - 1] as number;
    if (this.#end(row) - from !== text.length * width) {
      return false;
    }
    for (let i = 0; i < text.length; i++) {
      const at = from + i * width;
      const high = width === 1 ? 0 : (this.#bytes[at + 1] as number) << 8;
      if (((this.#bytes[at] as number) | high) !== text.charCodeAt(i)) {
        return false;
      }
    }
    return true;
  }

  get bytes(): number {
    return this.#bytes.byteLength + this.#ends.byteLength;
  }

  #write(text: string, from: number, isNarrow: boolean): void {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (isNarrow) {
        this.#bytes[from + i] = unit;
      } else {
        this.#bytes[from + i * 2] = unit & 255;
        this.#bytes[from + i * 2 + 1] = unit >> 8;
      }
    }
  }

  #end(row: number): number {
    return row < 0 ? 0 : (this.#ends[row] as number);
  }
}

/** What is large grows by little: room that is not used is what an index of a million patterns can't afford. */
function roomier(length: number): number {
  return Math.ceil(length * (length < 1 << 20 ? 1.5 : 1.125));
}

const MAX_BYTES = 0xffffffff;
const WIDE = /[\u0100-\uffff]/;
