import type { Query } from "../search-shard.ts";
import type { Document } from "./document.ts";
import type { SafeLog } from "./safe-log.ts";
import type { StateIndex } from "./state-index.ts";

export interface Numbered {
  readonly document: Document;
  readonly number: number;
}

/**
 * The number of a document whose index numbers by arrival: the sequence number of the write that created it, plus one.
 * Every later write copies it into the document. So the order is total and never changes, no counter is shared, and
 * a number below the safe bound that is not shown yet can't turn up later.
 */
export function numberOf({ seqNo, source }: Document): number {
  const kept = source["number"];
  return typeof kept === "number" ? kept : seqNo + 1;
}

/** Lists documents after a number, in order of numbers. */
export async function listNumbered(
  index: StateIndex,
  log: SafeLog,
  filter: readonly Query[],
  after: number,
  limit: number,
): Promise<readonly Numbered[]> {
  const { through } = await log.look();
  await index.refresh();
  const found = new Map<string, Numbered>();
  const take = (documents: readonly Document[]): void => {
    for (const document of documents) {
      found.set(document.id, { document, number: numberOf(document) });
    }
  };
  // Those never written again first: one that is written meanwhile is then found by its number.
  const isKept = { exists: { field: "number" } };
  const fresh = [{ range: { _seq_no: { gte: after, lt: through } } }, ...filter];
  take(
    (
      await index.search({
        size: limit,
        sort: [{ _seq_no: "asc" }],
        query: { bool: { filter: fresh, must_not: [isKept] } },
      })
    ).documents,
  );
  const kept = [{ range: { number: { gt: after, lte: through } } }, ...filter];
  take(
    (
      await index.search({
        size: limit,
        sort: [{ number: "asc" }],
        query: { bool: { filter: kept } },
      })
    ).documents,
  );
  return [...found.values()].toSorted((a, b) => a.number - b.number).slice(0, limit);
}
