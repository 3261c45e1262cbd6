/** Letters of a literal that are looked at: more would cost memory and hardly tell more texts apart. */
const MAX_LETTERS = 48;
/** Literals are found by their first letters; shorter ones can't be added. */
const START = 4;
const FILTER_BITS = 20;

/**
 * Finds which of many literals a text holds. A bitmap over the first four letters passes over most places of the
 * text at once; where it does not, a trie is walked. So the cost follows the text, not the number of literals, and
 * literals can be added at any time (an Aho-Corasick automaton would be built anew).
 */
export class LiteralIndex {
  readonly #filter = new Uint32Array(1 << (FILTER_BITS - 5));
  /** Edges of the trie, by open addressing over (node, letter); child 0: free. */
  #nodes = new Int32Array(64);
  #letters = new Uint16Array(64);
  #children = new Int32Array(64);
  /** Whether a literal ends at a node. */
  #isEnd = new Uint8Array(64);
  #count = 1;

  /** Adds a literal of at least four letters; gives the number of its node, the same for the same literal. */
  add(literal: string): number {
    const bit = startBit(literal, 0);
    this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] as number) | (1 << (bit & 31));
    let node = 1;
    const end = Math.min(literal.length, MAX_LETTERS);
    for (let i = 0; i < end; i++) {
      node = this.#descend(node, literal.charCodeAt(i));
    }
    this.#isEnd[node] = 1;
    return node;
  }

  /** The node of a literal that was added, or 0. */
  find(literal: string): number {
    let node = 1;
    const end = Math.min(literal.length, MAX_LETTERS);
    for (let i = 0; i < end && node !== 0; i++) {
      node = this.#children[this.#slot(node, literal.charCodeAt(i))] as number;
    }
    return node;
  }

  /** Calls `visit` with the node of each literal that the text may hold (the first letters decide). */
  search(text: string, visit: (node: number) => void): void {
    const last = text.length - START;
    for (let at = 0; at <= last; at++) {
      const bit = startBit(text, at);
      if ((((this.#filter[bit >>> 5] as number) >>> (bit & 31)) & 1) === 1) {
        this.#walk(text, at, visit);
      }
    }
  }

  get bytes(): number {
    const { byteLength } = this.#filter;
    return byteLength + this.#nodes.byteLength * 2.5 + this.#isEnd.byteLength;
  }

  #walk(text: string, from: number, visit: (node: number) => void): void {
    let node = 1;
    for (let at = from; at < text.length; at++) {
      node = this.#children[this.#slot(node, text.charCodeAt(at))] as number;
      if (node === 0) {
        return;
      }
      if (this.#isEnd[node] === 1) {
        visit(node);
      }
    }
  }

  #descend(node: number, letter: number): number {
    const slot = this.#slot(node, letter);
    const known = this.#children[slot] as number;
    if (known !== 0) {
      return known;
    }
    this.#count += 1;
    const child = this.#count;
    this.#nodes[slot] = node;
    this.#letters[slot] = letter;
    this.#children[slot] = child;
    if (child >= this.#isEnd.length) {
      const larger = new Uint8Array(this.#isEnd.length * 2);
      larger.set(this.#isEnd);
      this.#isEnd = larger;
    }
    if (this.#count > this.#children.length * 0.6) {
      this.#rehash();
    }
    return child;
  }

  #slot(node: number, letter: number): number {
    const mask = this.#children.length - 1;
    let h = Math.imul(node, 0x9e3779b1) ^ Math.imul(letter, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    let slot = (h ^ (h >>> 13)) & mask;
    while (
      this.#children[slot] !== 0 &&
      (this.#nodes[slot] !== node || this.#letters[slot] !== letter)
    ) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #rehash(): void {
    const [nodes, letters, children] = [this.#nodes, this.#letters, this.#children];
    this.#nodes = new Int32Array(nodes.length * 2);
    this.#letters = new Uint16Array(nodes.length * 2);
    this.#children = new Int32Array(nodes.length * 2);
    for (let old = 0; old < children.length; old++) {
      if (children[old] !== 0) {
        const slot = this.#slot(nodes[old] as number, letters[old] as number);
        this.#nodes[slot] = nodes[old] as number;
        this.#letters[slot] = letters[old] as number;
        this.#children[slot] = children[old] as number;
      }
    }
  }
}

/** Which bit of the filter four letters have. */
function startBit(text: string, at: number): number {
  const two = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
  const four = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16);
  const h = Math.imul(two, 0x9e3779b1) ^ Math.imul(four, 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> (32 - FILTER_BITS);
}
