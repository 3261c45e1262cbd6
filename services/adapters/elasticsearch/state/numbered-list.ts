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

/** Documents of one page, of each of the two kinds. */
const PAGE = 1000;

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
  const listed: Numbered[] = [];
  for (let from = after; ; from = listed.at(-1)?.number ?? from) {
    const size = Math.min(PAGE, limit - listed.length);
    const page = size > 0 ? await listPage(index, through, filter, from, size) : [];
    listed.push(...page);
    if (page.length < size || size <= 0) {
      return listed;
    }
  }
}

async function listPage(
  index: StateIndex,
  through: number,
  filter: readonly Query[],
  after: number,
  size: number,
): Promise<readonly Numbered[]> {
  // Those never written again first: one that is written meanwhile is then found by its number.
  const fresh = await index.search({
    size,
    sort: [{ _seq_no: "asc" }],
    query: {
      bool: {
        filter: [{ range: { _seq_no: { gte: after, lt: through } } }, ...filter],
        must_not: [{ exists: { field: "number" } }],
      },
    },
  });
  const kept = await index.search({
    size,
    sort: [{ number: "asc" }],
    query: { bool: { filter: [{ range: { number: { gt: after, lte: through } } }, ...filter] } },
  });
  const found = new Map<string, Numbered>();
  for (const document of [...fresh.documents, ...kept.documents]) {
    found.set(document.id, { document, number: numberOf(document) });
  }
  return [...found.values()].toSorted((a, b) => a.number - b.number).slice(0, size);
}
