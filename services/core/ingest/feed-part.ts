import type { EntryReport, FeedContent, FeedIndicator } from "./feed-content.ts";

/** A part of a feed's entries that is stored, or sent to a worker, in one go. */
export interface FeedPart {
  readonly indicators: readonly FeedIndicator[];
  readonly entries: readonly EntryReport[];
}

/** Bounds of a part, and of the characters of its JSON. */
const MAX_ENTRIES = 1000;
const MAX_CHARACTERS = 500_000;

/** Cuts a feed into parts, in file order, each entry with its indicator. An entry beyond the limit has its own part. */
export function* partsOf(content: FeedContent): Generator<FeedPart, void> {
  const byId = new Map(content.indicators.map((one) => [one.id, one] as const));
  let indicators: FeedIndicator[] = [];
  let entries: EntryReport[] = [];
  let characters = 0;
  for (const entry of content.entries) {
    const isUsed = entry.status === "accepted" || entry.status === "partly";
    const indicator = isUsed && entry.id !== undefined ? byId.get(entry.id) : undefined;
    const length = JSON.stringify([entry, indicator]).length;
    if (
      entries.length > 0 &&
      (entries.length >= MAX_ENTRIES || characters + length > MAX_CHARACTERS)
    ) {
      yield { indicators, entries };
      [indicators, entries, characters] = [[], [], 0];
    }
    entries.push(entry);
    characters += length;
    if (indicator !== undefined) {
      indicators.push(indicator);
    }
  }
  if (entries.length > 0) {
    yield { indicators, entries };
  }
}
