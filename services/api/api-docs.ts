import { z } from "zod";
import { docsPage, DOCS_POLICY } from "./docs-page.ts";
import type { Endpoint } from "./endpoint.ts";
import { describeApi } from "./openapi.ts";
import type { Route } from "./routes.ts";

/** Endpoints that describe an API, themselves among it. */
export function docsEndpoints(routes: () => readonly Route[]): readonly Endpoint[] {
  const query = z.strictObject({});
  let made: ReturnType<typeof describeApi> | undefined;
  // Open to everybody: made once.
  const description = () => (made ??= describeApi(routes()));
  return [
    {
      method: "get",
      path: "/openapi.json",
      summary: "Describes this API.",
      query,
      status: 200,
      answers: z.looseObject({ openapi: z.string() }),
      answer: async () => ({ status: 200, body: description() }),
    },
    {
      method: "get",
      path: "/docs",
      summary: "Describes this API for people.",
      query,
      status: 200,
      answers: { mediaTypes: ["text/html"] },
      answer: async () => ({
        status: 200,
        body: docsPage(description()),
        type: "text/html; charset=utf-8",
        headers: { "Content-Security-Policy": DOCS_POLICY },
      }),
    },
  ];
}
