import { setTimeout } from "node:timers/promises";
import { compilePattern, parsePattern, PatternSet, type MatchOptions } from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { measure } from "../measure.ts";
import { pythonWhole, rust, type Pair } from "./peers.ts";
import { count, cpuSeconds, expectSame, type Row, type Section } from "./section.ts";
import { makeObservations, singlePattern } from "./workload.ts";

const SIZES = [1000, 10_000, 100_000, 1_000_000];
const OBSERVATIONS = 20_000;
/** The patterns that observations are made to satisfy are among the first. */
const PLANTED = 1000;
const OBSERVABLE: MatchOptions = { mode: "observable", regex: re2 };

function build(size: number): PatternSet {
  const set = new PatternSet();
  for (let i = 0; i < size; i++) {
    set.add(`indicator--${i}`, { pattern: parsePattern(singlePattern(i)), options: OBSERVABLE });
  }
  return set;
}

/** Array buffers are let go a while after the collection that finds them unused. */
async function held(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await setTimeout(20);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Many patterns against each of many observations. */
export async function benchSet(largest: number): Promise<Section> {
  // Other observations each run: what a set remembers of values helps as much as it would in a stream.
  const days = Array.from({ length: 5 }, (_, day) =>
    makeObservations(OBSERVATIONS, PLANTED, `day ${day}`),
  );
  const rows: Row[] = [];
  const rates: number[] = [];
  for (const size of SIZES.filter((one) => one <= largest)) {
    const texts = await cpuSeconds(1, () => {
      for (let i = 0; i < size; i++) parsePattern(singlePattern(i));
    });
    const before = await held();
    const built = await measure(1, () => build(size));
    const bytes = ((await held()) - before) / size;
    const set = built.value;
    let day = -1;
    const { cpuMs, value: hits } = await measure(days.length, () => {
      day += 1;
      return days[day]?.reduce((sum, one) => sum + set.match(one).length, 0) ?? 0;
    });
    if (hits < OBSERVATIONS / 20) throw new Error(`only ${hits} matches at ${size} patterns`);
    rates.push(OBSERVATIONS / (cpuMs / 1000));
    const after = ((await held()) - before) / size;
    rows.push({
      what: `${count(size)} patterns`,
      ours: `${count(OBSERVATIONS / (cpuMs / 1000))} observations/s`,
      peer: `built in ${(built.cpuMs / 1000).toFixed(2)} s, of it ${texts.toFixed(2)} s making and parsing the texts`,
      theirs: `${count(set.bytes / size)} bytes a pattern by \`set.bytes\`, ${count(bytes)} really, ${count(after)} after matching`,
    });
  }
  rows.push({
    what: `rate at ${count(SIZES.at(rates.length - 1) ?? 0)} ÷ rate at 1,000`,
    ours: "",
    ratio: (rates.at(-1) ?? 0) / (rates[0] ?? 1),
    floor: 0.75,
  });
  return {
    title: "PatternSet",
    text: `${count(OBSERVATIONS)} observations of one to three objects; one in twenty satisfies a pattern. Mode \`observable\`. Bytes are those of the JavaScript heap and of array buffers, for the whole set with ids and texts.`,
    rows,
  };
}

/** A thousand patterns on a thousand observations: the verdicts of the reference, and what they cost. */
export async function benchVerdicts(): Promise<Section> {
  const [patterns, observations] = [
    Array.from({ length: 1000 }, (_, i) => singlePattern(i)),
    makeObservations(1000, 1000),
  ];
  const options: MatchOptions = { mode: "spec", regex: re2 };
  const fresh = () => {
    const set = new PatternSet();
    for (const [i, text] of patterns.entries()) {
      set.add(String(i), { pattern: parsePattern(text), options });
    }
    return set;
  };
  const sets = Array.from({ length: 20 }, fresh); // one each run: a set remembers values
  const { cpuMs, value: found } = await measure(sets.length, () => {
    const set = sets.pop();
    return observations.map((one) => set?.match(one).map(({ id }) => Number(id)) ?? []);
  });
  const ours = cpuMs / 1000;
  const hits = found.flatMap((ids, o) => ids.map((p): Pair => [p, o]));
  const tests = patterns.map((text) => compilePattern(parsePattern(text), options).test);
  const naive = await cpuSeconds(3, () =>
    observations.map((one) => tests.map((test) => test(one))),
  );
  const python = pythonWhole(patterns, observations);
  expectSame("stix2-ts and stix2-matcher", sorted(hits), sorted(python.hits));
  const pairs = patterns.flatMap((_, p) => observations.map((__, o): Pair => [p, o]));
  const rstix = rust(patterns, observations, pairs, 1).pairs_us / 1e6;
  const seconds = (n: number): string =>
    n < 0.1 ? `${(n * 1000).toFixed(1)} ms` : `${n.toFixed(2)} s`;
  const row = (what: string, peer: string, theirs: number, floor?: number): Row => ({
    what,
    ours: seconds(ours),
    peer,
    theirs: seconds(theirs),
    ratio: theirs / ours,
    ...(floor === undefined ? {} : { floor }),
  });
  return {
    title: "Verdicts of 1,000 patterns on 1,000 observations",
    text: `PatternSet in mode \`spec\`; stix2-matcher gives the same ${count(hits.length)} pairs. Its faster way, all observations in one call, only says whether any matches.`,
    rows: [
      row("all pairs", "stix2-matcher, all observations a call", python.together, 1000),
      row("same", "stix2-matcher, an observation a call", python.apart),
      row("same", "our compiled tests in a loop", naive),
      row("same", "rstix in a loop", rstix),
    ],
  };
}

function sorted(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.toSorted(([a, b], [c, d]) => a - c || b - d);
}
