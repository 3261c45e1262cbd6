/** Requests of one feed: with its credentials, at its pace; what is no success is an error that says what to do. */
import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "../../core/errors.ts";
import type { FeedSource } from "../../core/feeds/feed-source.ts";
import type { FindAddresses } from "../http/address-guard.ts";
import { GuardedClient, type GuardedAnswer } from "../http/guarded-client.ts";

export interface FeedClientDeps {
  /** The secret that `FEED_SECRET_<NAME>` holds; undefined where it is not set. */
  readonly secretOf: (name: string) => string | undefined;
  readonly find?: FindAddresses;
}

const MINUTE_MS = 60_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;

export class FeedClient {
  readonly #client: GuardedClient;
  readonly #secretHeaders: Readonly<Record<string, string>>;
  readonly #mayTell: (url: string) => boolean;
  readonly #signal: AbortSignal;
  readonly #everyMs: number;
  #nextAt = 0;

  constructor(source: FeedSource, signal: AbortSignal, { secretOf, find }: FeedClientDeps) {
    const { allowPrivate, allowHosts, pauseSeconds, maxBytes, ca, proxy } = source;
    this.#secretHeaders = credentials(source, secretOf);
    // A server may name others, which need not be its own: they see credentials if the source names them too.
    const home = new URL(source.url);
    this.#mayTell = (url) => {
      const { origin, protocol, hostname } = new URL(url);
      return origin === home.origin || (protocol === "https:" && allowHosts.includes(hostname));
    };
    this.#client = new GuardedClient({
      allowPrivate,
      allowHosts,
      pauseMs: pauseSeconds * 1000,
      maxBytes,
      ...(ca !== undefined && { ca }),
      ...(proxy !== undefined && { proxy }),
      ...(find !== undefined && { find }),
    });
    this.#signal = signal;
    this.#everyMs = MINUTE_MS / source.requestsPerMinute;
  }

  /**
   * Gets an address. Throws ServiceError: what the client throws, `feed/refused` (401, 403), `feed/busy` (429, 503; retryable,
   * with `retryAfterMs` where it is said), `feed/answer-unexpected` (else; `facts.status`). Statuses in `also` are answers too.
   */
  async get(
    url: string,
    headers: Readonly<Record<string, string>>,
    also: readonly number[] = [],
  ): Promise<GuardedAnswer> {
    await this.#keepPace();
    const answer = await this.#client.request(url, {
      headers,
      ...(this.#mayTell(url) && { secretHeaders: this.#secretHeaders }),
      signal: this.#signal,
    });
    if (answer.status === 200 || also.includes(answer.status)) {
      return answer;
    }
    answer.discard();
    throw unexpected(answer, url);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #keepPace(): Promise<void> {
    const now = performance.now();
    const waitMs = this.#nextAt - now;
    this.#nextAt = Math.max(now, this.#nextAt) + this.#everyMs;
    if (waitMs > 0) {
      await sleep(waitMs, undefined, { signal: this.#signal });
    }
  }
}

function credentials(
  { auth }: FeedSource,
  secretOf: FeedClientDeps["secretOf"],
): Readonly<Record<string, string>> {
  if (auth === undefined) {
    return {};
  }
  const secret = secretOf(auth.secret);
  if (secret === undefined) {
    throw new ServiceError("feed/secret-missing", `FEED_SECRET_${auth.secret} is not set`);
  }
  switch (auth.kind) {
    case "basic": {
      const both = Buffer.from(`${auth.username}:${secret}`).toString("base64");
      return { authorization: `Basic ${both}` };
    }
    case "bearer":
      return { authorization: `Bearer ${secret}` };
    case "header":
      return { [auth.header.toLowerCase()]: secret };
  }
}

function unexpected({ status, headers }: GuardedAnswer, url: string): ServiceError {
  const { origin, pathname } = new URL(url);
  const said = `${origin}${pathname} answered ${status}`;
  if (status === 401 || status === 403) {
    return new ServiceError("feed/refused", `${said}: check \`auth\` of the source`, {
      facts: { status },
    });
  }
  if (status === 429 || status === 503) {
    const wait = retryAfterMs(headers["retry-after"], headers["date"]);
    return new ServiceError("feed/busy", said, {
      retryable: true,
      facts: { status, ...(wait !== undefined && { retryAfterMs: wait }) },
    });
  }
  return new ServiceError("feed/answer-unexpected", said, {
    retryable: status >= 500,
    facts: { status },
  });
}

/** Reads `Retry-After` (RFC 9110 §10.2.3): seconds, or a time by the other side's clock. */
function retryAfterMs(text: string | undefined, date: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - (date === undefined ? Date.now() : Date.parse(date));
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : undefined;
}
