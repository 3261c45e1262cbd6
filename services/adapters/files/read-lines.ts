import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf, ServiceError } from "../../core/errors.ts";
import type { SourceLine } from "../../core/ingest/ingest-events.ts";
import { toUtf8 } from "./decode-utf16.ts";
import { splitLines } from "./split-lines.ts";

/** A line longer than this is passed over as broken: no event is that long, and memory is bounded. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Reads a text file, gzip or not by its first bytes' word (`.gz`), in chunks of whole lines. */
export async function* readLines(file: string): AsyncGenerator<readonly SourceLine[], void> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 });
  const isGzip = file.toLowerCase().endsWith(".gz");
  const bytes: Readable = isGzip ? raw.pipe(createGunzip()) : raw;
  raw.on("error", (error) => bytes.destroy(error));
  let line = 0;
  try {
    const utf8 = toUtf8(bytes as AsyncIterable<Buffer>);
    for await (const texts of splitLines(utf8, MAX_LINE_BYTES)) {
      yield texts.map((text) => ({
        line: ++line,
        ...(text === undefined ? { text: "", problem: "line over 64 MiB" } : { text }),
      }));
    }
  } catch (error) {
    throw new ServiceError("events/unreadable", `${file}: ${messageOf(error)}`, {
      cause: error,
      facts: { file, line },
    });
  } finally {
    bytes.destroy();
    raw.destroy();
  }
}
