import { errors } from "@elastic/elasticsearch";
import { messageOf, ServiceError } from "../../core/errors.ts";

/** Answers after which the same request may succeed: too busy, or a node or shard is on its way. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The HTTP status of a failed request; undefined where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof errors.ResponseError ? error.statusCode : undefined;
}

/** What a node says of another one that it has just lost, with a status that speaks of neither. */
const LOST_NODE =
  /"type":"(?:node_disconnected|node_not_connected|connect_transport|receive_timeout_transport|node_closed|no_shard_available_action|unavailable_shards)_exception"/;

/** What TLS says of a certificate, or of a server that speaks none: waiting changes nothing about it. */
const UNTRUSTED = /certificate|altnames|SSL routines|EPROTO/i;

function isUntrusted(error: unknown): boolean {
  return error instanceof errors.ConnectionError && UNTRUSTED.test(error.message);
}

/** Whether trying again may help. */
export function isPassing(error: unknown): boolean {
  if (isUntrusted(error)) {
    return false;
  }
  const status = statusOf(error);
  if (status !== undefined) {
    return PASSING.has(status) || (status >= 500 && LOST_NODE.test(bodyOf(error)));
  }
  return (
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError
  );
}

/** Whether a failure may be of one index alone: the engine is there and has time. */
export function isOfOneIndex(error: unknown): boolean {
  if (!(error instanceof ServiceError)) {
    return true;
  }
  const isAway = error.code === "store/unreachable" && error.facts["status"] === undefined;
  return !isAway && error.code !== "store/overloaded" && error.code !== "store/untrusted";
}

/** How long the server asks to wait, milliseconds; 0 where it does not say. */
export function askedPauseMs(error: unknown): number {
  const header: unknown =
    error instanceof errors.ResponseError ? error.headers?.["retry-after"] : undefined;
  const seconds = typeof header === "string" ? Number(header) : 0;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

/** Turns what a request failed with into a ServiceError; the server's own type of error is a fact of it. */
export function failureOf(error: unknown, request: string): ServiceError {
  if (error instanceof ServiceError) {
    return error;
  }
  const status = statusOf(error);
  const options = {
    cause: error,
    facts: { request, ...(status !== undefined && { status }), ...typeOf(error) },
  };
  const message = `${request}: ${messageOf(error).slice(0, 500)}`;
  if (status === 429) {
    return new ServiceError("store/overloaded", message, { ...options, retryable: true });
  }
  if (isPassing(error)) {
    return new ServiceError("store/unreachable", message, { ...options, retryable: true });
  }
  if (isUntrusted(error)) {
    const hint = "check the engine's address and ELASTICSEARCH_CA_FILE";
    return new ServiceError("store/untrusted", `${message}; ${hint}`, options);
  }
  if (status === 401 || status === 403) {
    return new ServiceError("store/forbidden", message, options);
  }
  return new ServiceError("store/rejected", message, options);
}

function bodyOf(error: unknown): string {
  const body: unknown = error instanceof errors.ResponseError ? error.body : undefined;
  return JSON.stringify(body) ?? "";
}

function typeOf(error: unknown): { readonly type?: string } {
  const body: unknown = error instanceof errors.ResponseError ? error.body : undefined;
  if (typeof body === "object" && body !== null && "error" in body) {
    const inner: unknown = body.error;
    if (typeof inner === "object" && inner !== null && "type" in inner) {
      return typeof inner.type === "string" ? { type: inner.type } : {};
    }
  }
  return {};
}
