/** What is damaged in a log, in words. */
export class DamagedError extends Error {}

/** Reads little-endian values of a chunk, up to an end. Positions count from the chunk's start, as its offsets do. */
export class ByteReader {
  readonly chunk: Buffer;
  readonly end: number;
  at: number;

  constructor(chunk: Buffer, at: number, end: number) {
    if (at < 0 || at > end || end > chunk.length) {
      throw new DamagedError(`it leads out of its chunk, to ${at}`);
    }
    this.chunk = chunk;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  peek(): number {
    return this.chunk.readUInt8(this.#need(1));
  }

  u8(): number {
    const at = this.skip(1);
    return this.chunk.readUInt8(at);
  }

  u16(): number {
    const at = this.skip(2);
    return this.chunk.readUInt16LE(at);
  }

  u32(): number {
    const at = this.skip(4);
    return this.chunk.readUInt32LE(at);
  }

  u64(): bigint {
    const at = this.skip(8);
    return this.chunk.readBigUInt64LE(at);
  }

  utf16(characters: number): string {
    const at = this.skip(characters * 2);
    return this.chunk.toString("utf16le", at, this.at);
  }

  /** Passes bytes over; returns where they began. */
  skip(bytes: number): number {
    const at = this.#need(bytes);
    this.at += bytes;
    return at;
  }

  #need(bytes: number): number {
    if (bytes > this.end - this.at) {
      throw new DamagedError("it ends too early");
    }
    return this.at;
  }
}
