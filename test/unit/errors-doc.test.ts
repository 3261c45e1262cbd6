import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "../..");

const codeForms: readonly RegExp[] = [
  // new ServiceError("state/…"), new StixError("stix/…"), new FeedError("feed/…") and what derives from them
  /Error\(\s*"([a-z]+\/[a-z0-9-]+)"/g,
  // code: "match/…"
  /\bcode:\s*"([a-z]+\/[a-z0-9-]+)"/g,
  // a code that takes another way into an error or a report
  /"((?:stix|feed|match|state|events|config|service|scan|api)\/[a-z0-9-]+)"/g,
];

function codesIn(text: string): readonly string[] {
  return codeForms.flatMap((form) => [...text.matchAll(form)].map(([, code = ""]) => code));
}

function documentedIn(text: string): readonly string[] {
  return [...text.matchAll(/^\| `([a-z]+\/[a-z0-9-]+)`/gm)].map(([, code = ""]) => code);
}

function sourcesUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/(?:^|[/\\])(?:node_modules|dist)[/\\]/.test(path))
    .map((path) => readFileSync(join(root, folder, path), "utf8"));
}

const used = new Set(
  ["packages", "services", "feeds"].flatMap((folder) => sourcesUnder(folder).flatMap(codesIn)),
);
const documented = documentedIn(readFileSync(join(root, "docs/errors.md"), "utf8"));

describe("docs/errors.md", () => {
  test("explains every code that the sources use", () => {
    expect(used.size).toBeGreaterThan(20);
    expect([...used].filter((code) => !documented.includes(code))).toEqual([]);
  });
  test("explains no code that the sources do not use", () => {
    expect(documented.filter((code) => !used.has(code))).toEqual([]);
  });
  test("explains each once", () => {
    expect(documented).toHaveLength(new Set(documented).size);
  });
});

describe("codes are found", () => {
  test.each([
    { name: "in a constructor", given: 'new ServiceError("store/full", "m")', want: ["store/full"] }, // prettier-ignore
    { name: "on the next line", given: 'new PatternSyntaxError(\n  "syntax/x",', want: ["syntax/x"] }, // prettier-ignore
    { name: "in a field", given: '{ code: "queue/lost" }', want: ["queue/lost"] },
    { name: "elsewhere", given: 'lose("feed/made-up", "m")', want: ["feed/made-up"] },
    { name: "not in an import", given: 'import { a } from "./feed/made-up.ts";', want: [] },
    { name: "not in a media type", given: 'type("application/json")', want: [] },
  ])("$name", ({ given, want }) => expect(codesIn(given)).toEqual(want));
});
