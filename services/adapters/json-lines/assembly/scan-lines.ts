/**
 * AssemblyScript, not TypeScript: `npm run build:scanner` turns it into `scan-lines-code.ts`, which is what runs.
 *
 * Reads lines of JSON without making objects of them. For each line it says whether it surely is an object of JSON (RFC
 * 8259), and gives the values that stand at the paths of a tree. What it does not understand it says so of: its answers
 * may be too cautious and must not be too bold. Up to 64 bytes behind the lines are read and
 * make no difference.
 */
import { forget, isKnown, note } from "./known";
import { MARKS, markStrings } from "./strings";
import { numberEnd, space } from "./tokens";

/** Deeper lines are left to others. */
const MAX_DEPTH: u32 = 128;
const STACK: usize = 0x1000;
/** 8 bytes a node: what it asks for, and the number of the last line that led to it. Node 0 is none, 1 the top. */
export const NODES: usize = 0x2000;
/**
 * Steps from node to node by key, open addressing, 64 bytes each: the node it leads to (0: free), the one it leaves, the
 * key's length, its first and last 8 bytes, and its bytes 8 to 24.
 */
export const EDGES: usize = 0x10000;
/** Where lines are put; there is room for 64 bytes after them. */
export const INPUT: usize = 0x80000;
export const INPUT_BYTES: usize = 0x100000;
/** What is found. */
export const OUTPUT: usize = 0x5c0000;
const OUTPUT_END: usize = 0x600000;

/** What a node asks for, in its first 4 bytes: the lowest 16 are the number of a field, or 0. */
export const TEXT_IS_ODD: u32 = 1 << 16;
export const LIST_IS_ODD: u32 = 1 << 17;
export const OBJECT_IS_ODD: u32 = 1 << 18;
const FIELD: u32 = 0xffff;

/** What is said of a line. */
export const BROKEN: u32 = 1;
export const ODD: u32 = 2;
export const TWICE: u32 = 4;

/** What is said of a value. */
export const NOT_ASCII: u32 = 1;
export const BARE: u32 = 2;

const LINE_BYTES: usize = 16;
const VALUE_BYTES: usize = 12;

let edgeMask: u32 = 0;
let serial: u32 = 0;
/** What is said of the line at hand. */
let said: u32 = 0;
let output: usize = 0;
let mark: usize = 0;
let position: usize = 0;
let lines: u32 = 0;

/** Takes the number of edges there is room for, less one; to be called whenever another tree was written. */
export function prepare(mask: u32): void {
  edgeMask = mask;
  forget();
}

/** Takes a value of the output that is not wanted, while its line still stands: it is given no more. */
export function dismiss(field: u32, from: usize, to: usize): void {
  note(field & ~(NOT_ASCII << 16), from, to);
}

/** How far the last call of `scan` came. */
export function reached(): usize {
  return position;
}

/** How many lines the last call of `scan` read. */
export function count(): u32 {
  return lines;
}

/**
 * Reads whole lines, each ended by a newline, from `from` to `to`; returns where its output ends. That is, for each line
 * with something to say: its number (from 0), where it begins and ends, and what is said of it with the number of its
 * values above the lowest 8 bits; then, for each value, its field with what is said of it above the lowest 16 bits, and
 * where it begins and ends.
 */
export function scan(from: usize, to: usize): usize {
  markStrings(from, to);
  mark = MARKS;
  output = OUTPUT;
  lines = 0;
  let p = from;
  while (p < to && output + 4096 < OUTPUT_END) {
    const head = output;
    output += LINE_BYTES;
    said = 0;
    serial++;
    while (load<u32>(mark) < (p as u32)) mark += 4;
    let end = readLine(p);
    if (end == 0) {
      said = BROKEN;
      output = head + LINE_BYTES;
      end = p;
      while (load<u8>(end) != 10) end++;
    }
    const values = ((output - head - LINE_BYTES) / VALUE_BYTES) as u32;
    if (said == 0 && values == 0) output = head;
    else {
      store<u32>(head, lines);
      store<u32>(head, p as u32, 4);
      store<u32>(head, end as u32, 8);
      store<u32>(head, said | (values << 8), 12);
    }
    lines++;
    p = end + 1;
  }
  position = p;
  return output;
}

/** The node that a part of a key leads to; 0: none. */
function step(node: u32, from: usize, length: u32): u32 {
  if (length == 0 || length > 32) return 0;
  const first =
    length < 8 ? load<u64>(from) & (((1 as u64) << ((length as u64) << 3)) - 1) : load<u64>(from);
  const last = length < 8 ? first : load<u64>(from + length - 8);
  let hash = (first * 0x9e3779b97f4a7c15) ^ ((last + node) * 0xc2b2ae3d27d4eb4f) ^ length;
  hash ^= hash >> 29;
  let slot = ((hash >> 8) as u32) & edgeMask;
  while (true) {
    const edge = EDGES + (slot << 6);
    const to = load<u32>(edge);
    if (to == 0) return 0;
    if (
      load<u32>(edge, 4) == node &&
      load<u32>(edge, 8) == length &&
      load<u64>(edge, 16) == first &&
      load<u64>(edge, 24) == last &&
      (length <= 16 ||
        (load<u64>(edge, 32) == load<u64>(from + 8) &&
          (length <= 24 || load<u64>(edge, 40) == load<u64>(from + 16))))
    ) {
      return to;
    }
    slot = (slot + 1) & edgeMask;
  }
  return 0;
}

/** The node that a key leads to, a dot taken as a step of its own; 0: none. A key with escapes makes the line odd. */
function follow(node: u32, from: usize, to: usize): u32 {
  const length = (to - from) as u32;
  const v = v128.load(from);
  const special = v128.or(v128.eq<i8>(v, i8x16.splat(46)), v128.eq<i8>(v, i8x16.splat(92)));
  const bits = v128.bitmask<i8>(special) & ((1 << min<u32>(length, 16)) - 1);
  if (bits != 0 || length > 16) return followParts(node, from, to);
  const next = step(node, from, length);
  if (next != 0) visit(next);
  return next;
}

function followParts(node: u32, from: usize, to: usize): u32 {
  let start = from;
  for (let p = from; p < to; p++) {
    const c = load<u8>(p) as u32;
    if (c == 92) {
      said |= ODD;
      return 0;
    }
    if (c == 46 && node != 0) {
      node = step(node, start, (p - start) as u32);
      start = p + 1;
      // What follows stands in an object.
      if (node != 0 && (load<u32>(NODES + (node << 3)) & OBJECT_IS_ODD) != 0) said |= ODD;
    }
  }
  const next = node == 0 ? 0 : step(node, start, (to - start) as u32);
  if (next != 0) visit(next);
  return next;
}

function visit(node: u32): void {
  const at = NODES + (node << 3);
  if (load<u32>(at, 4) == serial) said |= TWICE;
  store<u32>(at, serial, 4);
}

/** Gives a value to its field. */
function give(wants: u32, from: usize, to: usize, kind: u32): void {
  if (output + VALUE_BYTES > OUTPUT_END) {
    said |= ODD;
    return;
  }
  store<u32>(output, (wants & FIELD) | (kind << 16));
  store<u32>(output, from as u32, 4);
  store<u32>(output, to as u32, 8);
  output += VALUE_BYTES;
}

/** Gives a string to its field, and says whether it is all ASCII. */
function giveText(node: u32, from: usize, to: usize): void {
  const wants = load<u32>(NODES + (node << 3));
  if ((wants & TEXT_IS_ODD) != 0) said |= ODD;
  if ((wants & FIELD) == 0 || isKnown(wants & FIELD, from, to)) return;
  let high: i32 = 0;
  for (let p = from; p < to; p += 16) {
    const inside = to - p < 16 ? (1 << ((to - p) as u32)) - 1 : 0xffff;
    high |= v128.bitmask<i8>(v128.load(p)) & inside;
  }
  give(wants, from, to, high == 0 ? 0 : NOT_ASCII);
}

/** What may come next. */
const KEY_OR_END: u32 = 0;
const KEY: u32 = 1;
const VALUE: u32 = 2;
const VALUE_OR_END: u32 = 3;
const COMMA_OR_END: u32 = 4;

/** `":"` and `","`, as the lowest 24 bits of a number. */
const COLON: u32 = 0x223a22;
const COMMA: u32 = 0x222c22;

/** Reads one line; gives where its newline stands, or 0 where the line is not surely an object of JSON. */
function readLine(from: usize): usize {
  let m = mark;
  let p = space(from);
  if (load<u8>(p) != 123) return 0;
  p++;
  let depth: u32 = 0;
  /** The node of the object or list at hand, and that of the value to come. */
  let node: u32 = 1;
  let next: u32 = 0;
  let isList = false;
  let state = KEY_OR_END;
  while (true) {
    p = space(p);
    const c = load<u8>(p) as u32;
    if (state <= KEY) {
      if (c == 34) {
        // One after another, as long as keys and texts follow each other without space.
        while (true) {
          const key = p + 1;
          while (load<u32>(m) < (key as u32)) m += 4;
          const keyEnd = load<u32>(m) as usize;
          m += 4;
          if (load<u8>(keyEnd) != 34) return 0;
          next = node == 0 ? 0 : follow(node, key, keyEnd);
          if ((load<u32>(keyEnd) & 0xffffff) != COLON) {
            p = space(keyEnd + 1);
            if (load<u8>(p) != 58) return 0;
            p++;
            state = VALUE;
            break;
          }
          m += 4;
          const end = load<u32>(m) as usize;
          m += 4;
          if (load<u8>(end) != 34) return 0;
          if (next != 0) giveText(next, keyEnd + 3, end);
          if ((load<u32>(end) & 0xffffff) != COMMA) {
            p = end + 1;
            state = COMMA_OR_END;
            break;
          }
          p = end + 2;
        }
        continue;
      }
      if (c != 125 || state == KEY) return 0;
    } else if (state == COMMA_OR_END) {
      if (c == 44) {
        p++;
        next = node;
        state = isList ? VALUE : KEY;
        continue;
      }
      if (c != ((isList ? 93 : 125) as u32)) return 0;
    } else if (c != 93 || state == VALUE) {
      if (c == 34) {
        while (load<u32>(m) <= (p as u32)) m += 4;
        const end = load<u32>(m) as usize;
        m += 4;
        if (load<u8>(end) != 34) return 0;
        if (next != 0) giveText(next, p + 1, end);
        p = end + 1;
        state = COMMA_OR_END;
        continue;
      }
      const wants = next == 0 ? 0 : load<u32>(NODES + (next << 3));
      if (c == 123 || c == 91) {
        if (depth == MAX_DEPTH) return 0;
        store<u32>(STACK + (depth << 2), (node << 1) | (isList ? 1 : 0));
        depth++;
        node = next;
        isList = c == 91;
        if ((wants & (isList ? LIST_IS_ODD : OBJECT_IS_ODD)) != 0) said |= ODD;
        state = isList ? VALUE_OR_END : KEY_OR_END;
        p++;
        continue;
      }
      const value = p;
      if (c == 110 && load<u32>(p) == 0x6c6c756e) {
        p += 4; // null, which is no value
      } else {
        if (c == 116 && load<u32>(p) == 0x65757274) p += 4;
        else if (c == 102 && load<u32>(p, 1) == 0x65736c61) p += 5;
        else {
          p = numberEnd(p);
          if (p == 0) return 0;
        }
        if ((wants & FIELD) != 0 && !isKnown((wants & FIELD) | (BARE << 16), value, p)) {
          give(wants, value, p, BARE);
        }
      }
      state = COMMA_OR_END;
      continue;
    }
    // The end of an object or a list.
    p++;
    if (depth == 0) {
      p = space(p);
      mark = m;
      return load<u8>(p) == 10 ? p : 0;
    }
    depth--;
    const outer = load<u32>(STACK + (depth << 2));
    node = outer >> 1;
    isList = (outer & 1) != 0;
    state = COMMA_OR_END;
  }
  return 0;
}
