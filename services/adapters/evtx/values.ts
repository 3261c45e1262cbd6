/** Values of binary XML (MS-EVEN6 §2.2.12), as JSON has them: what has no number of its own there is text. */
import { TextDecoder } from "node:util";
import { DamagedError, type ByteReader } from "./byte-reader.ts";

export type Scalar = string | number | boolean | null;

const ARRAY = 0x80;
/** Microseconds from 1601 to 1970. */
const EPOCH_MICROS = 11_644_473_600_000_000n;
const windows1252 = new TextDecoder("windows-1252");

type Read = (reader: ByteReader, size: number) => Scalar;

interface ValueType {
  /** Bytes of one value; 0: as many as there are. */
  readonly size: number;
  readonly read: Read;
}

const text: ValueType = {
  size: 0,
  read: (reader, size) => withoutEnd(reader.utf16(Math.floor(size / 2))),
};
const pointer: ValueType = {
  size: 0,
  read: (reader, size) => hex(size === 4 ? reader.u32() : reader.u64()),
};

const TYPES: Readonly<Record<number, ValueType>> = {
  0x00: { size: 0, read: () => null },
  0x01: text,
  0x02: { size: 0, read: (reader, size) => withoutEnd(windows1252.decode(bytes(reader, size))) },
  0x03: { size: 1, read: (reader) => reader.chunk.readInt8(reader.skip(1)) },
  0x04: { size: 1, read: (reader) => reader.u8() },
  0x05: { size: 2, read: (reader) => reader.chunk.readInt16LE(reader.skip(2)) },
  0x06: { size: 2, read: (reader) => reader.u16() },
  0x07: { size: 4, read: (reader) => reader.chunk.readInt32LE(reader.skip(4)) },
  0x08: { size: 4, read: (reader) => reader.u32() },
  0x09: { size: 8, read: (reader) => whole(reader.chunk.readBigInt64LE(reader.skip(8))) },
  0x0a: { size: 8, read: (reader) => whole(reader.u64()) },
  0x0b: { size: 4, read: (reader) => finite(reader.chunk.readFloatLE(reader.skip(4))) },
  0x0c: { size: 8, read: (reader) => finite(reader.chunk.readDoubleLE(reader.skip(8))) },
  0x0d: { size: 4, read: (reader) => reader.u32() !== 0 },
  0x0e: { size: 0, read: (reader, size) => bytes(reader, size).toString("hex").toUpperCase() },
  0x0f: { size: 16, read: guid },
  0x10: pointer,
  0x11: { size: 8, read: (reader) => fileTime(reader.u64()) },
  0x12: { size: 16, read: systemTime },
  0x13: { size: 0, read: sid },
  0x14: { size: 4, read: (reader) => hex(reader.u32()) },
  0x15: { size: 8, read: (reader) => hex(reader.u64()) },
  0x20: pointer,
};

/** Reads a value of a type that is no binary XML; several where the type says so. */
export function readValue(
  reader: ByteReader,
  type: number,
  size: number,
): Scalar | readonly Scalar[] {
  if ((type & ARRAY) !== 0) {
    return readArray(reader, type & ~ARRAY, size);
  }
  const { size: one, read } = typeOf(type);
  // An empty value of a fixed size is none.
  return one > 0 && size < one ? null : read(reader, size);
}

function readArray(reader: ByteReader, type: number, size: number): readonly Scalar[] {
  const { size: one, read } = typeOf(type);
  if (type === 0x01) {
    const parts = reader.utf16(Math.floor(size / 2)).split("\0");
    return parts.at(-1) === "" ? parts.slice(0, -1) : parts;
  }
  if (one === 0) {
    throw new DamagedError(`there is no list of values of type ${type}`);
  }
  return Array.from({ length: Math.floor(size / one) }, () => read(reader, one));
}

function typeOf(type: number): ValueType {
  const known = TYPES[type];
  if (known === undefined) {
    throw new DamagedError(`there is no type of value ${type}`);
  }
  return known;
}

function bytes(reader: ByteReader, size: number): Buffer {
  const at = reader.skip(size);
  return reader.chunk.subarray(at, at + size);
}

/** A text may have its end marked, and rest of an older one behind that. */
function withoutEnd(value: string): string {
  const end = value.indexOf("\0");
  return end < 0 ? value : value.slice(0, end);
}

/** A number that JSON's readers would round is text. */
function whole(value: bigint): Scalar {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function finite(value: number): Scalar {
  return Number.isFinite(value) ? value : String(value);
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

function guid(reader: ByteReader): string {
  const part = (value: number, digits: number): string =>
    value.toString(16).padStart(digits, "0").toUpperCase();
  const first = part(reader.u32(), 8);
  const second = part(reader.u16(), 4);
  const third = part(reader.u16(), 4);
  const rest = bytes(reader, 8).toString("hex").toUpperCase();
  return `${first}-${second}-${third}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

/** Hundreds of nanoseconds since 1601; given with microseconds. */
export function fileTime(ticks: bigint): string {
  const micros = ticks / 10n - EPOCH_MICROS;
  const seconds = new Date(Number(micros / 1000n));
  if (Number.isNaN(seconds.getTime()) || micros < 0n) {
    return String(ticks);
  }
  return `${seconds.toISOString().slice(0, 19)}.${String(micros % 1_000_000n).padStart(6, "0")}Z`;
}

function systemTime(reader: ByteReader): string {
  const [year = 0, month = 0, , day = 0, hour = 0, minute = 0, second = 0, ms = 0] = Array.from(
    { length: 8 },
    () => reader.u16(),
  );
  const two = (value: number): string => String(value).padStart(2, "0");
  return (
    `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T` +
    `${two(hour)}:${two(minute)}:${two(second)}.${String(ms * 1000).padStart(6, "0")}Z`
  );
}

/** MS-DTYP §2.4.2. */
function sid(reader: ByteReader, size: number): Scalar {
  if (size === 0) {
    return null;
  }
  const revision = reader.u8();
  const count = reader.u8();
  const authority = bytes(reader, 6).readUIntBE(0, 6);
  const parts = Array.from({ length: count }, () => reader.u32());
  return ["S", revision, authority, ...parts].join("-");
}
