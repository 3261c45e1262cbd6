/** Reads a MISP feed: a manifest that names events, each in a file of its own. */
import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { FeedStep } from "../../core/feeds/feed-reader.ts";
import type { FeedCursor } from "../../core/feeds/feed-record.ts";
import type { FeedSource } from "../../core/feeds/feed-source.ts";
import type { FeedClient } from "./feed-client.ts";

/** Events of one feed. */
const MOST_EVENTS = 1_000_000;

const manifestSchema = z.record(z.string(), z.unknown());
const entrySchema = z.looseObject({
  timestamp: z.union([
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
    z.number(),
  ]),
});
const cursorSchema = z.object({
  /** Event → the timestamp that it had when it was read. That of another may be older and new here all the same. */
  events: z.record(z.string(), z.number()),
});

/** The place is written for so many events together: it names all of them. */
const EVENTS_A_PLACE = 50;

/** Yields the events that are new or changed, in the order of their timestamps; what can't be had is told, and the others read. */
export async function* readMispFeed(
  client: FeedClient,
  { url }: FeedSource,
  cursor: FeedCursor | undefined,
): AsyncGenerator<FeedStep, void> {
  const base = url.endsWith("/manifest.json") ? url.slice(0, -"manifest.json".length) : `${url.replace(/\/+$/, "")}/`; // prettier-ignore
  const parsed = cursorSchema.safeParse(cursor);
  const read = new Map(Object.entries(parsed.success ? parsed.data.events : {}));
  const placeOf = (): FeedCursor => ({ events: Object.fromEntries(read) });
  let place: FeedCursor = cursor ?? placeOf();
  const events: { readonly uuid: string; readonly timestamp: number }[] = [];
  for (const [uuid, entry] of Object.entries(await readManifest(client, `${base}manifest.json`))) {
    const one = entrySchema.safeParse(entry);
    // Names become parts of addresses.
    if (!/^[\da-f-]{36}$/i.test(uuid) || !one.success) {
      yield { problem: `the manifest has no event ${uuid.slice(0, 100)} that can be read`, cursor: place }; // prettier-ignore
    } else if (read.get(uuid) !== one.data.timestamp) {
      events.push({ uuid, timestamp: one.data.timestamp });
    }
  }
  events.sort((a, b) => a.timestamp - b.timestamp || (a.uuid < b.uuid ? -1 : 1));
  for (const [i, { uuid, timestamp }] of events.entries()) {
    const name = `${uuid}.json`;
    const found = await readEvent(client, `${base}${name}`, name);
    read.set(uuid, timestamp);
    if ((i + 1) % EVENTS_A_PLACE === 0 || i === events.length - 1) place = placeOf();
    yield { ...found, cursor: place };
  }
}

async function readEvent(
  client: FeedClient,
  url: string,
  name: string,
): Promise<Pick<FeedStep, "document" | "problem">> {
  try {
    const answer = await client.get(url, { accept: "application/json" });
    return { document: { name, bytes: await answer.bytes() } };
  } catch (error) {
    // What may pass ends the reading here; what will not is told, and the others are read.
    if (!(error instanceof ServiceError) || error.retryable) throw error;
    return { problem: `${name}: ${error.message}` };
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
