import { compilePattern, parsePattern, type MatchMode } from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { pythonPairs, rust, type Pair } from "./peers.ts";
import { count, cpuSeconds, expectSame, type Row, type Section } from "./section.ts";
import { kindOf, makeObservations, singlePattern, type Kind } from "./workload.ts";

const PATTERNS = 200;
const OBSERVATIONS = 400;
const KINDS: readonly Kind[] = ["equals", "range", "LIKE", "MATCHES", "composite"];

const patterns = Array.from({ length: PATTERNS }, (_, i) => singlePattern(i));
const observations = makeObservations(OBSERVATIONS, PATTERNS);

/** Pairs in which the observation has an object of a type that the pattern names: the others cost next to nothing. */
function pairsOf(kind: Kind): Pair[] {
  const pairs: Pair[] = [];
  for (const [p, text] of patterns.entries()) {
    const types = new Set(Array.from(text.matchAll(/([a-z0-9-]+):/g), ([, type = ""]) => type));
    for (const [o, { objects }] of observations.entries()) {
      if (kindOf(p) === kind && Object.values(objects).some(({ type }) => types.has(type)))
        pairs.push([p, o]);
    }
  }
  return pairs;
}

async function ours(mode: MatchMode, pairs: readonly Pair[]) {
  const tests = patterns.map(
    (text) => compilePattern(parsePattern(text), { mode, regex: re2 }).test,
  );
  const all = pairs.map(([p, o]) => ({ test: tests[p] ?? never, on: observations[o] ?? never() }));
  const run = () => all.map(({ test, on }) => test(on) !== undefined);
  return { seconds: await cpuSeconds(20, run), verdicts: run() };
}

function never(): never {
  throw new RangeError("no such observation");
}

/** One pattern on one observation, the pattern compiled before. */
export async function benchPairs(): Promise<Section> {
  const rows: Row[] = [];
  for (const kind of KINDS) {
    const pairs = pairsOf(kind);
    const spec = await ours("spec", pairs);
    const observable = await ours("observable", pairs);
    const rstix = rust(patterns, observations, pairs, 3);
    const few = pairs.slice(0, 1000);
    const python = pythonPairs(patterns, observations, few);
    expectSame("stix2-ts and rstix", spec.verdicts, rstix.verdicts);
    expectSame("stix2-ts and stix2-matcher", spec.verdicts.slice(0, few.length), python.verdicts);
    const micros = (seconds: number, all: readonly Pair[]): string =>
      `${((seconds / all.length) * 1e6).toFixed(2)} µs`;
    const mine = spec.seconds / pairs.length;
    rows.push(
      {
        what: kind,
        ours: micros(spec.seconds, pairs),
        peer: "rstix",
        theirs: micros(rstix.pairs_us / 1e6, pairs),
        ratio: rstix.pairs_us / 1e6 / spec.seconds,
        floor: 1,
      },
      {
        what: `${kind}, same`,
        ours: micros(spec.seconds, pairs),
        peer: "stix2-matcher",
        theirs: micros(python.seconds, few),
        ratio: python.seconds / few.length / mine,
        ...(kind === "composite" ? { floor: 20 } : {}),
      },
      { what: `${kind}, observable mode`, ours: micros(observable.seconds, pairs) },
    );
  }
  return {
    title: "One pattern on one observation",
    text: `Patterns compiled before, mode \`spec\` unless said. Pairs of ${count(PATTERNS)} patterns and ${count(OBSERVATIONS)} observations of one to three objects, of which one has a type that the pattern names. All three give the same verdicts. rstix compiles the regular expression of MATCHES at each evaluation. stix2-matcher took 1,000 pairs a kind.`,
    rows,
  };
}
