import { hashed } from "./key-hash.ts";

/** Above this share of slots in use the table grows. */
const FULL = 0.7;

/**
 * Rows by the hash of a key: open addressing over typed arrays, rows of one key in a chain. Keys themselves are
 * not kept, so two keys of one hash share their rows: who asks must decide each row.
 */
export class KeyIndex {
  #lo = new Uint32Array(64);
  #hi = new Uint32Array(64);
  /** Number of the first entry of a key, counted from 1; 0: free. */
  #head = new Int32Array(64);
  #rows = new Int32Array(64);
  #next = new Int32Array(64);
  #keys = 0;
  #entries = 0;

  /** Files a row under the hash that was made last. */
  add(row: number): void {
    if (this.#keys >= this.#head.length * FULL) {
      this.#rehash();
    }
    if (this.#entries + 1 >= this.#rows.length) {
      this.#rows = grown(this.#rows);
      this.#next = grown(this.#next);
    }
    const slot = this.#slot(hashed.lo, hashed.hi);
    if (this.#head[slot] === 0) {
      this.#lo[slot] = hashed.lo;
      this.#hi[slot] = hashed.hi;
      this.#keys += 1;
    }
    this.#entries += 1;
    this.#rows[this.#entries] = row;
    this.#next[this.#entries] = this.#head[slot] as number;
    this.#head[slot] = this.#entries;
  }

  /** Puts every row under the hash that was made last into a set. */
  collect(into: Set<number>): void {
    let entry = this.#head[this.#slot(hashed.lo, hashed.hi)] as number;
    for (; entry !== 0; entry = this.#next[entry] as number) {
      into.add(this.#rows[entry] as number);
    }
  }

  /** How many rows stand under the hash that was made last, counted up to a limit. */
  count(limit: number): number {
    let entry = this.#head[this.#slot(hashed.lo, hashed.hi)] as number;
    let rows = 0;
    for (; entry !== 0 && rows < limit; entry = this.#next[entry] as number) {
      rows += 1;
    }
    return rows;
  }

  /** The index anew, with rows renumbered; a row below 0 is left out. */
  renumbered(rowOf: Int32Array): KeyIndex {
    const index = new KeyIndex();
    for (let slot = 0; slot < this.#head.length; slot++) {
      for (let entry = this.#head[slot] as number; entry !== 0;) {
        const row = rowOf[this.#rows[entry] as number] as number;
        if (row >= 0) {
          hashed.lo = this.#lo[slot] as number;
          hashed.hi = this.#hi[slot] as number;
          index.add(row);
        }
        entry = this.#next[entry] as number;
      }
    }
    return index;
  }

  /** Bytes the arrays take. */
  get bytes(): number {
    return this.#head.byteLength * 3 + this.#rows.byteLength * 2;
  }

  #slot(lo: number, hi: number): number {
    const mask = this.#head.length - 1;
    let slot = lo & mask;
    while (this.#head[slot] !== 0 && (this.#lo[slot] !== lo || this.#hi[slot] !== hi)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #rehash(): void {
    const [lo, hi, head] = [this.#lo, this.#hi, this.#head];
    this.#lo = new Uint32Array(head.length * 2);
    this.#hi = new Uint32Array(head.length * 2);
    this.#head = new Int32Array(head.length * 2);
    for (let old = 0; old < head.length; old++) {
      if (head[old] !== 0) {
        const slot = this.#slot(lo[old] as number, hi[old] as number);
        this.#lo[slot] = lo[old] as number;
        this.#hi[slot] = hi[old] as number;
        this.#head[slot] = head[old] as number;
      }
    }
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(array.length * 1.5));
  larger.set(array);
  return larger;
}
