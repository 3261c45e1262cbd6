import type { LinePath, LineReader, PickedLines, WantsValue } from "../../core/ports.ts";
import { PathTree } from "./path-tree.ts";
import { openScanner, type Scanner } from "./scanner.ts";

const NEWLINE = 0x0a;
/** Lines are read in pieces that stay in the processor's cache [measured: 64 to 128 KiB are best]. */
const PIECE_BYTES = 1 << 17;
const BYTES_A_WORD = 4;

type Picked = PickedLines["picked"][number];

/** Reads lines by `assembly/scan-lines.ts`, in a fifth of the time that JSON.parse takes. */
export class WasmLineReader implements LineReader {
  readonly #scanner: Scanner = openScanner();
  readonly #memory = Buffer.from(this.#scanner.memory);
  readonly #words = new Uint32Array(this.#scanner.memory);

  /** Room for lines: those that stand here are read in place. */
  get room(): Buffer {
    const { INPUT, INPUT_BYTES } = this.#scanner;
    return this.#memory.subarray(INPUT, INPUT + INPUT_BYTES);
  }

  ask(paths: readonly LinePath[], wrappers: readonly string[]): void {
    new PathTree(paths, wrappers).write(this.#scanner);
  }

  pick(bytes: Uint8Array, wants: WantsValue): PickedLines {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isInPlace = all.buffer === this.#scanner.memory;
    const picked: Picked[] = [];
    let count = 0;
    for (let from = 0; from < all.length;) {
      const to = pieceEnd(all, from);
      const piece = all.subarray(from, to);
      if (piece.length > this.#scanner.INPUT_BYTES) {
        picked.push({ index: count, text: piece.toString("utf8", 0, piece.length - 1) });
        count += 1;
      } else {
        const start = isInPlace ? piece.byteOffset : this.#put(piece);
        count += this.#pickPiece(start, start + piece.length, count, wants, picked);
      }
      from = to;
    }
    return { count, picked };
  }

  #put(piece: Buffer): number {
    piece.copy(this.#memory, this.#scanner.INPUT);
    return this.#scanner.INPUT;
  }

  /** Looks through lines that stand in the scanner's memory; returns how many they are. */
  #pickPiece(
    start: number,
    end: number,
    before: number,
    wants: WantsValue,
    picked: Picked[],
  ): number {
    const { scan, reached, count, OUTPUT, BROKEN, ODD } = this.#scanner;
    const words = this.#words;
    let lines = 0;
    for (let from = start; from < end; from = reached()) {
      const last = scan(from, end) / BYTES_A_WORD;
      for (let at = OUTPUT / BYTES_A_WORD; at < last;) {
        const said = words[at + 3] as number;
        const values = at + 4;
        const next = values + (said >>> 8) * 3;
        if ((said & (BROKEN | ODD)) !== 0 || this.#hasWanted(values, next, wants)) {
          const text = this.#memory.toString("utf8", words[at + 1], words[at + 2]);
          picked.push({ index: before + lines + (words[at] as number), text });
        }
        at = next;
      }
      lines += count();
    }
    return lines;
  }

  #hasWanted(from: number, to: number, wants: WantsValue): boolean {
    const { NOT_ASCII, BARE, dismiss } = this.#scanner;
    const words = this.#words;
    for (let at = from; at < to; at += 3) {
      const said = words[at] as number;
      const kind = said >>> 16;
      const start = words[at + 1] as number;
      const end = words[at + 2] as number;
      const raw =
        (kind & NOT_ASCII) === 0
          ? this.#memory.toString("latin1", start, end)
          : this.#memory.toString("utf8", start, end);
      if (wants(said & 0xffff, raw, (kind & BARE) === 0)) return true;
      dismiss(said, start, end);
    }
    return false;
  }
}

/** Where a piece ends that begins here: behind the last newline that is near enough, or else behind the first. */
function pieceEnd(bytes: Buffer, from: number): number {
  if (bytes.length - from <= PIECE_BYTES) return bytes.length;
  const last = bytes.lastIndexOf(NEWLINE, from + PIECE_BYTES - 1);
  return (last >= from ? last : bytes.indexOf(NEWLINE, from + PIECE_BYTES)) + 1;
}
