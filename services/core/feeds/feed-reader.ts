// The port by which feeds are read; `ports.ts` has the others.
import type { FeedCursor } from "./feed-record.ts";
import type { FeedSource } from "./feed-source.ts";

/** A step of reading a feed. */
export interface FeedStep {
  /** A feed file; absent where nothing new came. */
  readonly document?: { readonly name: string; readonly bytes: Uint8Array };
  /** Why something that was named could not be had; the rest is read. */
  readonly problem?: string;
  /** Where to go on once the document is stored. */
  readonly cursor: FeedCursor;
}

export interface FeedReader {
  /**
   * Yields what is new since the cursor, in order. Throws ServiceError, `retryable` where it may pass; `facts.retryAfterMs` where
   * the other side says how long to wait.
   */
  read(
    source: FeedSource,
    cursor: FeedCursor | undefined,
    signal: AbortSignal,
  ): AsyncIterable<FeedStep>;
}
