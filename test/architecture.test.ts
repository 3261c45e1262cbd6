import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, join, posix } from "node:path";
import { describe, expect, test } from "@jest/globals";

/** A source file of the project, its path from the repository's root. */
interface Source {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const STIX2 = "packages/stix2-ts";
const CORE = "services/core";
const FEEDS = "feeds";
const ADAPTERS = "services/adapters";
const SAMPLE = "services/sample";
const RUNTIME = "services/runtime";
const API = "services/api";
const STIXSWEEP = "services/stixsweep";
/** Talks to the API by HTTP alone, so it knows nothing of the others. */
const CONSOLE = "services/console";

/** What each layer may import beside itself. */
const layers: Readonly<Record<string, readonly string[]>> = {
  [STIX2]: [],
  [CORE]: [STIX2],
  [FEEDS]: [STIX2, CORE],
  [ADAPTERS]: [STIX2, CORE],
  [SAMPLE]: [],
  [RUNTIME]: [STIX2, CORE, FEEDS, ADAPTERS, SAMPLE],
  [API]: [STIX2, CORE, RUNTIME],
  [CONSOLE]: [],
  [STIXSWEEP]: [STIX2, CORE, FEEDS, ADAPTERS, SAMPLE, RUNTIME, API],
};

/** Imports that are allowed for their types alone. */
const typesOnly: readonly (readonly [from: string, to: string])[] = [[API, RUNTIME]];

/** Parts that reach the world through their arguments alone, and the npm packages they may use. */
const pure: readonly { readonly under: string; readonly packages: readonly string[] }[] = [
  { under: "packages/stix2-ts/src", packages: [] },
  // Sources are written by people: a schema reads them, the same for files and the API.
  { under: "services/core/feeds", packages: ["zod"] },
  { under: "services/core/notify", packages: ["zod"] },
  { under: "services/core", packages: [] },
  { under: "feeds/formats", packages: ["saxes", "csv-parse"] },
];

const impure: readonly (readonly [name: string, use: RegExp])[] = [
  ["Date.now()", /\bDate\s*\.\s*now\b/],
  ["new Date() without argument", /\bnew\s+Date\s*(?:\(\s*\)|(?![\s\w(<]))/],
  ["Date() as a call", /(?<!new\s+)(?<![\w$.])Date\s*\(/],
  ["Math.random()", /\bMath\s*\.\s*random\b/],
  ["performance", /(?<![\w$.])performance\s*\./],
  ["process", /(?<![\w$.])process\s*(?:\?\.|\.(?!\.)|\[)/],
  ["console", /(?<![\w$.])console\s*(?:\?\.|\.|\[)/],
  ["globalThis", /(?<![\w$.])globalThis\b/],
];

const vagueNames = /^(?:utils?|helpers?|common|types?)$/;
const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.tsx?$/;
const MAX_LINES = 400;

const gap = String.raw`(?:\s|/\*[^]*?\*/)*`;
/** Where an expression can begin: `await import(`, and not `INSERT INTO import (`. */
const callStart = String.raw`(?<=^\s*|[^\w\s$.]\s*|(?<![\w$.])(?:await|return|void|typeof|yield|case|else|extends)\s+)`;
const importForms: readonly RegExp[] = [
  // import … from "x", export … from "x"
  new RegExp(String.raw`^[ \t]*(?:import|export)\b([^"'();=]*?)\bfrom${gap}(["'])(.*?)\2`, "gm"),
  // import "x"
  new RegExp(String.raw`^[ \t]*import()${gap}(["'])(.*?)\2`, "gm"),
  // import("x"), also as a type; require("x")
  new RegExp(String.raw`${callStart}(?:import|require)()${gap}\(${gap}(["'${"`"}])(.*?)\2`, "gm"),
];
const unreadableImport = new RegExp(
  String.raw`${callStart}(?:import|require)${gap}\(${gap}(?!\s|/\*|["'${"`"}])|${callStart}import\(${gap}${"`"}[^${"`"}]*\$\{`,
  "m",
);

function importsOf(text: string): readonly Import[] {
  return importForms.flatMap((form) =>
    [...text.matchAll(form)].map(([, clause = "", , specifier = ""]) => ({
      specifier,
      typeOnly: /^\s+type\b/.test(clause),
    })),
  );
}

/** Takes out comments and quoted text, as far as a line shows them: enough for code that Prettier wrote. */
function codeOf(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line))
    .map((line) =>
      line
        .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.|\$(?!\{))*`?/g, '""')
        .replace(/\s\/\/.*$/, ""),
    )
    .join("\n");
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function layerOf(path: string): string | undefined {
  return Object.keys(layers).find((layer) => isUnder(path, layer));
}

/** What an import leads to: a path in the repository, a Node module or an npm package. */
function targetOf(
  from: string,
  specifier: string,
): { readonly kind: "path" | "node" | "package"; readonly name: string } {
  if (specifier.startsWith(".")) {
    return { kind: "path", name: posix.join(posix.dirname(from), specifier) };
  }
  const [scope = "", name = ""] = specifier.split("/");
  const bare = scope.startsWith("@") ? `${scope}/${name}` : scope;
  if (bare === "stix2-ts") {
    return { kind: "path", name: STIX2 };
  }
  const isNode = specifier.startsWith("node:") || builtinModules.includes(bare);
  return { kind: isNode ? "node" : "package", name: bare };
}

function importOffences({ path, text }: Source): readonly string[] {
  const layer = layerOf(path);
  if (layer === undefined) {
    return [`${path}: stands in no layer`];
  }
  // The sample writes data and knows nothing of what reads it, nor of Node.
  const rules = [...pure, { under: SAMPLE, packages: [] }].find((part) =>
    isUnder(path, part.under),
  );
  const offences = unreadableImport.test(text) ? [`${path}: imports what only a run can tell`] : [];
  for (const { specifier, typeOnly } of importsOf(text)) {
    const { kind, name } = targetOf(path, specifier);
    if (kind !== "path") {
      if (rules !== undefined && !(kind === "package" && rules.packages.includes(name))) {
        offences.push(`${path}: is pure and imports ${specifier}`);
      }
      continue;
    }
    const target = layerOf(name);
    if (target === layer) {
      continue;
    }
    if (target === undefined || layers[layer]?.includes(target) !== true) {
      offences.push(`${path}: ${layer} may not import ${target ?? name}`);
    } else if (!typeOnly && typesOnly.some(([a, b]) => a === layer && b === target)) {
      offences.push(`${path}: ${layer} may import types alone of ${target}`);
    }
  }
  return offences;
}

function purityOffences({ path, text }: Source): readonly string[] {
  if (!pure.some(({ under }) => isUnder(path, under))) {
    return [];
  }
  const code = codeOf(text);
  return impure.filter(([, use]) => use.test(code)).map(([name]) => `${path}: uses ${name}`);
}

function nameOffences(path: string): readonly string[] {
  const file = basename(path);
  const stem = file.replace(/(?:\.test)?\.tsx?$/, "");
  return [
    ...(kebabCase.test(file) ? [] : [`${path}: name is not kebab-case`]),
    ...(vagueNames.test(stem) ? [`${path}: name says nothing`] : []),
  ];
}

function sizeOffences({ path, text }: Source): readonly string[] {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > MAX_LINES ? [`${path}: ${lines} lines, more than ${MAX_LINES}`] : [];
}

const root = join(import.meta.dirname, "..");

function typescriptUnder(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) {
    return [];
  }
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => /\.tsx?$/.test(path) && !/\/(?:node_modules|dist)\//.test(path));
}

const sources = ["packages", "services", "feeds"].flatMap((folder) =>
  typescriptUnder(folder).map((path): Source => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  })),
);

describe("the project", () => {
  test("has sources in the layers that all others stand on", () => {
    const filled = new Set(sources.map(({ path }) => layerOf(path)));
    expect([...filled]).toEqual(expect.arrayContaining([STIX2, CORE, FEEDS, ADAPTERS, SAMPLE]));
  });
  test("imports along the layers", () => {
    expect(sources.flatMap(importOffences)).toEqual([]);
  });
  test("keeps clock, chance, environment and console out of its pure parts", () => {
    expect(sources.flatMap(purityOffences)).toEqual([]);
  });
  test("names files in kebab-case, after what they hold", () => {
    const paths = [...sources.map(({ path }) => path), ...typescriptUnder("test")];
    expect(paths.flatMap(nameOffences)).toEqual([]);
  });
  test("keeps files short", () => {
    expect(sources.flatMap(sizeOffences)).toEqual([]);
  });
});

describe("the checker finds a forbidden import", () => {
  const core = "services/core/match/made-up.ts";
  const cases: { name: string; path?: string; text: string; want: string }[] = [
    { name: "static", text: 'import { a } from "../../adapters/sqlite/a.ts";', want: "may not import services/adapters" }, // prettier-ignore
    { name: "over several lines", text: 'import {\n  a,\n  type B,\n} from "../../runtime/a.ts";', want: "may not import services/runtime" }, // prettier-ignore
    { name: "default", text: "import a from '../../runtime/a.ts';", want: "may not import services/runtime" }, // prettier-ignore
    { name: "namespace", text: 'import * as a from "../../runtime/a.ts";', want: "may not import services/runtime" }, // prettier-ignore
    { name: "type", text: 'import type { A } from "../../api/a.ts";', want: "may not import services/api" }, // prettier-ignore
    { name: "side effect", text: 'import "../../sample/index.ts";', want: "may not import services/sample" }, // prettier-ignore
    { name: "side effect of Node", text: 'import "node:fs";', want: "is pure and imports node:fs" },
    { name: "dynamic", text: 'const a = await import("../../stixsweep/a.ts");', want: "may not import services/stixsweep" }, // prettier-ignore
    { name: "dynamic, with a comment", text: 'await import(/* late */ "node:os");', want: "is pure and imports node:os" }, // prettier-ignore
    { name: "dynamic, template", text: "await import(`node:os`);", want: "is pure and imports node:os" }, // prettier-ignore
    { name: "dynamic, computed", text: "await import(name);", want: "imports what only a run can tell" }, // prettier-ignore
    { name: "type query", text: 'type A = import("../../../feeds/formats/index.ts").A;', want: "may not import feeds" }, // prettier-ignore
    { name: "require", text: 'const a = require("fs");', want: "is pure and imports fs" },
    { name: "export from", text: 'export { a } from "../../../feeds/formats/index.ts";', want: "may not import feeds" }, // prettier-ignore
    { name: "export all", text: 'export * from "../../adapters/a.ts";', want: "may not import services/adapters" }, // prettier-ignore
    { name: "export of types", text: 'export type * from "../../adapters/a.ts";', want: "may not import services/adapters" }, // prettier-ignore
    { name: "npm package", text: 'import pino from "pino";', want: "is pure and imports pino" },
    { name: "scoped npm package", text: 'import a from "@duckdb/node-api";', want: "is pure and imports @duckdb/node-api" }, // prettier-ignore
    { name: "saxes in the core", text: 'import { SaxesParser } from "saxes";', want: "is pure and imports saxes" }, // prettier-ignore
    { name: "a part of Node without its prefix", text: 'import { a } from "fs/promises";', want: "is pure and imports fs/promises" }, // prettier-ignore
    { name: "stix2-ts looks up", path: "packages/stix2-ts/src/a.ts", text: 'import { a } from "../../../services/core/a.ts";', want: "may not import services/core" }, // prettier-ignore
    { name: "a feed format uses Node", path: "feeds/formats/a.ts", text: 'import { a } from "node:fs";', want: "is pure and imports node:fs" }, // prettier-ignore
    { name: "a feed uses an adapter", path: "feeds/a.ts", text: 'import { a } from "../services/adapters/a.ts";', want: "may not import services/adapters" }, // prettier-ignore
    { name: "an adapter uses the runtime", path: "services/adapters/sqlite/a.ts", text: 'import { a } from "../../runtime/a.ts";', want: "may not import services/runtime" }, // prettier-ignore
    { name: "the sample uses the core", path: "services/sample/a.ts", text: 'import { a } from "../core/a.ts";', want: "may not import services/core" }, // prettier-ignore
    { name: "the API uses an adapter", path: "services/api/a.ts", text: 'import { a } from "../adapters/a.ts";', want: "may not import services/adapters" }, // prettier-ignore
    { name: "the API runs the runtime", path: "services/api/a.ts", text: 'import { a } from "../runtime/a.ts";', want: "may import types alone" }, // prettier-ignore
    { name: "a source imports a test", text: 'import { a } from "../../../test/a.ts";', want: "may not import test/a.ts" }, // prettier-ignore
    { name: "the console looks into the API", path: "services/console/src/a.tsx", text: 'import { a } from "../../api/a.ts";', want: "may not import services/api" }, // prettier-ignore
    { name: "a new folder", path: "services/elsewhere/a.ts", text: "", want: "stands in no layer" },
  ];
  test.each(cases)("$name", ({ path = core, text, want }) => {
    const found = importOffences({ path, text });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(want);
  });

  test.each([
    { name: "downwards", path: core, text: 'import { a } from "stix2-ts";\nimport { b } from "../records.ts";' }, // prettier-ignore
    { name: "saxes in a format", path: "feeds/formats/a.ts", text: 'import { SaxesParser } from "saxes";' }, // prettier-ignore
    { name: "Node in an adapter", path: "services/adapters/a.ts", text: 'import { a } from "node:fs";' }, // prettier-ignore
    { name: "types of the runtime in the API", path: "services/api/a.ts", text: 'import type { A } from "../runtime/a.ts";' }, // prettier-ignore
    {
      name: "a table of that name",
      path: core,
      text: 'run("INSERT INTO import (id) VALUES (?)");',
    },
    { name: "prose", path: core, text: '/** Keeps an import from "elsewhere". */\nexport const a = "x";' }, // prettier-ignore
  ])("and lets others pass: $name", ({ path, text }) => {
    expect(importOffences({ path, text })).toEqual([]);
  });
});

describe("the checker finds what is not pure", () => {
  const path = "feeds/formats/made-up.ts";
  test.each([
    { text: "const a = Date.now();", want: "Date.now()" },
    { text: "const now = Date.now;", want: "Date.now()" },
    { text: "const a = new Date();", want: "new Date() without argument" },
    { text: "const a = new Date;", want: "new Date() without argument" },
    { text: "const a = Date();", want: "Date() as a call" },
    { text: "const a = Math.random();", want: "Math.random()" },
    { text: "const a = performance.now();", want: "performance" },
    { text: 'const a = process.env["A"];', want: "process" },
    { text: 'const a = process["env"];', want: "process" },
    { text: "const a = `${process.pid}`;", want: "process" },
    { text: "console.log(1);", want: "console" },
    { text: "const a = globalThis.process;", want: "globalThis" },
  ])("$text", ({ text, want }) => {
    expect(purityOffences({ path, text })).toEqual([`${path}: uses ${want}`]);
  });

  test.each([
    { text: "const a = new Date(0);" },
    { text: 'const a = "process.executable";' },
    { text: "/** Says that process.pid is no good here. */" },
    { text: "// Date.now() comes in as an argument" },
    { text: "const a = { ...process };" },
    { text: "const a = event.process.pid;" },
  ])("and lets others pass: $text", ({ text }) => {
    expect(purityOffences({ path, text })).toEqual([]);
  });

  test("but not outside the pure parts", () => {
    const text = "const a = Date.now();";
    expect(purityOffences({ path: "services/runtime/a.ts", text })).toEqual([]);
  });
});

describe("the checker finds a bad file", () => {
  test.each(["utils.ts", "helpers.ts", "common.ts", "types.ts", "utils.test.ts"])("%s", (file) => {
    expect(nameOffences(`services/core/${file}`)).toHaveLength(1);
  });
  test.each(["CamelCase.ts", "snake_case.ts", "a--b.ts", "camelCase.test.ts"])("%s", (file) => {
    expect(nameOffences(`services/core/${file}`)).toHaveLength(1);
  });
  test.each([
    { name: "as long as may be", lines: MAX_LINES, want: 0 },
    { name: "a line too long", lines: MAX_LINES + 1, want: 1 },
  ])("$name", ({ lines, want }) => {
    const text = "export {};\n".repeat(lines);
    expect(sizeOffences({ path: "services/core/a.ts", text })).toHaveLength(want);
  });
});
