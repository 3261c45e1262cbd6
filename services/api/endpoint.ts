import type { z } from "zod";
import { readQuery } from "./query.ts";
import type { ApiDeps } from "./api-deps.ts";

/** A request, as far as endpoints see it. */
export interface ApiRequest {
  /** The `:id` of the path; "" where it has none. */
  readonly id: string;
  readonly query: object;
  /** Empty for GET and DELETE. */
  readonly body: Uint8Array;
  /** The key that was shown; undefined while there are none. */
  readonly keyId: string | undefined;
  /** Of an open path: whether whoever asks may know more than anybody; this machine, or a good key. */
  readonly mayKnow: () => Promise<boolean>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Media type of a body that is text already, whole or in parts (an AsyncIterable); JSON where absent. */
  readonly type?: string;
  /** Of a body to be kept as a file. */
  readonly filename?: string;
}

/** What is answered on a method and a path. Who may ask stands in the route table. */
export interface Endpoint {
  readonly method: "get" | "post" | "delete";
  readonly path: string;
  readonly answer: (deps: ApiDeps, request: ApiRequest) => Promise<ApiAnswer>;
  /** Many ask for it again and again: all get one answer for a while, with an ETag. It is the same for all who may ask. */
  readonly isPolled?: boolean;
}

/** Marks an endpoint as one that is polled. */
export function polled(one: Endpoint): Endpoint {
  return { ...one, isPolled: true };
}

/** Makes an endpoint that answers with what `handle` returns; its query is checked first. */
export function endpoint<S extends z.ZodType>(
  method: Endpoint["method"],
  path: string,
  query: S,
  handle: (deps: ApiDeps, query: z.output<S>, request: ApiRequest) => Promise<unknown>,
  status = 200,
): Endpoint {
  return {
    method,
    path,
    answer: async (deps, request) => ({
      status,
      body: await handle(deps, readQuery(query, request.query), request),
    }),
  };
}
