/** One client for Elasticsearch 7.17, 8, 9 and OpenSearch 2, 3: plain JSON, retries, a deadline. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Client, Transport } from "@elastic/elasticsearch";
import { messageOf, ServiceError } from "../../core/errors.ts";
import { pauseBefore } from "./backoff.ts";
import { askedPauseMs, failureOf, isPassing, statusOf } from "./failure.ts";

type TransportOptions = ConstructorParameters<typeof Transport>[0];
type ClientOptions = ConstructorParameters<typeof Client>[0];

/** Speaks plain `application/json` and asks for no product header, so that every engine answers. */
class PlainTransport extends Transport {
  constructor({ productCheck: _product, vendoredHeaders: _headers, ...options }: TransportOptions) {
    super(options);
  }
}

export interface EngineOptions {
  /** Addresses of nodes, or of a load balancer before them. */
  readonly nodes?: readonly string[];
  /** Elastic Cloud's id of a deployment, instead of `nodes`. */
  readonly cloudId?: string;
  readonly username?: string;
  readonly password?: string;
  /** Base64 text of an API key, instead of user and password. */
  readonly apiKey?: string;
  /** PEM file of the authority that signed the engine's certificate. */
  readonly caFile?: string;
  /** False accepts any certificate: for trials only. */
  readonly verifyCertificate?: boolean;
  /** Time one try may take. */
  readonly requestTimeoutMs?: number;
  /** Time a request may take with all its tries. */
  readonly deadlineMs?: number;
}

export interface EngineRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** An object is sent as JSON, a text as NDJSON. */
  readonly body?: Readonly<Record<string, unknown>> | string;
  /** Statuses that are an answer (undefined) and not a failure. */
  readonly absent?: readonly number[];
}

export interface EngineClient {
  /** Sends a request; 429, 502 to 504 and lost connections are tried again until the deadline. Throws ServiceError. */
  readonly call: (request: EngineRequest) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const REQUEST_TIMEOUT_MS = 60_000;
const DEADLINE_MS = 120_000;
const BACKOFF = { firstMs: 200, longestMs: 10_000, random: () => Math.random() };

/** Connects to an engine; nothing is sent yet. Throws `store/misconfigured`. */
export function connectEngine(options: EngineOptions): EngineClient {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, deadlineMs = DEADLINE_MS } = options;
  const client = makeClient(options);
  return {
    call: async (request) => {
      const end = Date.now() + deadlineMs;
      const name = `${request.method} ${request.path}`;
      for (let retry = 1; ; retry++) {
        try {
          return await send(client, request, Math.min(requestTimeoutMs, deadlineMs));
        } catch (error) {
          if (request.absent?.includes(statusOf(error) ?? 0) === true) {
            return undefined;
          }
          const wait = pauseBefore(retry, BACKOFF, askedPauseMs(error));
          if (!isPassing(error) || Date.now() + wait >= end) {
            throw failureOf(error, name);
          }
          await pause(wait);
        }
      }
    },
    close: () => client.close(),
  };
}

async function send(client: Client, request: EngineRequest, timeoutMs: number): Promise<unknown> {
  const { method, path, query, body } = request;
  const content = typeof body === "string" ? { bulkBody: body } : body && { body };
  return client.transport.request(
    { method, path, ...(query && { querystring: query }), ...content },
    { maxRetries: 0, requestTimeout: timeoutMs },
  );
}

/** Fails here on a file that is none: a connection would, again and again, in words that name no file. */
function readCertificate(file: string): Buffer {
  try {
    const pem = readFileSync(file);
    void new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new Error(`ELASTICSEARCH_CA_FILE ${file}: ${messageOf(cause)}`, { cause });
  }
}

function makeClient(options: EngineOptions): Client {
  try {
    return new Client(clientOptions(options));
  } catch (cause) {
    throw cause instanceof ServiceError
      ? cause
      : new ServiceError("store/misconfigured", messageOf(cause), { cause });
  }
}

function clientOptions(options: EngineOptions): ClientOptions {
  const { nodes, cloudId, username, password, apiKey, caFile, verifyCertificate = true } = options;
  if ((nodes === undefined || nodes.length === 0) === (cloudId === undefined)) {
    throw new ServiceError(
      "store/misconfigured",
      "give the engine's nodes or a cloud id, one of them",
    );
  }
  const isBasic = username !== undefined && password !== undefined;
  return {
    ...(cloudId === undefined ? { nodes: [...(nodes ?? [])] } : { cloud: { id: cloudId } }),
    ...(apiKey !== undefined ? { auth: { apiKey } } : isBasic && { auth: { username, password } }),
    tls: {
      ...(caFile !== undefined && { ca: readCertificate(caFile) }),
      rejectUnauthorized: verifyCertificate,
    },
    maxRetries: 0,
    compression: false,
    enableMetaHeader: false,
    Transport: PlainTransport,
  };
}
