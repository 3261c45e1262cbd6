/** Reads collections of a TAXII 2.1 server (OASIS TAXII 2.1), page by page. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { FeedStep } from "../../core/feeds/feed-reader.ts";
import type { FeedCursor } from "../../core/feeds/feed-record.ts";
import type { FeedSource } from "../../core/feeds/feed-source.ts";
import type { FeedClient } from "./feed-client.ts";

const TAXII = "application/taxii+json;version=2.1";
/** Pages in a row that bring nothing although there is more to come. */
const MOST_EMPTY = 10;
const MOST_ROOTS = 20;

const discoverySchema = z.looseObject({
  default: z.string().optional(),
  api_roots: z.array(z.string()).optional(),
});
const collectionSchema = z.looseObject({
  id: z.string(),
  title: z.string().optional(),
  alias: z.string().optional(),
  can_read: z.boolean().optional(),
});
const collectionsSchema = z.looseObject({ collections: z.array(z.unknown()).optional() });
const envelopeSchema = z.looseObject({
  more: z.boolean().optional(),
  next: z.union([z.string(), z.number()]).optional(),
  objects: z.array(z.unknown()).optional(),
});
/** By the address of a collection: the date after which reading goes on. */
const cursorSchema = z.record(z.string(), z.string());

interface Collection {
  /** With a slash at the end. */
  readonly url: string;
  readonly title: string;
}

type TaxiiSource = Extract<FeedSource, { kind: "taxii" }>;

/**
 * Yields the pages of all collections that are meant, each as a bundle. The source's address may be a discovery, an API
 * root or one collection. Reading goes on by the dates that the server names (§3.4, §5.4), never by a token of an earlier
 * reading: what a token stands for may have moved on.
 */
export async function* readTaxii(
  client: FeedClient,
  source: TaxiiSource,
  cursor: FeedCursor | undefined,
): AsyncGenerator<FeedStep, void> {
  const read = cursorSchema.safeParse(cursor ?? {});
  let dates = read.success ? read.data : {};
  const collections = await findCollections(client, source);
  let failed = 0;
  for (const collection of collections) {
    const since = dates[collection.url] ?? source.addedAfter;
    try {
      for await (const { objects, after } of readPages(client, source, collection, since)) {
        dates = { ...dates, ...(after !== undefined && { [collection.url]: after }) };
        const document = objects && { name: collection.title, bytes: objects };
        yield { cursor: dates, ...(document !== undefined && { document }) };
      }
    } catch (error) {
      failed += 1;
      // What may pass ends the reading here; of what will not the other collections are read, if there is one that can be.
      if (!(error instanceof ServiceError) || error.retryable || failed === collections.length)
        throw error;
      yield { problem: `${collection.title}: ${error.message}`, cursor: dates };
    }
  }
}

async function* readPages(
  client: FeedClient,
  source: TaxiiSource,
  collection: Collection,
  since: string | undefined,
): AsyncGenerator<{ readonly objects?: Uint8Array; readonly after: string | undefined }, void> {
  let at: { readonly addedAfter?: string | undefined; readonly next?: string } = {
    addedAfter: since,
  };
  let last: string | undefined;
  let empty = 0;
  const seen = new Set<string>();
  for (;;) {
    const { envelope, addedFirst, addedLast, date } = await askPage(client, source, collection, at);
    const { objects = [], more = false, next } = envelope;
    const bundle = toBundle(objects);
    const digest = createHash("sha256").update(bundle).digest("base64");
    empty = objects.length === 0 ? empty + 1 : 0;
    if (more && ((objects.length > 0 && seen.has(digest)) || empty > MOST_EMPTY)) {
      throw loops(collection, "the same page comes again, or nothing but empty ones");
    }
    seen.add(digest);
    last = latest(last, addedLast);
    const page = objects.length === 0 ? {} : { objects: bundle };
    if (!more) {
      yield { ...page, after: closedBy(last, date) ?? since };
      return;
    }
    yield { ...page, after: justBefore(last, 1) ?? since };
    if (next !== undefined) {
      at = { ...at, next: String(next) };
    } else if (addedLast !== undefined && addedLast !== addedFirst) {
      // A server that pages by dates alone: the next page may hold more of the last instant.
      at = { addedAfter: justBefore(addedLast, 1) };
    } else {
      throw loops(collection, "it says that there is more, and not where");
    }
  }
}

interface Page {
  readonly envelope: z.output<typeof envelopeSchema>;
  readonly addedFirst: string | undefined;
  readonly addedLast: string | undefined;
  /** When it was answered, by the server's clock. */
  readonly date: string | undefined;
}

async function askPage(
  client: FeedClient,
  { pageSize }: TaxiiSource,
  collection: Collection,
  at: { readonly addedAfter?: string | undefined; readonly next?: string },
): Promise<Page> {
  const url = new URL("objects/", collection.url);
  url.searchParams.set("limit", String(pageSize));
  if (at.addedAfter !== undefined) url.searchParams.set("added_after", at.addedAfter);
  if (at.next !== undefined) url.searchParams.set("next", at.next);
  const answer = await client.get(url.href, { accept: TAXII });
  const envelope = readJson(await answer.bytes(), url.href, envelopeSchema);
  const { headers } = answer;
  // Some servers leave the last out where a page has one object.
  const addedFirst = headers["x-taxii-date-added-first"];
  const addedLast = headers["x-taxii-date-added-last"] ?? addedFirst;
  return { envelope, addedFirst, addedLast, date: headers["date"] };
}

async function findCollections(
  client: FeedClient,
  source: TaxiiSource,
): Promise<readonly Collection[]> {
  const start = withSlash(source.url);
  const answer = await getJson(client, start, z.looseObject({}));
  if (Array.isArray(answer["api_roots"]) || typeof answer["default"] === "string") {
    return collectionsOfRoots(client, source, start, discoverySchema.parse(answer));
  }
  const one = collectionSchema.safeParse(answer);
  if (one.success && answer["can_read"] !== undefined) {
    return [{ url: start, title: one.data.title ?? one.data.id }];
  }
  if ("versions" in answer || "max_content_length" in answer) {
    return chosen(source, await collectionsOf(client, start));
  }
  throw new ServiceError(
    "feed/answer-unexpected",
    `${start} is no TAXII 2.1 discovery, API root or collection`,
  );
}

async function collectionsOfRoots(
  client: FeedClient,
  source: TaxiiSource,
  start: string,
  discovery: z.output<typeof discoverySchema>,
): Promise<readonly Collection[]> {
  const { api_roots: others = [], default: first } = discovery;
  const named = [...others, ...(first === undefined ? [] : [first])].slice(0, MOST_ROOTS);
  const roots = [...new Set(named.map((root) => withSlash(new URL(root, start).href)))];
  const found: CollectionAt[] = [];
  for (const root of roots) {
    found.push(...(await collectionsOf(client, root)));
  }
  return chosen(source, found);
}

interface CollectionAt extends z.output<typeof collectionSchema> {
  readonly url: string;
}

async function collectionsOf(client: FeedClient, root: string): Promise<readonly CollectionAt[]> {
  const url = new URL("collections/", root).href;
  const { collections = [] } = await getJson(client, url, collectionsSchema);
  return collections.flatMap((one) => {
    const read = collectionSchema.safeParse(one);
    return read.success && read.data.can_read !== false
      ? [{ ...read.data, url: new URL(`${encodeURIComponent(read.data.id)}/`, url).href }]
      : [];
  });
}

/** Those that the source names; a name that fits none is an error, and not a feed that stays empty. */
function chosen(
  { collections: wanted, url }: TaxiiSource,
  found: readonly CollectionAt[],
): readonly Collection[] {
  const fits = (one: CollectionAt, name: string): boolean => [one.id, one.title, one.alias].includes(name); // prettier-ignore
  const missing = wanted.filter((name) => !found.some((one) => fits(one, name)));
  if (missing.length > 0 || found.length === 0) {
    const there = found.map(({ id, title }) => title ?? id).join(", ") || "none";
    throw new ServiceError(
      "feed/collection-unknown",
      `${url} has no collection that can be read named ${missing.join(", ") || "anything"}; there are: ${there}`.slice(
        0,
        1000,
      ),
    );
  }
  return found
    .filter((one) => wanted.length === 0 || wanted.some((name) => fits(one, name)))
    .map((one) => ({ url: one.url, title: one.title ?? one.id }));
}

async function getJson<T extends z.ZodType>(
  client: FeedClient,
  url: string,
  schema: T,
): Promise<z.output<T>> {
  const answer = await client.get(url, { accept: TAXII });
  return readJson(await answer.bytes(), url, schema);
}

function readJson<T extends z.ZodType>(bytes: Uint8Array, url: string, schema: T): z.output<T> {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (error) {
    throw new ServiceError(
      "feed/answer-unexpected",
      `${new URL(url).origin}${new URL(url).pathname} did not answer as TAXII 2.1 does`,
      { cause: error },
    );
  }
}

function toBundle(objects: readonly unknown[]): Uint8Array {
  return Buffer.from(JSON.stringify({ type: "bundle", objects }));
}

function withSlash(url: string): string {
  const made = new URL(url);
  if (!made.pathname.endsWith("/")) made.pathname += "/";
  return made.href;
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) {
    return a ?? b;
  }
  return Date.parse(b) >= Date.parse(a) ? b : a;
}

/** How long after an instant nothing more is added with it as its date. */
const SETTLED_MS = 10_000;

/**
 * The date after which the next reading begins. As long as the instant is not over, more may be added that has it as its
 * date, most of all by servers that count whole seconds: then it begins a second earlier, and reads some again.
 */
function closedBy(last: string | undefined, date: string | undefined): string | undefined {
  if (last === undefined || date === undefined) {
    return justBefore(last, 1000);
  }
  return Date.parse(date) - Date.parse(last) > SETTLED_MS ? last : justBefore(last, 1000);
}

/** A date so many milliseconds earlier: others may have been added at the same instant, and stand on the next page. */
function justBefore(date: string | undefined, ms: number): string | undefined {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isFinite(at) ? new Date(at - ms).toISOString() : undefined;
}

function loops({ title }: Collection, how: string): ServiceError {
  return new ServiceError("feed/paging-loops", `collection ${title} has no end: ${how}`);
}
