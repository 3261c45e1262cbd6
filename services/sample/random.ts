/** A small deterministic generator (sfc32): the same seed gives the same sample on every machine. */
export interface Random {
  /** Returns a number in [0, 1). */
  next(): number;
  /** Returns a whole number in [from, to], both included. */
  between(from: number, to: number): number;
  /** Returns one of the values, each as likely as the others. */
  pick<T>(values: readonly T[]): T;
  /** Returns one of the values, the n-th with a weight of 1/n (Zipf). */
  skewed<T>(values: readonly T[]): T;
  /** Returns so many lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** Spreads a text over four 32-bit words, for seeding only (no cryptographic hash). */
function seedWords(text: string): [number, number, number, number] {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let d = 0xdeadbeef;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x85ebca6b);
    b = Math.imul(b ^ a ^ (code << 7), 0xc2b2ae35);
    c = Math.imul(c ^ (b >>> 11), 0x27d4eb2f);
    d = Math.imul(d ^ c ^ code, 0x165667b1);
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}

const sumsByLength = new Map<number, readonly number[]>();

/** 1, 1 + 1/2, 1 + 1/2 + 1/3, …: only operations that every engine rounds alike (`Math.pow` is none of them). */
function harmonicSums(length: number): readonly number[] {
  let sums = sumsByLength.get(length);
  if (sums === undefined) {
    let sum = 0;
    sums = Array.from({ length }, (_, index) => (sum += 1 / (index + 1)));
    sumsByLength.set(length, sums);
  }
  return sums;
}

/** Creates a generator whose whole sequence follows from the seed text. */
export function createRandom(seed: string): Random {
  let [a, b, c, d] = seedWords(seed);
  const word = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const next = (): number => word() / 4_294_967_296;
  const at = <T>(values: readonly T[], index: number): T => {
    const value = values[Math.min(index, values.length - 1)];
    if (value === undefined) throw new RangeError("cannot pick from an empty list");
    return value;
  };
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (values) => at(values, Math.floor(next() * values.length)),
    skewed: (values) => {
      const sums = harmonicSums(values.length);
      const aim = next() * (sums.at(-1) ?? 0);
      return at(
        values,
        sums.findIndex((sum) => aim < sum),
      );
    },
    hex: (digits) => {
      let text = "";
      while (text.length < digits) text += word().toString(16).padStart(8, "0");
      return text.slice(0, digits);
    },
  };
}

/** Derives an invented but stable hexadecimal value from a text. */
export function stableHex(text: string, digits: number): string {
  return createRandom(text).hex(digits);
}

/** Derives a stable UUID (version 4 layout, RFC 9562) from a name. */
export function stableUuid(name: string): string {
  const h = stableHex(`uuid:${name}`, 32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
}
