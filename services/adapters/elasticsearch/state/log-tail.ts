import type { Document } from "./document.ts";
import type { NumberedLog } from "./numbered-log.ts";
import type { StateIndex } from "./state-index.ts";

/** What a log holds after a number: so many documents at most, in order, and the number before the log's first. */
export async function readTail(
  index: StateIndex,
  log: NumberedLog,
  after: number,
  limit: number,
): Promise<{ readonly documents: readonly Document[]; readonly base: number }> {
  const bound = await log.bound();
  const base = await log.base();
  const range = { from: Math.max(0, after - base), through: bound - base - 1 };
  const found: Document[] = [];
  for await (const page of index.pages({ match_all: {} }, range)) {
    found.push(...page);
    if (found.length >= limit) {
      break;
    }
  }
  await log.confirm(base);
  return { documents: found.slice(0, limit), base };
}
