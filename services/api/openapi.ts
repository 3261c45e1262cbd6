/** The description of the API (OpenAPI 3.1), made from the route table and the schemas that validate. */
import { z } from "zod";
import type { Route } from "./routes.ts";

type Json = Readonly<Record<string, unknown>>;

/** A JSON Schema of a JSON Schema dialect, as far as it is looked into here. */
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.strictObject({ parameter: z.string(), message: z.string() })).optional(),
});

const PROBLEM = {
  description: "A problem; its `code` says which.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** Describes an API of these routes. */
export function describeApi(routes: readonly Route[]): Json {
  const schemas: Record<string, unknown> = { Problem: schemaOf(problem, "output") };
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: lifted(operationOf(route), schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "stixsweep",
      version: "1",
      summary: "Matches STIX 2 and OpenIOC indicators against Sysmon events.",
      description:
        "Lists are paged: `next` of an answer is the `cursor` of the next page. Times are RFC 3339. " +
        "Failures are problem documents (RFC 9457) with a stable `code`. While there is no API key, " +
        "the API answers its own machine alone; then keys are shown as a bearer token or in `X-API-Key`.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        key: { type: "apiKey", in: "header", name: "X-API-Key" },
      },
    },
  };
}

/** Schemas that have a name stand once, among the components. */
function lifted(operation: Json, schemas: Record<string, unknown>): Json {
  const text = JSON.stringify(operation, (key, value: unknown) => {
    if (key !== "$defs") return value;
    for (const [name, schema] of Object.entries(value as Json)) schemas[name] = refer(schema);
    return undefined;
  });
  return JSON.parse(text.replaceAll("#/$defs/", "#/components/schemas/")) as Json;
}

function refer(schema: unknown): unknown {
  const text = JSON.stringify(schema).replaceAll("#/$defs/", "#/components/schemas/");
  return JSON.parse(text) as unknown;
}

function operationOf(route: Route): Json {
  const { method, path, summary, scope, body, status, otherStatus, isPolled } = route;
  const isOpen = scope === "open";
  return {
    operationId: `${method}${path.replaceAll(/[^a-z0-9]+(\w)?/gi, (_, letter: string = "") => letter.toUpperCase())}`,
    summary,
    "x-scope": scope,
    security: isOpen ? [] : [{ bearer: [] }, { key: [] }],
    parameters: parametersOf(route),
    ...(body !== undefined && {
      requestBody: { required: body instanceof z.ZodType, content: contentOf(body, "input") },
    }),
    responses: {
      [String(status)]: {
        description: "Done.",
        ...(isPolled === true && { headers: { ETag: { schema: { type: "string" } } } }),
        content: contentOf(route.answers),
      },
      ...(isPolled === true && { "304": { description: "Nothing is new." } }),
      ...(otherStatus !== undefined && {
        [String(otherStatus.status)]: {
          description: otherStatus.means,
          content: contentOf(route.answers),
        },
      }),
      "4XX": PROBLEM,
      "5XX": PROBLEM,
    },
  };
}

function parametersOf({ path, query, isPolled }: Route): readonly Json[] {
  const ids = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string", minLength: 1 },
  }));
  const { properties = {}, required = [] } = schemaOf(query, "input") as ObjectSchema;
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
  const headers = ["If-None-Match", "Prefer"].map((name) => ({
    name,
    in: "header",
    required: false,
    schema: { type: "string" },
  }));
  return [...ids, ...fields, ...(isPolled === true ? headers : [])];
}

function contentOf(
  what: z.ZodType | { readonly mediaTypes: readonly string[] },
  io: "input" | "output" = "output",
): Json {
  if (what instanceof z.ZodType) {
    return { "application/json": { schema: schemaOf(what, io) } };
  }
  return Object.fromEntries(
    what.mediaTypes.map((type) => [
      type,
      // Of a stream of events the schema is that of one: id, event and data.
      { schema: { type: /[+/](?:json|event-stream)\b/.test(type) ? "object" : "string" } },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
