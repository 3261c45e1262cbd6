import type { SourceLine } from "../../core/ingest/ingest-events.ts";
import { readBlocks } from "./read-blocks.ts";

/** Reads a text file, gzip or not by its name (`.gz`), in chunks of whole lines. */
export async function* readLines(file: string): AsyncGenerator<readonly SourceLine[], void> {
  let line = 0;
  for await (const { bytes, problem } of readBlocks(file)) {
    if (problem !== undefined) {
      yield [{ line: ++line, text: "", problem }];
      continue;
    }
    const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length - 1)
      .toString("utf8")
      .split("\n");
    yield texts.map((text) => ({ line: ++line, text }));
  }
}
