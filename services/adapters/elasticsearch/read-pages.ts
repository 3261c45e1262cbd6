import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { StoredEvent } from "../../core/ports.ts";
import type { Query } from "./search-shard.ts";

const page = z.object({
  hits: z.object({
    hits: z.array(z.object({ _id: z.string(), _source: z.unknown(), sort: z.tuple([z.number()]) })),
  }),
});

/** A page begins with this many documents and doubles while they are small. */
const FIRST_PAGE = 1000;
/** Text of a page, roughly. */
const PAGE_BYTES = 16_000_000;
/** Documents of a page that are measured. */
const SAMPLES = 16;

/**
 * Reads documents at positions in (from, to] in order. A position is the document's sequence number plus one.
 * Several documents may share a number: a page ends before the number of its last document, which the next repeats.
 */
export async function* readPages(
  search: (body: Query) => Promise<unknown>,
  from: number,
  to: number,
  { window, filter = [] }: { readonly window: number; readonly filter?: readonly Query[] },
): AsyncGenerator<readonly StoredEvent[], void> {
  let after = from;
  let size = Math.min(window, FIRST_PAGE);
  while (after < to) {
    const range: Query = { range: { _seq_no: { gte: after, lte: to - 1 } } };
    const answer = await search({
      size,
      sort: [{ _seq_no: "asc" }],
      track_total_hits: false,
      query: { bool: { filter: [range, ...filter] } },
    });
    const events = page.parse(answer).hits.hits.map((hit) => {
      if (hit._source === undefined) {
        throw new ServiceError("store/no-source", `document ${hit._id} has no _source`);
      }
      return { position: hit.sort[0] + 1, locator: hit._id, document: hit._source };
    });
    if (events.length < size) {
      yield events;
      return;
    }
    const last = events.at(-1)?.position ?? to;
    const ready = events.filter(({ position }) => position < last);
    if (ready.length > 0) {
      yield ready;
      after = last - 1;
      size = nextSize(size, window, events);
    } else if (size < window) {
      size = Math.min(window, size * 2);
    } else {
      throw new ServiceError("store/rejected", `more than ${window} documents at ${last}`);
    }
  }
}

function nextSize(size: number, window: number, events: readonly StoredEvent[]): number {
  const step = Math.ceil(events.length / SAMPLES);
  const samples = events.filter((_, at) => at % step === 0);
  const bytes = samples.reduce((sum, { document }) => sum + JSON.stringify(document).length, 0);
  const fitting = Math.floor((PAGE_BYTES * samples.length) / Math.max(1, bytes));
  return Math.max(2, Math.min(window, size * 2, fitting));
}
