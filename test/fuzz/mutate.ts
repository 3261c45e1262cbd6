/** Changes that make good input bad: of text, of bytes, of values. */
import fc from "fast-check";

const junk = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    "(",
    ")",
    "[",
    "]",
    "'",
    "\\",
    "AND",
    "NOT ",
    "t'",
    "h'",
    "-",
    "*",
    "\u2028",
    "\ud800",
  ),
);

/** Texts with a few places cut out and junk put in. */
export function mutatedText(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(texts, fc.array(fc.tuple(fc.nat(), fc.nat(8), junk), { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) =>
      changes.reduce((all, [at, cut, put]) => {
        const place = at % (all.length + 1);
        return all.slice(0, place) + put + all.slice(place + cut);
      }, text),
    );
}

/** Bytes of texts with some of them changed, doubled or left out, in pieces of any size. */
export function mutatedBytes(texts: fc.Arbitrary<string>): fc.Arbitrary<readonly Uint8Array[]> {
  const change = fc.tuple(fc.nat(), fc.constantFrom("set", "flip", "cut", "double"), fc.nat(255));
  return fc
    .tuple(texts, fc.array(change, { maxLength: 4 }), fc.integer({ min: 1, max: 5000 }))
    .map(([text, changes, size]) => {
      let bytes = Buffer.from(text);
      for (const [place, kind, value] of changes) {
        const at = place % Math.max(bytes.length, 1);
        if (kind === "set") bytes[at] = value;
        else if (kind === "flip") bytes[at] = (bytes[at] ?? 0) ^ (1 << (value & 7));
        else if (kind === "cut")
          bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + (value & 15))]); // prettier-ignore
        else bytes = Buffer.concat([bytes.subarray(0, at + value), bytes.subarray(at)]);
      }
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      return pieces;
    });
}

/** Puts anything anywhere in a value. */
export function mutateValue(
  value: unknown,
  path: readonly number[],
  replacement: unknown,
): unknown {
  if (typeof value !== "object" || value === null || path.length === 0) return replacement;
  const keys = Object.keys(value);
  const [step = 0, ...rest] = path;
  const key = keys[step % Math.max(keys.length, 1)];
  if (key === undefined) return replacement;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  const inner = mutateValue(copy[key], rest, replacement);
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

const anything = fc.oneof(
  fc.anything(),
  fc.jsonValue(),
  fc.constantFrom(undefined, null, "", [], {}, "2020-01-01T00:00:00Z", "x--1", -1, NaN, JSON.parse('{"__proto__":{"polluted":1}}')), // prettier-ignore
);

/** Where a value is changed, and into what. */
export const mutation: fc.Arbitrary<[number[], unknown]> = fc.tuple(
  fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
  anything,
);

/** Values with up to three changes. */
export function mutatedValues<T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) =>
      changes.reduce<unknown>((all, [path, put]) => mutateValue(all, path, put), value),
    );
}
