import type { EntryReport, FeedContent, FeedIndicator } from "./feed-content.ts";

/** A part of a feed's entries that is stored, or sent to a worker, in one go. */
export interface FeedPart {
  readonly indicators: readonly FeedIndicator[];
  readonly entries: readonly EntryReport[];
}

/** Bounds of a part: entries, and characters of its JSON. */
export interface PartLimits {
  readonly entries: number;
  readonly characters: number;
}

const LIMITS: PartLimits = { entries: 1000, characters: 500_000 };

/** Cuts a feed into parts, in file order, each entry with its indicator. An entry beyond the limit has its own part. */
export function* partsOf(
  content: FeedContent,
  limits: PartLimits = LIMITS,
): Generator<FeedPart, void> {
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
      (entries.length >= limits.entries || characters + length > limits.characters)
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
