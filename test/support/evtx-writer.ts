/** Writes small Windows event logs, for what no real one holds. */

/** A value of a record: the number of its type, and its bytes. */
export interface EvtxValue {
  readonly type: number;
  readonly bytes: Buffer;
}

const CHUNK_BYTES = 65_536;
const FIRST_RECORD = 512;

const u8 = (value: number): Buffer => Buffer.from([value]);
export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
export const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");

/** Something that must know where in the chunk it will stand. */
export type Placed = (at: number) => Buffer;

/** Puts things one after another. */
export function inRow(...things: readonly (Buffer | Placed)[]): Placed {
  return (at) => {
    const parts: Buffer[] = [];
    let position = at;
    for (const thing of things) {
      const part = typeof thing === "function" ? thing(position) : thing;
      parts.push(part);
      position += part.length;
    }
    return Buffer.concat(parts);
  };
}

/** A name that stands where it is used. */
export const name = (text: string): Placed => {
  const body = Buffer.concat([u32(0), u16(0), u16(text.length), utf16(text), u16(0)]);
  return (at) => Buffer.concat([u32(at + 4), body]);
};

export const HEADER = Buffer.from([0x0f, 1, 1, 0]);
export const slot = (index: number): Buffer => Buffer.concat([u8(0x0e), u16(index), u8(0x01)]);
export const text = (value: string): Buffer =>
  Buffer.concat([u8(0x05), u8(0x01), u16(value.length), utf16(value)]);

/** An element with at most one attribute, of a text. */
export function element(
  tag: string,
  attribute: readonly [name: string, value: string] | undefined,
  ...content: readonly (Buffer | Placed)[]
): Placed {
  const attributes =
    attribute === undefined ? [] : [u32(0), u8(0x06), name(attribute[0]), text(attribute[1])];
  return inRow(
    u8(attribute === undefined ? 0x01 : 0x41), u16(0xffff), u32(0), name(tag), ...attributes,
    u8(0x02), ...content, u8(0x04),
  ); // prettier-ignore
}

/** An instance of a template that stands where it is used; `at` elsewhere leads to one that stands there. */
export function instance(
  template: Placed | { readonly at: number },
  values: readonly EvtxValue[],
): Placed {
  const kinds = values.map(({ type, bytes }) => Buffer.concat([u16(bytes.length), u8(type), u8(0)])); // prettier-ignore
  const rest = Buffer.concat([u32(values.length), ...kinds, ...values.map(({ bytes }) => bytes)]);
  return (at) => {
    const start = at + 10;
    const head = Buffer.concat([u8(0x0c), u8(1), u32(7)]);
    if (typeof template !== "function") {
      return Buffer.concat([head, u32(template.at), rest]);
    }
    const body = inRow(HEADER, template, u8(0))(start + 24);
    return Buffer.concat([
      head,
      u32(start),
      u32(0),
      Buffer.alloc(16),
      u32(body.length),
      body,
      rest,
    ]);
  };
}

/** Where the body of a log's first record begins in its chunk. */
export const FIRST_BODY = FIRST_RECORD + 24;

/** A log of one chunk. */
export function evtxLog(...records: readonly Placed[]): Buffer {
  const header = Buffer.alloc(4096);
  header.write("ElfFile\0", 0, "latin1");
  header.writeUInt16LE(4096, 40);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  chunk.write("ElfChnk\0", 0, "latin1");
  let at = FIRST_RECORD;
  for (const [number, record] of records.entries()) {
    const body = inRow(HEADER, record, u8(0))(at + 24);
    const size = u32(24 + body.length + 4);
    const whole = Buffer.concat([Buffer.from([0x2a, 0x2a, 0, 0]), size, u64(BigInt(number)), u64(0n), body, size]); // prettier-ignore
    whole.copy(chunk, at);
    at += whole.length;
  }
  chunk.writeUInt32LE(at, 48);
  return Buffer.concat([header, chunk]);
}
