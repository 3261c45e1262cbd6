import { z } from "zod";
import type { Scope } from "../core/access/scopes.ts";
import { ServiceError } from "../core/errors.ts";
import { readBody } from "./body.ts";
import { readQuery } from "./query.ts";
import type { AlertTail } from "./alert-tail.ts";
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
  /** What whoever asks may do. */
  readonly scopes: readonly Scope[];
  /** The session by which it is asked, and whether the way to the client's browser is encrypted. */
  readonly session: string | undefined;
  readonly isEncrypted: boolean;
  /** The id of the last event that a client of a stream has. */
  readonly lastEventId: string | undefined;
  readonly tail: AlertTail;
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
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is answered on a method and a path. Who may ask stands in the route table. */
export interface Endpoint {
  readonly method: "get" | "post" | "delete";
  readonly path: string;
  /** What it does, in one sentence for people. */
  readonly summary: string;
  /** What may stand in the query. */
  readonly query: z.ZodType;
  /** What the body must be: JSON of a schema, or a file of one of some media types, which may be empty. */
  readonly body?: z.ZodType | { readonly mediaTypes: readonly string[] };
  /** Longest body that is read, bytes; absent: the limit of all. */
  readonly mostBytes?: number;
  readonly status: number;
  /** Another status under which the same is answered, and what it means. */
  readonly otherStatus?: { readonly status: number; readonly means: string };
  /** What is answered: JSON of a schema, or text of one of some media types. */
  readonly answers: z.ZodType | { readonly mediaTypes: readonly string[] };
  readonly answer: (deps: ApiDeps, request: ApiRequest) => Promise<ApiAnswer>;
  /** Of what is not a GET: whether a request of this query changes something; absent: always. */
  readonly isChange?: (query: object) => boolean;
  /** Many ask for it again and again: all get one answer for a while, with an ETag. It is the same for all who may ask. */
  readonly isPolled?: boolean;
}

/** A request whose query and body have been read by their schemas. */
export interface Asked<Query, Body> extends Omit<ApiRequest, "query" | "body"> {
  readonly query: Query;
  readonly body: Body;
}

type Read<B> = B extends z.ZodType ? z.output<B> : Uint8Array;

const nothing = z.strictObject({});

/** Makes an endpoint that answers with JSON: what `handle` returns is what the schema says, by its type. */
export function endpoint<
  A extends z.ZodType,
  Q extends z.ZodType = typeof nothing,
  B extends z.ZodType | { readonly mediaTypes: readonly string[] } = {
    readonly mediaTypes: readonly string[];
  },
>({
  query,
  body,
  status = 200,
  mostBytes = Infinity,
  handle,
  ...rest
}: Pick<Endpoint, "method" | "path" | "summary" | "isPolled" | "isChange"> & {
  readonly query?: Q;
  readonly body?: B;
  readonly status?: number;
  readonly mostBytes?: number;
  readonly answers: A;
  readonly handle: (deps: ApiDeps, asked: Asked<z.output<Q>, Read<B>>) => Promise<z.input<A>>;
}): Endpoint {
  return {
    ...rest,
    query: query ?? nothing,
    ...(body !== undefined && { body }),
    status,
    answer: async (deps, request) => {
      if (request.body.length > mostBytes) {
        throw new ServiceError("api/bad-request", `the body is larger than ${mostBytes} bytes`);
      }
      const asked = {
        ...request,
        query: readQuery(query ?? nothing, request.query),
        body: body instanceof z.ZodType ? readBody(body, request.body) : request.body,
      };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both were read by their own schemas just now
      return { status, body: await handle(deps, asked as Asked<z.output<Q>, Read<B>>) };
    },
  };
}

/** A list that nobody changes. */
export function list<T extends z.ZodType>(of: T) {
  return z.array(of).readonly();
}

/** A time as it is answered; null where there is none. */
export const answeredTime = z.iso.datetime().nullable();

/** Where the next page begins; null on the last. */
export const next = z.string().nullable();
