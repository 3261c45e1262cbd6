/** A scan: files of events against a set of patterns, no store and no ledger, the same verdicts. */
import type { PatternSet } from "stix2-ts";
import { documentId } from "../ingest/document.ts";
import { parseLine, type SourceLine } from "../ingest/ingest-events.ts";
import { verify } from "../match/verify.ts";
import type { Hash } from "../ports.ts";
import type { MatchRecord } from "../records.ts";
import type { CollectedHits } from "./collected-hits.ts";

export interface ScanCounts {
  lines: number;
  broken: number;
  matches: number;
}

/**
 * Yields each match of a file's lines, in order; `problem` hears of each line that is no JSON. What satisfies a part of a
 * pattern over several events goes to `hits`.
 */
export async function* scanLines(
  set: PatternSet,
  file: string,
  lines: AsyncIterable<readonly SourceLine[]>,
  counts: ScanCounts,
  hits: CollectedHits,
  hash: Hash,
  problem: (message: string) => void,
): AsyncGenerator<{ readonly match: MatchRecord; readonly document: unknown }, void> {
  for await (const chunk of lines) {
    for (const one of chunk) {
      const { line } = one;
      const parsed = parseLine(one);
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
  }
}
