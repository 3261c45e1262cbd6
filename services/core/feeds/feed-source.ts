/** Where a feed comes from and how it is taken: what a file `feeds/sources/NAME.json` holds, or the API is given. */
import { z } from "zod";
import { csvLayout } from "./csv-layout.ts";

/** Names a feed, in the state and in file names. */
export const feedId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and `-`, 63 at most");

const MINUTE_S = 60;
const DAY_S = 86_400;
const MEBIBYTE = 1 << 20;

const text = z.string().min(1).max(1000);

/** Names a secret: the variable `FEED_SECRET_<NAME>`, or the file that `FEED_SECRET_<NAME>_FILE` names. */
const secret = z
  .string()
  .regex(/^[A-Z0-9_]{1,100}$/, "must be the capital letters, digits and `_` after FEED_SECRET_");

const auth = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("basic"), username: text, secret }),
  z.strictObject({ kind: z.literal("bearer"), secret }),
  z.strictObject({
    kind: z.literal("header"),
    header: z.string().regex(/^[A-Za-z0-9-]{1,100}$/, "must be the name of a header"),
    secret,
  }),
]);

/** What is done to a feed's indicators when they are stored. */
export const feedPolicy = z.strictObject({
  /** Of indicators that come without one; 0 to 100, as in STIX. */
  confidence: z.number().int().min(0).max(100).optional(),
  /** An indicator without an end of its own ends so long after it was last modified, or was taken. */
  ttlDays: z.number().int().min(1).max(36_500).optional(),
  /** Whether a domain name stands for its subdomains too; absent: as the service is set. */
  subdomains: z.boolean().optional(),
  /** Types of cyber-observable objects that patterns may ask for; an indicator that asks for another is rejected. Absent: all. */
  types: z
    .array(z.string().regex(/^[a-z0-9-]{1,250}$/))
    .min(1)
    .max(100)
    .readonly()
    .optional(),
});
export type FeedPolicy = z.output<typeof feedPolicy>;

const address = z.url({ protocol: /^https?$/ }).refine((url) => {
  const { username = "", password = "" } = URL.parse(url) ?? {};
  return username + password === "";
}, "must have no user and password; name a secret in `auth`");

/** What a schedule and a time zone are is known elsewhere. */
export interface Times {
  readonly isSchedule: (text: string) => boolean;
  readonly isTimezone: (name: string) => boolean;
}

/** Makes the schema of what a file holds. */
export function feedSourceSchema(times: Times) {
  return sourceSchema(times, {
    /** Whether its hosts may have private, loopback and link-local addresses. */
    allowPrivate: z.boolean().default(false),
    proxy: address.optional(),
  });
}
export type FeedSource = z.output<ReturnType<typeof feedSourceSchema>>;

/**
 * Makes the schema of what the API is given: less than a file may say, for whoever holds a key must not have the service ask
 * hosts inside our own network.
 */
export function givenSourceSchema(times: Times) {
  return sourceSchema(times, { allowPrivate: z.literal(false).default(false) });
}

function sourceSchema<Inner extends z.ZodRawShape>(times: Times, inner: Inner) {
  const common = {
    ...inner,
    enabled: z.boolean().default(true),
    /** In words, for people. */
    title: text.optional(),
    url: address,
    /** When it is taken: a cron expression, seconds first. */
    schedule: z
      .string()
      .max(200)
      .refine(times.isSchedule, "must be a cron expression, seconds first")
      .default("0 */15 * * * *"),
    timezone: z.string().max(100).refine(times.isTimezone, "must be a time zone").optional(),
    /** Each time is put off by a random part of so many seconds: not all feeds of the world at the full hour. */
    jitterSeconds: z.number().int().min(0).max(DAY_S).default(30),
    auth: auth.optional(),
    /** How long one taking may last in all. */
    timeoutSeconds: z
      .number()
      .int()
      .min(1)
      .max(DAY_S)
      .default(60 * MINUTE_S),
    /** How long a host may be silent. */
    pauseSeconds: z.number().int().min(1).max(600).default(30),
    requestsPerMinute: z.number().int().min(1).max(10_000).default(600),
    /** Of one file or page. */
    maxBytes: z
      .number()
      .int()
      .min(1)
      .max(256 * MEBIBYTE)
      .default(64 * MEBIBYTE),
    /** Hosts that alone may be asked, redirections too; `.example.com` stands for all below it. Empty: any. */
    allowHosts: z.array(text).max(100).readonly().default([]),
    /** PEM text of authorities that are trusted for this feed, instead of the system's. */
    ca: z.string().max(MEBIBYTE).optional(),
    policy: feedPolicy.default({}),
    /** Of files whose content does not say what its columns are. */
    format: csvLayout.optional(),
  };
  return z.discriminatedUnion("kind", [
    z.strictObject({
      ...common,
      kind: z.literal("taxii"),
      /** Ids, titles or aliases of collections; empty: all that can be read. */
      collections: z.array(text).max(1000).readonly().default([]),
      /** Objects added before are left out. */
      addedAfter: z.iso.datetime().optional(),
      pageSize: z.number().int().min(1).max(100_000).default(1000),
    }),
    z.strictObject({ ...common, kind: z.literal("file") }),
    z.strictObject({ ...common, kind: z.literal("misp") }),
  ]);
}

/** What of a source decides what its indicators are: if it changes, the feed is read from its beginning. */
export function sourceKey({ kind, url, policy, format }: FeedSource): string {
  return JSON.stringify([kind, url, policy, ...(format === undefined ? [] : [format])]);
}
