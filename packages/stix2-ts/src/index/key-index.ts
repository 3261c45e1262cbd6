/** Above this share of slots in use the table grows. */
const FULL = 0.7;

/**
 * Rows by the hash of a key: open addressing over typed arrays. The only row of a key stands in the table, several in
 * a chain. Keys themselves are not kept, so two keys of one hash share their rows: who asks must decide each row.
 */
export class KeyIndex {
  #hashes = new Int32Array(64);
  /** 0: free; above: the key's only row, counted from 1; below: the first entry of its chain, negated. */
  #slots = new Int32Array(64);
  #used = 0;
  /** Chains: a row and the next entry, counted from 1; 0: the end. */
  #rows = new Int32Array(16);
  #next = new Int32Array(16);
  #entries = 0;

  /** Files a row under a hash. */
  add(hash: number, row: number): void {
    const slot = this.#slot(hash);
    const there = this.#slots[slot] as number;
    if (there !== 0) {
      const after = there < 0 ? -there : this.#chain(there - 1, 0);
      this.#slots[slot] = -this.#chain(row, after);
      return;
    }
    this.#hashes[slot] = hash;
    this.#slots[slot] = row + 1;
    this.#used += 1;
    if (this.#used > this.#slots.length * FULL) this.#rehash();
  }

  /** Puts every row under a hash into a set. */
  collect(hash: number, into: Set<number>): void {
    const there = this.#slots[this.#slot(hash)] as number;
    if (there > 0) into.add(there - 1);
    for (let entry = -there; entry > 0; entry = this.#next[entry] as number) {
      into.add(this.#rows[entry] as number);
    }
  }

  /** How many rows stand under a hash, counted up to a limit. */
  count(hash: number, limit: number): number {
    const there = this.#slots[this.#slot(hash)] as number;
    if (there >= 0) return Math.min(there, 1);
    let rows = 0;
    for (let entry = -there; entry > 0 && rows < limit; entry = this.#next[entry] as number) {
      rows += 1;
    }
    return rows;
  }

  /** The index anew, with rows renumbered; a row below 0 is left out. */
  renumbered(rowOf: Int32Array): KeyIndex {
    const index = new KeyIndex();
    const rows = new Set<number>();
    for (const [slot, there] of this.#slots.entries()) {
      if (there === 0) continue;
      const hash = this.#hashes[slot] as number;
      rows.clear();
      this.collect(hash, rows);
      for (const old of rows) {
        const row = rowOf[old] as number;
        if (row >= 0) index.add(hash, row);
      }
    }
    return index;
  }

  /** Bytes the arrays take. */
  get bytes(): number {
    return this.#slots.byteLength * 2 + this.#rows.byteLength * 2;
  }

  #chain(row: number, after: number): number {
    this.#entries += 1;
    if (this.#entries === this.#rows.length) {
      this.#rows = grown(this.#rows);
      this.#next = grown(this.#next);
    }
    this.#rows[this.#entries] = row;
    this.#next[this.#entries] = after;
    return this.#entries;
  }

  #slot(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0 && this.#hashes[slot] !== hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #rehash(): void {
    const [hashes, slots] = [this.#hashes, this.#slots];
    this.#hashes = new Int32Array(slots.length * 2);
    this.#slots = new Int32Array(slots.length * 2);
    for (let old = 0; old < slots.length; old++) {
      if (slots[old] !== 0) {
        const slot = this.#slot(hashes[old] as number);
        this.#hashes[slot] = hashes[old] as number;
        this.#slots[slot] = slots[old] as number;
      }
    }
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(array.length * 1.5));
  larger.set(array);
  return larger;
}
