/** HTTP requests to hosts that strangers may have named: guarded addresses, bounded answers, no credentials led astray. */
import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, buildConnector, ProxyAgent, request, type Dispatcher } from "undici";
import { messageOf, ServiceError } from "../../core/errors.ts";
import {
  guardedLookup,
  requireHost,
  type AddressRules,
  type FindAddresses,
} from "./address-guard.ts";

export interface GuardedClientOptions extends AddressRules {
  /** For a connection, for the head of an answer, and for each pause within its body, milliseconds. */
  readonly pauseMs: number;
  /** Largest body after decompression, bytes. */
  readonly maxBytes: number;
  /** PEM text of authorities to be trusted, instead of the system's. */
  readonly ca?: string;
  /** Address of a proxy. It looks names up itself: of addresses behind names nothing can be said here, so name the hosts. */
  readonly proxy?: string;
  /** How names are looked up; absent: by the system. */
  readonly find?: FindAddresses;
}

export interface GuardedRequest {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that only the host they were meant for may see: they are left out once a redirection leads elsewhere. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface GuardedAnswer {
  readonly status: number;
  /** Names in lower case; of several with one name the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the body, decompressed; throws `http/too-large`, `http/unreachable`, `http/timeout`. */
  readonly bytes: () => Promise<Uint8Array>;
  /** Lets go of a body that is not read. */
  readonly discard: () => void;
}

const MOST_REDIRECTIONS = 5;
const REDIRECTIONS = new Set([301, 302, 303, 307, 308]);
const CODED: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export class GuardedClient {
  readonly #options: GuardedClientOptions;
  readonly #dispatcher: Dispatcher;

  constructor(options: GuardedClientOptions) {
    this.#options = options;
    this.#dispatcher = dispatcherOf(options);
  }

  /**
   * Sends a request and follows redirections (GET alone). Throws ServiceError: `http/address-refused`, `http/redirect-refused`,
   * `http/timeout`, `http/unreachable`. Any status is an answer.
   */
  async request(url: string, asked: GuardedRequest = {}): Promise<GuardedAnswer> {
    const origin = readUrl(url, undefined).origin;
    let at = readUrl(url, undefined);
    for (let i = 0; ; i++) {
      requireHost(at.hostname, this.#options);
      const answer = await this.#send(at, asked, at.origin === origin);
      const location = answer.headers["location"];
      const isGet = (asked.method ?? "GET") === "GET";
      if (!isGet || !REDIRECTIONS.has(answer.status) || location === undefined) {
        return answer;
      }
      answer.discard();
      if (i >= MOST_REDIRECTIONS) {
        throw redirectRefused(`more than ${MOST_REDIRECTIONS} redirections`);
      }
      const next = readUrl(location, at);
      if (at.protocol === "https:" && next.protocol !== "https:") {
        throw redirectRefused(`a redirection leads from https to ${next.protocol}//`);
      }
      at = next;
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #send(url: URL, asked: GuardedRequest, mayTell: boolean): Promise<GuardedAnswer> {
    const { method = "GET", body, signal } = asked;
    try {
      const answer = await request(url, {
        dispatcher: this.#dispatcher,
        method,
        headers: {
          "user-agent": "stixsweep",
          "accept-encoding": "gzip, deflate, br",
          ...asked.headers,
          ...(mayTell && asked.secretHeaders),
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : Buffer.from(body) }),
        ...(signal !== undefined && { signal }),
      });
      const headers = firstOf(answer.headers);
      return {
        status: answer.statusCode,
        headers,
        bytes: async () =>
          readAll(decoded(answer.body, headers["content-encoding"]), this.#options.maxBytes, url),
        discard: () => {
          answer.body.on("error", () => undefined);
          answer.body.destroy();
        },
      };
    } catch (error) {
      throw toServiceError(error, url);
    }
  }
}

function dispatcherOf(options: GuardedClientOptions): Dispatcher {
  const { pauseMs, ca, proxy, find } = options;
  const limits = { headersTimeout: pauseMs, bodyTimeout: pauseMs };
  if (proxy !== undefined) {
    return new ProxyAgent({
      ...limits,
      uri: proxy,
      ...(ca !== undefined && { requestTls: { ca } }),
    });
  }
  const connect = buildConnector({
    timeout: pauseMs,
    lookup: guardedLookup(options, find),
    ...(ca !== undefined && { ca }),
  });
  return new Agent({ ...limits, connect });
}

function readUrl(text: string, base: URL | undefined): URL {
  const url = URL.parse(text, base?.href);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw redirectRefused("an address is not http(s)");
  }
  return url;
}

function firstOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const [first] = [value].flat();
      return first === undefined ? [] : [[name.toLowerCase(), first]];
    }),
  );
}

function decoded(body: Readable, coding: string | undefined): AsyncIterable<Uint8Array> {
  const decoder = CODED[coding?.trim().toLowerCase() ?? ""];
  // A failure of either comes out where the body is read.
  return decoder === undefined ? body : pipeline(body, decoder(), () => undefined);
}

async function readAll(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  url: URL,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBytes) {
        throw new ServiceError("http/too-large", `${place(url)}: more than ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw toServiceError(error, url);
  }
  return Buffer.concat(chunks, length);
}

/** Timeouts of undici and of signals; all else is a connection that failed, or broke off. */
const TIMEOUTS: ReadonlySet<unknown> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "TimeoutError",
]);

function toServiceError(error: unknown, url: URL): ServiceError {
  if (error instanceof ServiceError) {
    return error;
  }
  if (error instanceof Error && error.cause instanceof ServiceError) {
    return error.cause;
  }
  // Not `instanceof`: what a signal throws is no Error everywhere.
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (TIMEOUTS.has(code) || TIMEOUTS.has(name)) {
    return new ServiceError("http/timeout", `${place(url)}: no answer in time`, {
      cause: error,
      retryable: true,
    });
  }
  return new ServiceError("http/unreachable", `${place(url)}: ${messageOf(error)}`, {
    cause: error,
    retryable: true,
  });
}

/** Of an address what may be told: keys stand in queries and before the host. */
function place(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function redirectRefused(message: string): ServiceError {
  return new ServiceError("http/redirect-refused", message);
}
