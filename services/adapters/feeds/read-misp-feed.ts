/** Reads a MISP feed: a manifest that names events, each in a file of its own. */
import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { FeedStep } from "../../core/feeds/feed-reader.ts";
import type { FeedCursor } from "../../core/feeds/feed-record.ts";
import type { FeedSource } from "../../core/feeds/feed-source.ts";
import type { FeedClient } from "./feed-client.ts";

/** Events of one feed. */
const MOST_EVENTS = 1_000_000;

const manifestSchema = z.record(
  z.uuid(),
  z.looseObject({ timestamp: z.union([z.string(), z.number()]).transform(Number) }),
);
const cursorSchema = z.object({
  /** Of the last event that was read; earlier ones are not looked at again. */
  timestamp: z.number(),
  /** Events of that timestamp that were read. */
  read: z.array(z.string()),
});

/** Yields the events that are new or changed, in the order of their timestamps. */
export async function* readMispFeed(
  client: FeedClient,
  { url }: FeedSource,
  cursor: FeedCursor | undefined,
): AsyncGenerator<FeedStep, void> {
  const base = url.endsWith("/manifest.json") ? url.slice(0, -"manifest.json".length) : `${url.replace(/\/+$/, "")}/`; // prettier-ignore
  const parsed = cursorSchema.safeParse(cursor);
  let at = parsed.success ? parsed.data : { timestamp: -1, read: [] as string[] };
  const events = Object.entries(await readManifest(client, `${base}manifest.json`))
    .map(([uuid, { timestamp }]) => ({ uuid, timestamp }))
    .filter(
      ({ uuid, timestamp }) =>
        timestamp > at.timestamp || (timestamp === at.timestamp && !at.read.includes(uuid)),
    ) // prettier-ignore
    .toSorted((a, b) => a.timestamp - b.timestamp || (a.uuid < b.uuid ? -1 : 1));
  for (const { uuid, timestamp } of events) {
    const name = `${uuid}.json`;
    const answer = await client.get(`${base}${name}`, { accept: "application/json" }, [404, 410]);
    at = { timestamp, read: timestamp === at.timestamp ? [...at.read, uuid] : [uuid] };
    if (answer.status === 200) {
      yield { document: { name, bytes: await answer.bytes() }, cursor: at };
    } else {
      answer.discard();
      yield { problem: `the manifest names ${name}, which is not there`, cursor: at };
    }
  }
}

async function readManifest(
  client: FeedClient,
  url: string,
): Promise<z.output<typeof manifestSchema>> {
  const answer = await client.get(url, { accept: "application/json" });
  const bytes = await answer.bytes();
  try {
    const manifest = manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
    if (Object.keys(manifest).length > MOST_EVENTS) {
      throw new RangeError(`more than ${MOST_EVENTS} events`);
    }
    return manifest;
  } catch (error) {
    throw new ServiceError(
      "feed/answer-unexpected",
      `${new URL(url).pathname} is no MISP manifest`,
      {
        cause: error,
      },
    );
  }
}
