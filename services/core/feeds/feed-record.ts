/** What the state keeps of a feed: its source, and what became of taking it. */
import type { FeedSource } from "./feed-source.ts";

/** A feed as it is declared. */
export interface FeedRecord {
  /** The last one that was good; undefined where none ever was. */
  readonly source: FeedSource | undefined;
  /** A feed of a file changes with its file alone. */
  readonly origin: "file" | "api";
  /** Why the file, as it is now, can't be used. */
  readonly problem: string | undefined;
  /** Id of the API key, `local`, or `file`. */
  readonly by: string;
  readonly at: number;
}

/** Where reading goes on: JSON, whose meaning the reader of its kind knows. */
export type FeedCursor = Readonly<Record<string, unknown>>;

/** What one taking brought. */
export interface PullCounts {
  readonly documents: number;
  /** What could not be had, or not be used as a whole; of the latter each has an import that says why. */
  readonly unusable: number;
  /** Why the last of what could not be had was not. */
  readonly problem?: string;
  readonly bytes: number;
  /** Entries of the imports, by what became of them. */
  readonly entries: Readonly<Record<string, number>>;
}

export const NO_COUNTS: PullCounts = { documents: 0, unusable: 0, bytes: 0, entries: {} };

/** What became of taking a feed. Times are milliseconds since 1970. */
export interface FeedState {
  readonly cursor: FeedCursor | undefined;
  /** Of the source that the cursor is of. */
  readonly sourceKey: string;
  /** Set while it is taken, and after a crash until it is taken again. */
  readonly running: { readonly since: number; readonly counts: PullCounts } | undefined;
  /** When the last taking ended, well or not, and what it brought. */
  readonly endedAt: number | undefined;
  readonly counts: PullCounts;
  readonly succeededAt: number | undefined;
  /** Why the last one failed. */
  readonly error:
    { readonly code: string; readonly message: string; readonly at: number } | undefined;
  /** In a row. */
  readonly failures: number;
  /** When it is taken next. */
  readonly nextAt: number;
}
