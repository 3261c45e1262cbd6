import type { z } from "zod";
import { readQuery } from "./query.ts";
import type { ApiDeps } from "./api-deps.ts";

/** A request, as far as endpoints see it. */
export interface ApiRequest {
  /** The `:id` of the path; "" where it has none. */
  readonly id: string;
  readonly query: object;
  /** Empty for GET. */
  readonly body: Uint8Array;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One line of the route table. */
export interface Endpoint {
  readonly method: "get" | "post";
  readonly path: string;
  readonly answer: (deps: ApiDeps, request: ApiRequest) => Promise<ApiAnswer>;
}

/** Makes an endpoint that answers 200 with what `handle` returns; its query is checked first. */
export function endpoint<S extends z.ZodType>(
  method: Endpoint["method"],
  path: string,
  query: S,
  handle: (deps: ApiDeps, query: z.output<S>, request: ApiRequest) => Promise<unknown>,
): Endpoint {
  return {
    method,
    path,
    answer: async (deps, request) => ({
      status: 200,
      body: await handle(deps, readQuery(query, request.query), request),
    }),
  };
}
