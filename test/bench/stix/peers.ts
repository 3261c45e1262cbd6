/** The peers of the STIX bench: Python packages of the OASIS committee, and the crate `rstix`. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Observation } from "stix2-ts";
import type { Verdict } from "../../differential/compare.ts";
import { toBundle, type Case } from "../../differential/generate.ts";
import { askPython, pythonPackages } from "../../support/python-packages.ts";

const MATCHER = [
  "stix2-matcher==3.0.0",
  "stix2-patterns==2.1.2",
  "antlr4-python3-runtime==4.13.2",
  "python-dateutil==2.9.0.post0",
  "deepmerge==2.0",
  "six==1.17.0",
];
const OBJECTS = [
  "stix2==3.0.2",
  "stix2-patterns==2.1.2",
  "antlr4-python3-runtime==4.13.2",
  "six==1.17.0",
  "pytz==2025.2",
  "requests==2.32.5",
  "simplejson==3.20.2",
  "urllib3==2.5.0",
  "idna==3.10",
  "certifi==2025.8.3",
  "charset-normalizer==3.4.3",
];

/** A pattern and an observation, by their places in the lists. */
export type Pair = readonly [pattern: number, observation: number];

function ask<T>(packages: string, request: object): T {
  return askPython(path.join(import.meta.dirname, "peer.py"), packages, request) as T;
}

/** CPU seconds that stix2-patterns takes to parse the patterns. */
export function pythonParse(patterns: readonly string[], runs: number): number {
  const packages = pythonPackages("stix2-matcher", MATCHER);
  return ask<{ seconds: number }>(packages, { job: "parse", patterns, runs }).seconds;
}

/** CPU seconds that stix2-matcher takes for the pairs, one a call, and its verdicts. */
export function pythonPairs(
  patterns: readonly string[],
  observations: readonly Observation[],
  pairs: readonly Pair[],
): { readonly seconds: number; readonly verdicts: readonly boolean[] } {
  const packages = pythonPackages("stix2-matcher", MATCHER);
  const bundles = observations.map((one) => toBundle([one]));
  return ask(packages, { job: "pairs", patterns, bundles, pairs, runs: 2 });
}

/** Every pattern on every observation: CPU seconds in one call a pattern and one a pair, and the pairs that match. */
export function pythonWhole(
  patterns: readonly string[],
  observations: readonly Observation[],
): { readonly together: number; readonly apart: number; readonly hits: readonly Pair[] } {
  const packages = pythonPackages("stix2-matcher", MATCHER);
  const bundles = observations.map((one) => toBundle([one]));
  return ask(packages, { job: "whole", patterns, bundles });
}

/** CPU seconds of `stix2.parse` on a bundle given as text, and of stix2-patterns on the patterns in it. */
export function pythonBundle(bundle: string): {
  readonly objects: number;
  readonly patterns: number;
} {
  return ask(pythonPackages("stix2", OBJECTS), { job: "bundle", bundle, runs: 2 });
}

interface RustRequest {
  readonly runs: number;
  readonly patterns: readonly string[];
  readonly bundles: readonly object[];
  readonly pairs: readonly Pair[];
}

interface RustAnswer {
  readonly parse_us: number;
  readonly rejected: readonly string[];
  readonly pairs_us: number;
  readonly verdicts: readonly Verdict[];
}

const CRATE = path.join(import.meta.dirname, "rust");
const TARGET = path.join(import.meta.dirname, "../../../node_modules/.cache/stixsweep-rust");

/** Builds the peer in Rust (once). */
export function buildRust(): void {
  execFileSync("cargo", ["build", "--release", "--quiet", "--locked"], {
    cwd: CRATE,
    env: { ...process.env, CARGO_TARGET_DIR: TARGET },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** The version of the crate that is measured. */
export function rstixVersion(): string {
  const manifest = readFileSync(path.join(CRATE, "Cargo.toml"), "utf8");
  return /rstix = \{ version = "=([\d.]+)"/.exec(manifest)?.[1] ?? "";
}

/** What rstix takes to parse the patterns (with its check of types), and for the pairs. */
export function rust(
  patterns: readonly string[],
  observations: readonly Observation[] = [],
  pairs: readonly Pair[] = [],
  runs = 15,
): RustAnswer {
  return askRust({ runs, patterns, bundles: observations.map(rustBundle), pairs });
}

/** What rstix says of each case's pairs, in their order. */
export function rustVerdicts(cases: readonly Case[]): readonly Verdict[] {
  const patterns = cases.map(({ pattern }) => pattern);
  const bundles = cases.flatMap(({ lists }) => lists.map(toBundle));
  const owners = cases.flatMap(({ lists }, p) => lists.map(() => p));
  const pairs = owners.map((p, o): Pair => [p, o]);
  return askRust({ runs: 0, patterns, bundles, pairs }).verdicts;
}

function askRust({ bundles, ...request }: RustRequest): RustAnswer {
  const texts = bundles.map((one) => JSON.stringify(one));
  const out = execFileSync(path.join(TARGET, "release/stix-peer"), {
    input: JSON.stringify({ ...request, bundles: texts }),
    maxBuffer: 1 << 28,
  });
  return JSON.parse(out.toString("utf8")) as RustAnswer;
}

function rustBundle({ objects }: Observation, i: number): object {
  const list = Object.entries(objects).map(([id, object]) => ({
    id,
    spec_version: "2.1",
    ...object,
  }));
  const id = `bundle--00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;
  return { type: "bundle", id, objects: list };
}
