/** A 64-bit hash as two unsigned 32-bit words; written over by the next call, so that no object is made a value. */
export const hashed: { lo: number; hi: number } = { lo: 0, hi: 0 };

/** Kinds of keys that must not meet each other in one index. */
export const KEY = { equals: 1, suffix: 2, range: 3, literal: 4 } as const;

/** Starts a hash of one kind of key. */
export function begin(kind: number): void {
  hashed.lo = (0x9e3779b9 ^ Math.imul(kind, 0x85ebca6b)) >>> 0;
  hashed.hi = (0x243f6a88 ^ Math.imul(kind, 0xc2b2ae35)) >>> 0;
}

/** Takes in one unsigned number of up to 32 bits. */
export function mix(word: number): void {
  hashed.lo = Math.imul(hashed.lo ^ word, 0x01000193) ^ (hashed.lo >>> 15);
  hashed.hi = Math.imul(hashed.hi ^ word, 0x5bd1e995) ^ (hashed.hi >>> 13);
}

/** Ends the hash: each bit of the words then depends on all that was taken in. */
export function finish(): void {
  hashed.lo = avalanche(hashed.lo);
  hashed.hi = avalanche(hashed.hi ^ hashed.lo);
}

/** Hashes a text from its end to its start, so that suffixes are met on the way. */
export function hashBackwards(kind: number, text: string): void {
  begin(kind);
  for (let i = text.length - 1; i >= 0; i--) {
    mix(text.charCodeAt(i));
  }
  finish();
}

/** Mixes the bits of a word (the finaliser of MurmurHash3, in the public domain). */
function avalanche(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
