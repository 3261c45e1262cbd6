/**
 * Hashes of 32 bits, made word by word: `begin`, `mix` as often as need be, `finish`. Two keys of one hash share what is
 * filed under it, so who looks up must decide; of a million keys, one look-up in four thousand meets another's.
 */

/** Kinds of keys that must not meet each other in one index. */
export const KEY = { equals: 1, suffix: 2, range: 3, literal: 4 } as const;

/** Starts a hash of one kind of key. */
export function begin(kind: number): number {
  return 0x9e3779b9 ^ Math.imul(kind, 0x85ebca6b);
}

/** Takes in one number of up to 32 bits. */
export function mix(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
}

/** Ends a hash: each of its bits then depends on all that was taken in (the finaliser of MurmurHash3, in the public domain). */
export function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Hashes a text from its end to its start, so that suffixes are met on the way. */
export function hashBackwards(kind: number, text: string): number {
  let hash = begin(kind);
  for (let i = text.length - 1; i >= 0; i--) {
    hash = mix(hash, text.charCodeAt(i));
  }
  return finish(hash);
}
