/** The description of the API is made of the schemas that validate; tests of the API hold every answer to it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { docsPage } from "../../services/api/docs-page.ts";
import { describeApi } from "../../services/api/openapi.ts";
import { routes } from "../../services/api/routes.ts";
import { ApiServer, bearer } from "../support/api-server.ts";
import { checkAnswer } from "../support/check-answer.ts";

const ROOT = path.join(import.meta.dirname, "../..");
let api: ApiServer;
beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

test("docs/openapi.json is what the sources say (npm run openapi)", () => {
  const text = readFileSync(path.join(ROOT, "docs/openapi.json"), "utf8");
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(describeApi(routes))));
});

test("every route is described, with its scope, and every reference leads somewhere", () => {
  const text = JSON.stringify(describeApi(routes));
  const shape = z.object({
    paths: z.record(z.string(), z.record(z.string(), z.object({ "x-scope": z.string() }))),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  });
  const { paths, components } = shape.parse(JSON.parse(text));
  const found = Object.entries(paths).flatMap(([place, methods]) =>
    Object.entries(methods).map(([method, one]) => `${method} ${place} ${one["x-scope"]}`),
  );
  const wanted = routes.map((one) => `${one.method} ${one.path.replaceAll(/:(\w+)/g, "{$1}")} ${one.scope}`); // prettier-ignore
  expect(found.toSorted()).toEqual(wanted.toSorted());
  const named = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => String(name))); // prettier-ignore
  expect([...named].toSorted()).toEqual(Object.keys(components.schemas).toSorted());
  expect(text).not.toContain("$defs");
});

describe("served", () => {
  test("without a key, also where there are keys", async () => {
    await api.key(["admin"]);
    expect((await api.ask("GET", "/openapi.json")).body).toMatchObject({ openapi: "3.1.0" });
    const page = await api.ask("GET", "/docs");
    expect(page.status).toBe(200);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
  });
});

test("the page holds no markup of the description", () => {
  const description = {
    info: { title: "<b>", summary: "'\"&", description: "" },
    paths: { "/<i>": { get: { summary: "<script>", "x-scope": "read", parameters: [], responses: {} } } },
    components: { schemas: { "<s>": { type: "</pre>" } } },
  }; // prettier-ignore
  const page = docsPage(description);
  expect(page).not.toMatch(/<(?:b|i|script|s)>/);
  expect(page).toContain("&lt;script&gt;");
  expect(page).toContain("&#39;&quot;&amp;");
});

test("an answer with a property too many, or too few, is told", async () => {
  const { token } = await api.key(["admin"]);
  const { body, status } = await api.ask("GET", "/api/v1/keys", bearer(token));
  const type = "application/json";
  const { keys } = body as { keys: object[] };
  expect(() => checkAnswer("GET", "/api/v1/keys?x=1", { status, body, type })).not.toThrow();
  for (const wrong of [{ keys: [{ ...keys[0], more: 1 }] }, { keys: [{}] }, {}]) {
    expect(() => checkAnswer("GET", "/api/v1/keys", { status, body: wrong, type })).toThrow("GET /api/v1/keys answered otherwise"); // prettier-ignore
  }
});
