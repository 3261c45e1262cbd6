/** A scan: files of events against a set of patterns, no store and no ledger, the same verdicts. */
import type { PatternSet } from "stix2-ts";
import { documentId } from "../ingest/document.ts";
import { parseLine } from "../ingest/ingest-events.ts";
import { verify } from "../match/verify.ts";
import type { Hash, LineBlock } from "../ports.ts";
import type { Prefilter } from "../prefilter/prefilter.ts";
import type { MatchRecord } from "../records.ts";
import type { CollectedHits } from "./collected-hits.ts";

export interface ScanCounts {
  lines: number;
  broken: number;
  matches: number;
}

/**
 * Yields each match of a file's lines, in order; `problem` hears of each line that is no JSON. What satisfies a part of a
 * pattern over several events goes to `hits`. Lines that the prefilter does not pick are counted and not parsed.
 */
export async function* scanLines(
  set: PatternSet,
  prefilter: Prefilter,
  file: string,
  blocks: AsyncIterable<LineBlock>,
  counts: ScanCounts,
  hits: CollectedHits,
  hash: Hash,
  problem: (message: string) => void,
): AsyncGenerator<{ readonly match: MatchRecord; readonly document: unknown }, void> {
  let before = 0;
  for await (const block of blocks) {
    const { count, picked } =
      block.problem === undefined ? prefilter.pick(block.bytes) : unread(block.problem);
    counts.lines += count - picked.length;
    for (const { index, ...one } of picked) {
      const line = before + index + 1;
      const parsed = parseLine({ line, ...one });
      if (parsed === undefined) {
        continue;
      }
      counts.lines += 1;
      if ("reason" in parsed) {
        counts.broken += 1;
        problem(`${file}:${line}: ${parsed.reason}`);
        continue;
      }
      const locator = documentId(parsed.value) ?? `${file}:${line}`;
      const stored = { position: line, locator, document: parsed.value };
      const verdicts = verify(set, file, stored, hash);
      hits.add(verdicts.hits, parsed.value);
      for (const { pattern, error } of verdicts.poisoned) {
        problem(`pattern ${pattern} set aside: ${error instanceof Error ? error.message : ""}`);
      }
      for (const match of verdicts.matches) {
        counts.matches += 1;
        yield { match, document: parsed.value };
      }
    }
    before += count;
  }
}

interface Unread {
  readonly count: number;
  readonly picked: readonly { readonly index: number; readonly text: string; readonly problem?: string }[]; // prettier-ignore
}

/** A line that could not be read. */
function unread(problem: string): Unread {
  return { count: 1, picked: [{ index: 0, text: "", problem }] };
}
