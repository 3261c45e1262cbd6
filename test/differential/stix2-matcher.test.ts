/** Our verdicts beside those of the OASIS reference matcher (PyPI stix2-matcher); every difference has its reason here. */
import path from "node:path";
import { expect } from "@jest/globals";
import fc from "fast-check";
import { compilePattern, parsePattern } from "stix2-ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { askPython, pythonPackages, pythonTest } from "../support/python.ts";
import { observations, pattern, toBundle } from "./generate.ts";
import { REASONS, reasonFor } from "./reasons.ts";

const REQUIREMENTS = [
  "stix2-matcher==3.0.0",
  "stix2-patterns==2.1.2",
  "antlr4-python3-runtime==4.13.2",
  "python-dateutil==2.9.0.post0",
  "deepmerge==2.0",
  "six==1.17.0",
];

const PATTERNS = 2500;
const LISTS = 9;

type Verdict = boolean | string;

pythonTest(
  "on generated patterns and observations, whoever differs from the specification is named",
  () => {
    const packages = pythonPackages("stix2-matcher", REQUIREMENTS);
    const texts = fc.sample(pattern, { numRuns: PATTERNS, seed: 20_251_125 });
    const lists = fc.sample(observations, { numRuns: PATTERNS * LISTS, seed: 5 });
    const cases = texts.map((text, i) => ({
      pattern: text,
      lists: lists.slice(i * LISTS, (i + 1) * LISTS),
    }));
    const theirs = askPython(path.join(import.meta.dirname, "stix2_matcher.py"), packages, {
      cases: cases.map((one) => ({ pattern: one.pattern, bundles: one.lists.map(toBundle) })),
    }) as Verdict[][];
    const counts = { same: 0, matched: 0 };
    const reasons: Record<string, number> = {};
    const unexplained: unknown[] = [];
    for (const [i, one] of cases.entries()) {
      const { find } = compilePattern(parsePattern(one.pattern), { mode: "spec", regex: re2 });
      for (const [j, list] of one.lists.entries()) {
        const [ours, their] = [find(list) !== undefined, theirs[i]?.[j] ?? "no answer"];
        if (ours === their) {
          counts.same += 1;
          counts.matched += ours ? 1 : 0;
          continue;
        }
        const reason = reasonFor(one.pattern, list, their);
        if (reason === undefined) unexplained.push({ pattern: one.pattern, list, ours, their });
        else reasons[reason] = (reasons[reason] ?? 0) + 1;
      }
    }
    expect(Object.keys(reasons).toSorted()).toEqual(Object.keys(REASONS).toSorted());
    expect(unexplained.slice(0, 5)).toEqual([]);
    expect(counts.same).toBeGreaterThan(15_000);
    expect(counts.matched).toBeGreaterThan(3000);
  },
  120_000,
);
