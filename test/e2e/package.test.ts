/** stix2-ts as its users get it: packed, installed in an empty project, compiled by two versions of TypeScript, run, bundled. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const PACKAGE = path.join(import.meta.dirname, "../../packages/stix2-ts");
const folder = mkdtempSync(path.join(tmpdir(), "stix2-ts-"));

const CONSUMER = `
import { compilePattern, parseBundle, parsePattern, PatternSet, validatePattern, StixError } from "stix2-ts";
import type { Indicator, Observation, StixObject } from "stix2-ts";

const { objects, issues } = parseBundle(JSON.stringify({
  type: "bundle", id: "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d",
  objects: [{ type: "indicator", spec_version: "2.1", id: "indicator--26ffb872-1dd9-446e-b6f5-d58527e5b5d2",
    created: "2024-01-01T00:00:00.000Z", modified: "2024-01-01T00:00:00.000Z", pattern: "[file:name = 'a.exe']",
    pattern_type: "stix", valid_from: "2024-01-01T00:00:00Z" }],
}));
function isIndicator(object: StixObject): object is Indicator {
  return object.type === "indicator";
}
const set = new PatternSet();
for (const { id, pattern } of objects.filter(isIndicator)) {
  set.add(id, { pattern: parsePattern(pattern), options: { mode: "observable" } });
}
const seen: Observation = {
  objects: { f: { type: "file", name: "A.EXE" } }, firstObserved: 0, lastObserved: 0, numberObserved: 1,
};
const value: unknown = set.match(seen)[0]?.why[0]?.value;
// @ts-expect-error: there is no such property
const nothing = (objects[0] as Indicator).patern;
let code = "";
try {
  parsePattern("[file:name = ]");
} catch (error) {
  if (error instanceof StixError) code = error.code;
}
const several = compilePattern(parsePattern("[file:name = 'a.exe'] AND [file:name = 'a.exe']"), { mode: "observable" });
const bound: number | undefined = several.find([seen, seen])?.length;
console.log(JSON.stringify([issues.length, value, nothing ?? null, code, bound, validatePattern(parsePattern("[a:b = 1]")).length]));
`;

function run(command: string, args: readonly string[], cwd = folder): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error }); // prettier-ignore
  return stdout;
}

const TYPESCRIPTS = ["5.4.5", "7.0.2"];
const nameOf = (version: string): string => `typescript-${version.split(".")[0]}`;

beforeAll(() => {
  const packed = run("npm", ["pack", "--silent", "--pack-destination", folder], PACKAGE);
  const tarball = packed.trim().split("\n").at(-1) ?? "";
  writeFileSync(path.join(folder, "package.json"), '{ "private": true, "type": "module" }');
  writeFileSync(path.join(folder, "consumer.ts"), CONSUMER);
  const compilers = TYPESCRIPTS.map((version) => `${nameOf(version)}@npm:typescript@${version}`);
  const flags = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"];
  run("npm", ["install", ...flags, `./${tarball}`, ...compilers, "esbuild@0.25.10"]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  test.each(TYPESCRIPTS)("is compiled against by TypeScript %s, and runs", (version) => {
    const compiler = path.join("node_modules", nameOf(version), "bin/tsc");
    const flags = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
    const target = ["--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"]; // prettier-ignore
    const out = `out-${version}`;
    run("node", [compiler, ...flags, ...target, "--outDir", out, "consumer.ts"]);
    const printed = run("node", [path.join(out, "consumer.js")]);
    expect(JSON.parse(printed)).toEqual([0, "A.EXE", null, "stix/pattern-syntax", 2, 1]);
  });

  test("has what a package should have, and no dependency", () => {
    const installed = path.join(folder, "node_modules/stix2-ts");
    const manifest = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")) as Record<string, unknown>; // prettier-ignore
    expect(manifest).toMatchObject({ license: "Apache-2.0", sideEffects: false, type: "module" });
    expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([]);
    expect(readdirSync(installed)).toEqual(
      expect.arrayContaining(["CHANGELOG.md", "LICENSE", "README.md", "dist", "src"]),
    );
  });

  test("uses no module of Node, and nothing else that a browser lacks", () => {
    const dist = path.join(folder, "node_modules/stix2-ts/dist");
    const scripts = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js")); // prettier-ignore
    expect(scripts.length).toBeGreaterThan(50);
    const foreign =
      /^(?:import|export)\b.*\bfrom "(?!\.)|^import "|\bimport\(|\brequire\(|\b(?:Buffer|process)\.|\bglobal\b/m;
    const code = (file: string): string =>
      readFileSync(path.join(dist, file), "utf8").replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    expect(scripts.filter((file) => foreign.test(code(file)))).toEqual([]);
  });

  test("leaves out of a bundle what is not imported", () => {
    const sizeOf = (names: string): number => {
      const entry = path.join(folder, "entry.js");
      writeFileSync(entry, `export ${names} from "stix2-ts";\n`);
      const flags = ["--bundle", "--minify", "--format=esm", "--platform=browser", "--log-level=error"]; // prettier-ignore
      return run("node_modules/.bin/esbuild", [entry, ...flags]).length;
    };
    const whole = sizeOf("*");
    expect(sizeOf("{ parsePattern }")).toBeLessThan(14_000);
    expect(sizeOf("{ compilePattern, parsePattern }")).toBeLessThan(56_000);
    expect(whole).toBeLessThan(156_000);
  });
});
