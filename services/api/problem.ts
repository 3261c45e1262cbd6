/** Failures as RFC 9457 problem documents. The one place where a failure gets its HTTP status. */
import { STATUS_CODES } from "node:http";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { ServiceError } from "../core/errors.ts";
import type { ApiDeps } from "./api-deps.ts";

/** One thing that is wrong with a query or a body. */
export interface QueryProblem {
  readonly parameter: string;
  readonly message: string;
}

/** A query or a body with everything that is wrong with it. */
export class QueryError extends ServiceError {
  readonly problems: readonly QueryProblem[];
  constructor(
    problems: readonly QueryProblem[],
    code: "api/invalid-query" | "api/invalid-body" = "api/invalid-query",
  ) {
    const text = problems.map(({ parameter, message }) => `${parameter}: ${message}`);
    super(code, text.join("; "));
    this.name = "QueryError";
    this.problems = problems;
  }
}

const STATUS: Readonly<Record<string, number>> = {
  "alert/unknown": 404,
  "alert/resolution": 400,
  "alert/changed": 409,
  "alert/superseded": 409,
  "alert/full": 409,
  "feed/built-in": 409,
  "feed/declared-in-file": 409,
  "feed/too-many": 409,
  "hunt/regex-unsupported": 400,
  "hunt/several-observations": 400,
  "hunt/value-unfit": 400,
  "webhook/changed": 409,
  "webhook/too-many": 409,
  "suppression/too-many": 409,
  "sweep/no-live-pattern": 409,
  "sweep/too-many-express": 409,
  "api/bad-request": 400,
  "api/invalid-query": 400,
  "api/invalid-body": 400,
  "api/unauthorized": 401,
  "api/foreign-origin": 403,
  "api/missing-scope": 403,
  "api/not-found": 404,
  "api/method-not-allowed": 405,
  "api/events-elsewhere": 409,
  "api/first-key": 409,
  "api/key-in-settings": 409,
  "api/too-large": 413,
  "api/unsupported-media-type": 415,
  "api/foreign-host": 421,
  "api/too-many-attempts": 429,
  "api/too-many-requests": 429,
  "api/too-many-streams": 503,
};

/** What express and its body parser throw, by the status they propose. */
const FROM_EXPRESS: Readonly<Record<number, string>> = {
  400: "api/bad-request",
  413: "api/too-large",
  415: "api/unsupported-media-type",
};

/** Answers with a problem document and logs what is our fault; must be the last of the app. */
export function answerProblems({ logger, maxBodyBytes }: ApiDeps) {
  return (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    if (res.headersSent) {
      // Half an answer can't be turned into a problem: express ends the connection.
      logger.error({ err: error, method: req.method, path: req.path }, "an answer broke off");
      next(error);
      return;
    }
    const failure = toServiceError(error, maxBodyBytes);
    const known = STATUS[failure.code];
    const status = known ?? (failure.retryable ? 503 : 500);
    if (known === undefined) {
      logger.error({ err: error, method: req.method, path: req.path }, "request failed");
    }
    res
      .status(status)
      .type("application/problem+json")
      .send(
        JSON.stringify({
          type: "about:blank",
          title: STATUS_CODES[status] ?? "Error",
          status,
          // Messages of unforeseen failures may name files, statements or values: they stay in the log.
          detail: known === undefined ? "the server failed; its log says why" : failure.message,
          code: failure.code,
          ...(failure instanceof QueryError ? { errors: failure.problems } : {}),
        }),
      );
  };
}

function toServiceError(error: unknown, maxBodyBytes: number): ServiceError {
  if (error instanceof ServiceError) {
    return error;
  }
  // The body parser and the router put a status on what the client did wrong.
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  const code = FROM_EXPRESS[status];
  if (code === undefined) {
    return new ServiceError("api/internal", "unforeseen", { cause: error });
  }
  const message =
    status === 413
      ? `the body is larger than ${maxBodyBytes} bytes`
      : `the request can't be read: ${error instanceof Error ? error.message : ""}`;
  return new ServiceError(code, message, { cause: error });
}

export const refuseUnknownPath: RequestHandler = (req) => {
  throw new ServiceError("api/not-found", `there is no ${req.path}`);
};

/** Refuses the methods that a path does not have, naming those it has (RFC 9110 §15.5.6). */
export function refuseOtherMethods(methods: readonly string[]): RequestHandler {
  const allow = methods.flatMap((method) =>
    method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()],
  );
  return (req, res) => {
    res.set("Allow", allow.join(", "));
    throw new ServiceError(
      "api/method-not-allowed",
      `${req.path} takes ${allow.join(", ")}, not ${req.method}`,
    );
  };
}
