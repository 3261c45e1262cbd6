import type { LinePath } from "../../core/ports.ts";
import type { Scanner } from "./scanner.ts";

interface Edge {
  readonly from: number;
  readonly key: string;
  readonly to: number;
}

/** Number of the node that is the top of documents. */
const TOP = 1;
const EDGE_BYTES = 64;
/** Room that the scanner has. */
const MOST_SLOTS = 4096;
const MOST_NODES = 7000;
const MOST_KEY_BYTES = 32;
const WORD = (1n << 64n) - 1n;

/** The paths that lines are looked through for, as a tree of keys in the form the scanner reads. */
export class PathTree {
  readonly #edges = new Map<string, Edge>();
  readonly #paths = new Map<number, LinePath>();
  #nodes = TOP;

  /** `wrappers`: keys of a line under which the document itself may stand. */
  constructor(paths: readonly LinePath[], wrappers: readonly string[]) {
    for (const key of wrappers) this.#edges.set(`${TOP} ${key}`, { from: TOP, key, to: TOP });
    for (const path of paths) {
      let node = TOP;
      for (const key of path.keys) node = this.#child(node, key);
      if (this.#paths.has(node)) {
        throw new RangeError(`asked twice for ${path.keys.join(".")}`);
      }
      this.#paths.set(node, path);
    }
  }

  /** Writes the tree into a scanner's memory, in place of what it had. */
  write(scanner: Scanner): void {
    const words = new Uint32Array(scanner.memory);
    const slots = Math.max(64, 2 ** Math.ceil(Math.log2(this.#edges.size * 2)));
    if (slots > MOST_SLOTS || this.#nodes > MOST_NODES) {
      throw new RangeError(`${this.#edges.size} keys are more than the scanner has room for`);
    }
    words.fill(0, scanner.NODES / 4, scanner.NODES / 4 + (this.#nodes + 1) * 2);
    for (const [node, path] of this.#paths) {
      words[scanner.NODES / 4 + node * 2] = wordOf(path, scanner);
    }
    words.fill(0, scanner.EDGES / 4, (scanner.EDGES + MOST_SLOTS * EDGE_BYTES) / 4);
    const view = new DataView(scanner.memory);
    for (const edge of this.#edges.values()) writeEdge(view, scanner.EDGES, slots - 1, edge);
    scanner.prepare(slots - 1);
  }

  #child(from: number, key: string): number {
    const name = `${from} ${key}`;
    const known = this.#edges.get(name);
    if (known !== undefined) return known.to;
    this.#nodes += 1;
    this.#edges.set(name, { from, key, to: this.#nodes });
    return this.#nodes;
  }
}

function wordOf({ field, odd }: LinePath, scanner: Scanner): number {
  const bits = { text: scanner.TEXT_IS_ODD, list: scanner.LIST_IS_ODD, object: scanner.OBJECT_IS_ODD }; // prettier-ignore
  return odd.reduce((word, kind) => word | bits[kind], field);
}

/** As `step` of the scanner looks it up. */
function writeEdge(view: DataView, table: number, mask: number, { from, key, to }: Edge): void {
  const bytes = Buffer.alloc(EDGE_BYTES);
  const length = bytes.write(key);
  if (length === 0 || length > MOST_KEY_BYTES || length !== Buffer.byteLength(key)) {
    throw new RangeError(`a key of ${Buffer.byteLength(key)} bytes can't be looked for`);
  }
  const first = bytes.readBigUInt64LE(0);
  const last = length < 8 ? first : bytes.readBigUInt64LE(length - 8);
  const mixed =
    ((first * 0x9e3779b97f4a7c15n) & WORD) ^
    ((((last + BigInt(from)) & WORD) * 0xc2b2ae3d27d4eb4fn) & WORD) ^
    BigInt(length);
  let slot = Number(((mixed ^ (mixed >> 29n)) >> 8n) & 0xffffffffn) & mask;
  while (view.getUint32(table + slot * EDGE_BYTES, true) !== 0) slot = (slot + 1) & mask;
  const at = table + slot * EDGE_BYTES;
  view.setUint32(at, to, true);
  view.setUint32(at + 4, from, true);
  view.setUint32(at + 8, length, true);
  view.setBigUint64(at + 16, first, true);
  view.setBigUint64(at + 24, last, true);
  view.setBigUint64(at + 32, bytes.readBigUInt64LE(8), true);
  view.setBigUint64(at + 40, bytes.readBigUInt64LE(16), true);
}
