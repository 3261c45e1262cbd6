/** The description of the API as a page: plain HTML, without a script, and nothing in it but the description. */
import { createHash } from "node:crypto";
import { z } from "zod";

const operation = z.object({
  summary: z.string(),
  "x-scope": z.string(),
  parameters: z.array(
    z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() }),
  ),
  requestBody: z.object({ content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const described = z.object({
  info: z.object({ title: z.string(), summary: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
type Operation = z.infer<typeof operation>;

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  h2 code { font-size: 1rem; } .scope { font-weight: normal; font-size: 0.9rem; }
  table { border-collapse: collapse; } th, td { border: 1px solid #999; padding: 0.2rem 0.6rem; text-align: left; }
  pre { overflow-x: auto; border: 1px solid #999; padding: 0.5rem; }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } a { color: #9cf; } }
`;
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** What the page may load: its own style, and nothing else. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Writes the page of a description. */
export function docsPage(description: unknown): string {
  const { info, paths, components } = described.parse(description);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => section(method, path, one)),
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<h3 id="${safe(name)}">${safe(name)}</h3>${json(schema)}`,
  );
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${safe(info.title)} API</title>`,
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>`,
    `<h1>${safe(info.title)} API</h1><p>${safe(info.summary)}</p><p>${safe(info.description)}</p>`,
    `<p><a href="openapi.json">openapi.json</a></p>`,
    ...operations,
    "<h2>Schemas</h2>",
    ...schemas,
    "</body></html>",
  ].join("\n");
}

function section(method: string, path: string, one: Operation): string {
  const rows = one.parameters.map(
    ({ name, in: where, required, schema }) =>
      `<tr><td><code>${safe(name)}</code></td><td>${safe(where)}${required ? ", required" : ""}</td><td><code>${safe(JSON.stringify(schema))}</code></td></tr>`,
  );
  return [
    `<h2><code>${safe(method.toUpperCase())} ${safe(path)}</code> <span class="scope">${safe(one["x-scope"])}</span></h2>`,
    `<p>${safe(one.summary)}</p>`,
    rows.length > 0
      ? `<table><tr><th>parameter</th><th>in</th><th>schema</th></tr>${rows.join("")}</table>`
      : "",
    one.requestBody === undefined
      ? ""
      : `<details><summary>body</summary>${json(one.requestBody.content)}</details>`,
    ...Object.entries(one.responses).map(
      ([status, { description, content }]) =>
        `<details><summary>${safe(status)}: ${safe(description)}</summary>${content === undefined ? "" : json(content)}</details>`,
    ),
  ].join("\n");
}

function json(value: unknown): string {
  return `<pre>${safe(JSON.stringify(value, undefined, 2))}</pre>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function safe(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}
