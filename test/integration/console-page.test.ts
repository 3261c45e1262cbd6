/** The console's files: to everybody, and with a policy that lets them run nothing else. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { buildConsole } from "../support/build-console.ts";
import { readConsoleFiles, type ConsoleFile } from "../../services/runtime/console-files.ts";
import { ApiServer } from "../support/api-server.ts";

let api: ApiServer;
let files: ReadonlyMap<string, ConsoleFile>;
beforeEach(async () => {
  buildConsole();
  files = (await readConsoleFiles()) ?? new Map();
  api = new ApiServer();
  api.console = files;
  await api.listen();
  await api.key(["admin"]);
});
afterEach(async () => api.close());

test("the page and its parts need no key", async () => {
  expect([...files.keys()].map((path) => path.replace(/-[^.]+/, "-HASH")).toSorted()).toEqual([
    "/",
    "/assets/index-HASH.css",
    "/assets/index-HASH.js",
    "/favicon.svg",
  ]);
  for (const [path, { type, etag }] of files) {
    const { status, headers } = await api.ask("GET", path);
    expect({ status, type: headers["content-type"], etag: headers["etag"] }).toEqual({ status: 200, type, etag }); // prettier-ignore
    expect(headers["cache-control"]).toBe(
      path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    );
    expect((await api.ask("HEAD", path)).status).toBe(200);
    expect((await api.ask("GET", path, { headers: { "if-none-match": etag } })).status).toBe(304);
  }
});

test("the page may run and load what is its own alone, and is framed by nobody", async () => {
  const { headers } = await api.ask("GET", "/");
  const policy = String(headers["content-security-policy"]);
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("no-referrer");
});

test("the page has no script, style or address in it but its own files", () => {
  const html = files.get("/")?.bytes.toString("utf8") ?? "";
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc="\/assets\/)|https?:/);
  const all = [...files.values()].map(({ bytes }) => bytes.toString("utf8")).join("\n");
  expect(all).not.toMatch(/sourceMappingURL|dangerouslySetInnerHTML:|eval\(/);
});

test.each([
  { method: "GET", path: "/assets/", want: 401 },
  { method: "GET", path: "/assets/../package.json", want: 401 },
  { method: "GET", path: "/assets/%2e%2e/index.html", want: 401 },
  { method: "GET", path: "/.sources", want: 401 },
  { method: "POST", path: "/", want: 401 },
])("$method $path is answered $want", async ({ method, path, want }) => {
  expect((await api.ask(method, path)).status).toBe(want);
});
