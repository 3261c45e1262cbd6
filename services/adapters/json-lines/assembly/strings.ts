/** Where strings begin and end, found 64 bytes at a time (AssemblyScript, as scan-lines.ts). */

/** Where the marks stand: 4 bytes each, ended by 0xffffffff. */
export const MARKS: usize = 0x1a0000;

/** Bits of the 64 bytes at `p` that are a character. */
function equal(p: usize, c: v128): u64 {
  return (
    (equal16(p, c) as u64) |
    ((equal16(p + 16, c) as u64) << 16) |
    ((equal16(p + 32, c) as u64) << 32) |
    ((equal16(p + 48, c) as u64) << 48)
  );
}

function equal16(p: usize, c: v128): u32 {
  return v128.bitmask<i8>(v128.eq<i8>(v128.load(p), c)) as u32;
}

/** Bits of the 64 bytes at `p` that are control characters. */
function controls(p: usize): u64 {
  const c = i8x16.splat(32);
  return (
    (below16(p, c) as u64) |
    ((below16(p + 16, c) as u64) << 16) |
    ((below16(p + 32, c) as u64) << 32) |
    ((below16(p + 48, c) as u64) << 48)
  );
}

function below16(p: usize, c: v128): u32 {
  return v128.bitmask<i8>(v128.lt<u8>(v128.load(p), c)) as u32;
}

/**
 * Marks each quotation mark that is not escaped, each control character, and what follows a backslash and may not: so a
 * string is good if the mark after its first is a quotation mark.
 */
export function markStrings(from: usize, to: usize): void {
  const quote = i8x16.splat(34);
  const backslash = i8x16.splat(92);
  let out = MARKS;
  let carry: u64 = 0;
  for (let p = from; p < to; p += 64) {
    let bits = equal(p, quote);
    let slashes = equal(p, backslash);
    if ((slashes | carry) != 0) {
      // Of a run of backslashes every other one escapes what follows it; adding finds the ends of runs.
      slashes &= ~carry;
      const follows = (slashes << 1) | carry;
      const starts = slashes & 0xaaaaaaaaaaaaaaaa & ~follows;
      const ends = starts + slashes;
      carry = ends < slashes ? 1 : 0;
      const escaped = (0x5555555555555555 ^ (ends << 1)) & follows;
      bits = (bits & ~escaped) | wrongEscapes(p, escaped);
    }
    bits |= controls(p);
    const next = out + ((popcnt(bits) as u32) << 2);
    while (bits != 0) {
      // Four at a time: what is written beyond the last is written over.
      store<u32>(out, p + (ctz(bits) as u32));
      bits &= bits - 1;
      store<u32>(out, p + (ctz(bits) as u32), 4);
      bits &= bits - 1;
      store<u32>(out, p + (ctz(bits) as u32), 8);
      bits &= bits - 1;
      store<u32>(out, p + (ctz(bits) as u32), 12);
      bits &= bits - 1;
      out += 16;
    }
    out = next;
  }
  store<u32>(out, 0xffffffff);
}

/** Of the escaped characters of the 64 bytes at `p`, those that may not be escaped. */
function wrongEscapes(p: usize, escaped: u64): u64 {
  let wrong: u64 = 0;
  while (escaped != 0) {
    const bit = ctz(escaped);
    const q = p + (bit as u32);
    const c = load<u8>(q) as u32;
    const isGood =
      c == 92 || c == 34 || c == 110 || c == 47 || c == 116 || c == 114 || c == 98 || c == 102;
    if (!isGood && !(c == 117 && areHex(q + 1))) wrong |= (1 as u64) << bit;
    escaped &= escaped - 1;
  }
  return wrong;
}

function areHex(p: usize): bool {
  return isHex(load<u8>(p)) && isHex(load<u8>(p, 1)) && isHex(load<u8>(p, 2)) && isHex(load<u8>(p, 3)); // prettier-ignore
}

function isHex(c: u32): bool {
  return c - 48 < 10 || (c | 32) - 97 < 6;
}
