import type { LineBlock } from "../../core/ports.ts";
import type { ReadBytes } from "../files/whole-lines.ts";
import { BinaryXml } from "./binary-xml.ts";
import { DamagedError } from "./byte-reader.ts";
import { eventJson } from "./event-json.ts";

const HEADER_BYTES = 4096;
const CHUNK_BYTES = 65_536;
const FILE_MAGIC = Buffer.from("ElfFile\0");
const CHUNK_MAGIC = Buffer.from("ElfChnk\0");
const RECORD_MAGIC = Buffer.from([0x2a, 0x2a, 0, 0]);
/** Where the records of a chunk begin. */
const FIRST_RECORD = 512;
/** Where a chunk says how far its records go. */
const FREE_AT = 48;
const RECORD_HEADER_BYTES = 24;
/** Beginning, and length once more at the end. */
const SHORTEST_RECORD = RECORD_HEADER_BYTES + 4;

/**
 * Reads a Windows event log: a line of JSON for each record, in the order of the file, a block for each chunk. What is
 * damaged is told in a block of its own, the rest is read. Throws DamagedError where it is no such log.
 */
export async function* readEvtx(read: ReadBytes): AsyncGenerator<LineBlock, void> {
  const header = await fill(read, Buffer.alloc(HEADER_BYTES));
  if (!header.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) {
    throw new DamagedError("not a Windows event log");
  }
  const room = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let number = 0; ; number++) {
    const chunk = await fill(read, room);
    if (chunk.length === 0) {
      return;
    }
    yield* readChunk(chunk, number);
  }
}

/** Reads until a buffer is full, or there is no more. */
async function fill(read: ReadBytes, into: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < into.length) {
    const bytes = await read(into.subarray(filled));
    if (bytes === 0) break;
    filled += bytes;
  }
  return into.subarray(0, filled);
}

function* readChunk(chunk: Buffer, number: number): Generator<LineBlock, void> {
  const tell = (what: string): LineBlock => ({
    bytes: new Uint8Array(),
    problem: `chunk ${number}: ${what}`,
  });
  if (chunk.every((byte) => byte === 0)) {
    return; // room that was never used
  }
  if (!chunk.subarray(0, CHUNK_MAGIC.length).equals(CHUNK_MAGIC) || chunk.length < FIRST_RECORD) {
    yield tell("damaged at its beginning; it is not read");
    return;
  }
  const free = chunk.readUInt32LE(FREE_AT);
  const isSane = free >= FIRST_RECORD && free <= CHUNK_BYTES;
  const end = isSane ? Math.min(free, chunk.length) : chunk.length;
  const xml = new BinaryXml(chunk);
  let lines: string[] = [];
  const flush = function* (): Generator<LineBlock, void> {
    if (lines.length > 0) yield { bytes: Buffer.from(lines.join("")) };
    lines = [];
  };
  for (let at = FIRST_RECORD; at + SHORTEST_RECORD <= end;) {
    const size = recordSize(chunk, at, end);
    if (size === undefined) {
      if (!isSane) break; // behind the last record may stand what is left of older ones
      const next = nextRecord(chunk, at + 1, end);
      yield* flush();
      yield tell(`damaged from byte ${at} to ${next ?? end}`);
      at = next ?? end;
      continue;
    }
    try {
      const event = eventJson(xml.read(at + RECORD_HEADER_BYTES, at + size - 4));
      lines.push(`${JSON.stringify(event)}\n`);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      yield* flush();
      yield tell(`record ${chunk.readBigUInt64LE(at + 8)} is damaged: ${error.message}`);
    }
    at += size;
  }
  yield* flush();
  if (!isSane) {
    yield tell("damaged in its header; the records from its beginning on are read");
  } else if (end < free) {
    yield tell("cut off; the records before the cut are read");
  }
}

/** The length of a record that begins here; undefined where none does. */
function recordSize(chunk: Buffer, at: number, end: number): number | undefined {
  if (!chunk.subarray(at, at + RECORD_MAGIC.length).equals(RECORD_MAGIC)) {
    return undefined;
  }
  const size = chunk.readUInt32LE(at + 4);
  const isWhole = size >= SHORTEST_RECORD && at + size <= end;
  return isWhole && chunk.readUInt32LE(at + size - 4) === size ? size : undefined;
}

function nextRecord(chunk: Buffer, from: number, end: number): number | undefined {
  for (let at = chunk.indexOf(RECORD_MAGIC, from); at >= 0 && at + SHORTEST_RECORD <= end;) {
    if (recordSize(chunk, at, end) !== undefined) return at;
    at = chunk.indexOf(RECORD_MAGIC, at + 1);
  }
  return undefined;
}
