/** What the package exports: each with a docstring, and named in the README. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";

const PACKAGE = path.join(import.meta.dirname, "../../../packages/stix2-ts");
const read = (file: string): string => readFileSync(path.join(PACKAGE, file), "utf8");

interface Exported {
  readonly name: string;
  readonly file: string;
  readonly isType: boolean;
}

const DECLARED = /^export (?:declare )?(?:abstract )?(function\*?|async function\*?|class|const|interface|type) (\w+)/gm; // prettier-ignore

function exportsOf(index: string): readonly Exported[] {
  const named = [...index.matchAll(/^export (type )?\{([^}]*)\} from "\.\/([^"]+)";/gm)].flatMap(
    ([, allTypes, names = "", file = ""]) =>
      names
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "")
        .map((one) => ({
          name: one.replace(/^type /, ""),
          file: `src/${file}`,
          isType: allTypes !== undefined || one.startsWith("type "),
        })),
  );
  const whole = [...index.matchAll(/^export type \* from "\.\/([^"]+)";/gm)].flatMap(
    ([, file = ""]) =>
      [...read(`src/${file}`).matchAll(DECLARED)]
        .filter(([, kind]) => kind === "interface" || kind === "type")
        .map(([, , name = ""]) => ({ name, file: `src/${file}`, isType: true })),
  );
  return [...named, ...whole];
}

function isDocumented({ name, file }: Exported): boolean {
  const text = read(file);
  const found = [...text.matchAll(DECLARED)].filter(([, , declared]) => declared === name);
  return found.some(({ index }) => text.slice(0, index).trimEnd().endsWith("*/"));
}

const all = exportsOf(read("src/index.ts"));

describe("the exports of stix2-ts", () => {
  test("are many", () => {
    expect(all.length).toBeGreaterThan(100);
  });
  test("have a docstring each", () => {
    expect(all.filter((one) => !isDocumented(one)).map(({ name, file }) => `${file}: ${name}`)).toEqual([]); // prettier-ignore
  });
  test("stand in the README, those that are no types", () => {
    const readme = read("README.md");
    const values = all.filter(({ isType }) => !isType).map(({ name }) => name);
    expect(values.filter((name) => !new RegExp(`\`${name}\\b`).test(readme))).toEqual([]);
  });
});
