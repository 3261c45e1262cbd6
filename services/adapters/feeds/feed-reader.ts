import type { FeedReader, FeedStep } from "../../core/feeds/feed-reader.ts";
import type { FeedCursor } from "../../core/feeds/feed-record.ts";
import type { FeedSource } from "../../core/feeds/feed-source.ts";
import { FeedClient, type FeedClientDeps } from "./feed-client.ts";
import { readFile } from "./read-file.ts";
import { readMispFeed } from "./read-misp-feed.ts";
import { readTaxii } from "./read-taxii.ts";

/** Reads feeds of every kind over HTTP. */
export class HttpFeedReader implements FeedReader {
  readonly #deps: FeedClientDeps;

  constructor(deps: FeedClientDeps) {
    this.#deps = deps;
  }

  async *read(
    source: FeedSource,
    cursor: FeedCursor | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<FeedStep, void> {
    const client = new FeedClient(source, signal, this.#deps);
    try {
      switch (source.kind) {
        case "taxii":
          return yield* readTaxii(client, source, cursor);
        case "file":
          return yield* readFile(client, source, cursor);
        case "misp":
          return yield* readMispFeed(client, source, cursor);
      }
    } finally {
      await client.close();
    }
  }
}
