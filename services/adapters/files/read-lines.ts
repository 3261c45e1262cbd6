import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf, ServiceError } from "../../core/errors.ts";
import type { SourceLine } from "../../core/ingest/ingest-events.ts";
import { splitLines } from "./split-lines.ts";

/** A line longer than this ends the file's reading: no event is that long, and memory is bounded. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Reads a text file, gzip or not by its first bytes' word (`.gz`), in chunks of whole lines. */
export async function* readLines(file: string): AsyncGenerator<readonly SourceLine[], void> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 });
  const isGzip = file.toLowerCase().endsWith(".gz");
  const bytes: Readable = isGzip ? raw.pipe(createGunzip()) : raw;
  raw.on("error", (error) => bytes.destroy(error));
  let line = 0;
  const exceeded = (): never => {
    throw new ServiceError("events/line-too-long", `${file}:${line + 1}: line over 64 MiB`, {
      facts: { file, line: line + 1 },
    });
  };
  try {
    for await (const texts of splitLines(bytes as AsyncIterable<Buffer>, {
      bytes: MAX_LINE_BYTES,
      exceeded,
    })) {
      yield texts.map((text) => ({ line: ++line, text }));
    }
  } catch (error) {
    if (error instanceof ServiceError) {
      throw error;
    }
    throw new ServiceError("events/unreadable", `${file}: ${messageOf(error)}`, {
      cause: error,
      facts: { file, line },
    });
  } finally {
    bytes.destroy();
    raw.destroy();
  }
}
