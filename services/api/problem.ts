import type { NextFunction, Request, RequestHandler, Response } from "express";
import { StixError } from "stix2-ts";
import { z } from "zod";
import { ServiceError } from "../core/errors.ts";

/** A failed request (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
  }
}

/** Wraps an async handler, so that its failure reaches `answerProblem`. */
export function handle(
  work: (request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return (request, response, next) => {
    work(request, response).catch(next);
  };
}

/** Parses a query; a bad one is answered with all that is wrong in it. */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.infer<T> {
  const parsed = schema.safeParse(query);
  if (parsed.success) {
    return parsed.data;
  }
  const detail = parsed.error.issues
    .map((issue) => `${issue.path.join(".") || "query"}: ${issue.message}`)
    .join("; ");
  throw new Problem(400, "api/bad-query", detail);
}

/** The one place where errors become HTTP: nothing of the inside is told. */
export function answerProblem(log: (error: unknown) => void) {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const problem = toProblem(error);
    if (problem.status >= 500) {
      log(error);
    }
    if (response.headersSent) {
      response.end();
      return;
    }
    response
      .status(problem.status)
      .type("application/problem+json")
      .send(
        JSON.stringify({
          type: "about:blank",
          title: TITLES[problem.status] ?? "Error",
          status: problem.status,
          detail: problem.message,
          code: problem.code,
        }),
      );
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof StixError) {
    return new Problem(422, error.code, error.message);
  }
  if (error instanceof ServiceError) {
    return new Problem(503, error.code, "the store can't be used now; the log says why");
  }
  const status =
    typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 500
    ? new Problem(status, "api/bad-request", TITLES[status] ?? "bad request")
    : new Problem(500, "api/internal", "something went wrong; the log says what");
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
