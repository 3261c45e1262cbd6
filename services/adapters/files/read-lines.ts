import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ServiceError } from "../../core/errors.ts";
import type { SourceLine } from "../../core/ingest/ingest-events.ts";

/** A line longer than this ends the file's reading: no event is that long, and memory is bounded. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Reads a text file, gzip or not by its first bytes' word (`.gz`), in chunks of whole lines. */
export async function* readLines(file: string): AsyncGenerator<readonly SourceLine[], void> {
  const raw = createReadStream(file, { highWaterMark: 1 << 18 });
  const isGzip = file.toLowerCase().endsWith(".gz");
  const bytes: Readable = isGzip ? raw.pipe(createGunzip()) : raw;
  raw.on("error", (error) => bytes.destroy(error));
  let rest: Buffer[] = [];
  let restBytes = 0;
  let line = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(NEWLINE);
      if (end < 0) {
        rest.push(chunk);
        restBytes += chunk.length;
        if (restBytes > MAX_LINE_BYTES) {
          throw new ServiceError("events/line-too-long", `${file}:${line + 1}: line over 64 MiB`, {
            facts: { file, line: line + 1 },
          });
        }
        continue;
      }
      const whole = Buffer.concat([...rest, chunk.subarray(0, end)]);
      const texts = whole.toString("utf8").split("\n");
      yield texts.map((text) => ({ line: ++line, text }));
      rest = [chunk.subarray(end + 1)];
      restBytes = chunk.length - end - 1;
    }
    const last = Buffer.concat(rest).toString("utf8");
    if (last !== "") {
      yield [{ line: line + 1, text: last }];
    }
  } catch (error) {
    if (error instanceof ServiceError) {
      throw error;
    }
    throw new ServiceError(
      "events/unreadable",
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error, facts: { file, line } },
    );
  } finally {
    bytes.destroy();
    raw.destroy();
  }
}
