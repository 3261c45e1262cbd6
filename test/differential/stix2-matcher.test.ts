/** Our verdicts beside those of the OASIS reference matcher (PyPI stix2-matcher); every difference has its reason here. */
import path from "node:path";
import { expect } from "@jest/globals";
import { askPython, pythonPackages, pythonTest } from "../support/python.ts";
import { compareVerdicts, type Verdict } from "./compare.ts";
import { drawCases, toBundle } from "./generate.ts";
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

pythonTest(
  "on generated patterns and observations, whoever differs from the specification is named",
  () => {
    const packages = pythonPackages("stix2-matcher", REQUIREMENTS);
    const cases = drawCases(PATTERNS);
    const theirs = askPython(path.join(import.meta.dirname, "stix2_matcher.py"), packages, {
      cases: cases.map((one) => ({ pattern: one.pattern, bundles: one.lists.map(toBundle) })),
    }) as Verdict[][];
    const found = compareVerdicts(cases, theirs.flat(), reasonFor);
    expect(Object.keys(found.reasons).toSorted()).toEqual(Object.keys(REASONS).toSorted());
    expect(found.unexplained.slice(0, 5)).toEqual([]);
    expect(found.pairs).toBeGreaterThan(20_000);
    expect(found.same).toBeGreaterThan(15_000);
    expect(found.matched).toBeGreaterThan(3000);
  },
  120_000,
);
