/** Pauses between tries: doubled each time, drawn evenly below the limit, so that many workers do not come back at once. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The pause before a try; the first retry is try 1. A pause that the server asked for is a lower bound. */
export function pauseBefore(
  retry: number,
  { firstMs, longestMs, random }: Backoff,
  asked = 0,
): number {
  const limit = Math.min(longestMs, firstMs * 2 ** (retry - 1));
  return Math.max(asked, Math.round(limit * (0.5 + random() / 2)));
}
