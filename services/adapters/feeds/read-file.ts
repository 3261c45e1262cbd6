/** Reads a feed that is one file behind an address; packed ones are unpacked. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, type ZlibOptions } from "node:zlib";
import { z } from "zod";
import { messageOf, ServiceError } from "../../core/errors.ts";
import type { FeedStep } from "../../core/feeds/feed-reader.ts";
import type { FeedCursor } from "../../core/feeds/feed-record.ts";
import type { FeedSource } from "../../core/feeds/feed-source.ts";
import type { FeedClient } from "./feed-client.ts";
import { unzip } from "./unzip.ts";

const inflate = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip);

const cursorSchema = z.object({
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  digest: z.string().optional(),
});

/** Yields the file, or the files of a zip, where it has changed since it was last read. */
export async function* readFile(
  client: FeedClient,
  { url, maxBytes }: FeedSource,
  cursor: FeedCursor | undefined,
): AsyncGenerator<FeedStep, void> {
  const read = cursorSchema.safeParse(cursor ?? {});
  const before = read.success ? read.data : {};
  const answer = await client.get(
    url,
    {
      ...(before.etag !== undefined && { "if-none-match": before.etag }),
      ...(before.lastModified !== undefined && { "if-modified-since": before.lastModified }),
    },
    [304],
  );
  if (answer.status === 304) {
    answer.discard();
    return;
  }
  const bytes = await answer.bytes();
  const digest = createHash("sha256").update(bytes).digest("base64");
  const { etag, "last-modified": lastModified } = answer.headers;
  const after: FeedCursor = { digest, ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) }; // prettier-ignore
  if (digest === before.digest) {
    yield { cursor: after };
    return;
  }
  const files = await unpacked(bytes, nameOf(url), maxBytes);
  for (const [i, document] of files.entries()) {
    // Up to the last, the file counts as not read.
    yield { document, cursor: i === files.length - 1 ? after : (cursor ?? {}) };
  }
}

type Document = NonNullable<FeedStep["document"]>;

async function unpacked(
  bytes: Uint8Array,
  name: string,
  maxBytes: number,
): Promise<readonly Document[]> {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      return [{ name, bytes: await inflate(bytes, { maxOutputLength: maxBytes }) }];
    }
    if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) {
      return await unzip(Buffer.from(bytes), name, maxBytes);
    }
  } catch (error) {
    throw new ServiceError("feed/not-unpacked", `${name}: ${messageOf(error)}`, { cause: error });
  }
  return [{ name, bytes }];
}

function nameOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  return pathname.split("/").findLast((part) => part !== "") ?? hostname;
}
