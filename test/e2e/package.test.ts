/** stix2-ts as others get it: packed, installed in a project of its own, compiled by two TypeScripts, run. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const ROOT = path.join(import.meta.dirname, "..", "..");
const PACKAGE = path.join(ROOT, "packages", "stix2-ts");
const TYPESCRIPTS = ["5.4.5", "7.0.2"];

const CONSUMER = `
import { compilePattern, observableId, parseBundle, parsePattern, PatternSet, validatePattern, type StixObject } from "stix2-ts";

const { objects, rejected } = parseBundle(JSON.stringify({
  type: "bundle",
  id: "bundle--11111111-1111-4111-8111-111111111111",
  objects: [{ type: "file", spec_version: "2.1", id: "file--5a27d487-c542-5f97-a131-a8866b477b46", name: "a.exe" }, { type: "malware" }],
}));
const names = objects.map((object: StixObject): string => {
  switch (object.type) {
    case "file":
      return object.name ?? "";
    default:
      return object.type;
  }
});
const pattern = parsePattern("[file:name = 'A.EXE'] FOLLOWEDBY [file:name = 'b.exe']");
const at = (name: string, time: number) => ({
  objects: { f: { type: "file", name } },
  firstObserved: time,
  lastObserved: time,
  numberObserved: 1,
});
const binding = compilePattern(pattern, { mode: "observable" }).find([at("a.exe", 1), at("b.exe", 2)]);
const set = new PatternSet();
set.add("p", { pattern: parsePattern("[file:name = 'A.EXE']"), options: { mode: "observable" } });
console.log(JSON.stringify([names, rejected.length, binding?.length, set.match(at("a.exe", 1)).length,
  validatePattern(pattern).length, observableId({ type: "file", name: "a.exe" })?.slice(0, 6)]));
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stix2-ts-"));
  const source = path.join(folder, "source");
  mkdirSync(source);
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync("npm", args, { cwd, stdio: ["ignore", "pipe", "pipe"] }).toString();
  const tsc = path.join(ROOT, "node_modules", ".bin", "tsc");
  // Built elsewhere, so that nothing is left in the checkout.
  execFileSync(tsc, ["-p", PACKAGE, "--outDir", path.join(source, "dist"), "--tsBuildInfoFile", path.join(folder, "info")]); // prettier-ignore
  for (const name of ["package.json", "README.md", "CHANGELOG.md"]) {
    cpSync(path.join(PACKAGE, name), path.join(source, name));
  }
  const tarball = npm(source, "pack", "--silent", "--pack-destination", folder).trim();
  const consumer = path.join(folder, "consumer");
  mkdirSync(consumer);
  writeFileSync(
    path.join(consumer, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const compilers = TYPESCRIPTS.map((version) => `ts${version[0]}@npm:typescript@${version}`);
  npm(consumer, "install", "--silent", "--no-audit", "--no-fund", path.join(folder, tarball), ...compilers); // prettier-ignore
  writeFileSync(path.join(consumer, "main.ts"), CONSUMER);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  test.each(TYPESCRIPTS)("compiles under TypeScript %s and runs", (version) => {
    const consumer = path.join(folder, "consumer");
    const manifest = path.join(consumer, "node_modules", `ts${version[0]}`, "package.json");
    const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: { tsc: string } };
    const out = `out${version[0]}`;
    const compilerOptions = {
      strict: true,
      target: "es2022",
      module: "nodenext",
      lib: ["es2022", "dom"],
      types: [],
      outDir: out,
    };
    const config = path.join(consumer, `tsconfig${version[0]}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ["main.ts"] }));
    const tsc = path.join(path.dirname(manifest), bin.tsc);
    expect(() =>
      execFileSync(process.execPath, [tsc, "-p", config], { cwd: consumer }),
    ).not.toThrow();
    const said = execFileSync(process.execPath, [path.join(out, "main.js")], { cwd: consumer });
    expect(JSON.parse(said.toString())).toEqual([["a.exe"], 1, 2, 1, 0, "file--"]);
  });

  test("has no dependency, imports nothing of Node, and ships no tests or sources", () => {
    const installed = path.join(folder, "consumer", "node_modules", "stix2-ts");
    const manifest = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")) as {
      dependencies?: object;
      sideEffects?: boolean;
    };
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.sideEffects).toBe(false);
    const files = readdirSync(path.join(installed, "dist"), { recursive: true }).map(String);
    const scripts = files.filter((name) => name.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(50);
    for (const name of scripts) {
      const text = readFileSync(path.join(installed, "dist", name), "utf8");
      expect(text).not.toMatch(/from "(?!\.)|require\(|\bprocess\./);
    }
    expect(readdirSync(installed).toSorted()).toEqual(["CHANGELOG.md", "README.md", "dist", "package.json"]); // prettier-ignore
  });
});
