import type { SourceLine } from "../core/ingest/ingest-events.ts";
import { sampleEvents } from "../sample/index.ts";

/** Names the sample stream; the generator is deterministic, so the name is its identity. */
export const SAMPLE_SOURCE = "sample-1";

/** The sample events as lines of a log. */
export function* sampleLines(): Generator<readonly SourceLine[], void> {
  let chunk: SourceLine[] = [];
  let line = 0;
  for (const document of sampleEvents()) {
    line += 1;
    chunk.push({ line, text: JSON.stringify(document) });
    if (chunk.length === 1000) {
      yield chunk;
      chunk = [];
    }
  }
  yield chunk;
}
