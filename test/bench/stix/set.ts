import { setTimeout } from "node:timers/promises";
import {
  compilePattern,
  parsePattern,
  PatternSet,
  type MatchOptions,
  type Observation,
} from "stix2-ts";
import { hashBackwards, KEY } from "../../../packages/stix2-ts/src/index/key-hash.ts";
import { KeyIndex } from "../../../packages/stix2-ts/src/index/key-index.ts";
import { createRandom } from "../../../services/sample/random.ts";
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

/** Letters of the ids and texts of so many patterns, a byte each. */
function letters(size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += `indicator--${i}`.length + singlePattern(i).length;
  return sum;
}

/** Bytes an entry, of a Set of hashes and of the index that a set of patterns keeps for them. */
async function indexBytes(size: number): Promise<{ readonly ours: number; readonly set: number }> {
  const before = await held();
  const set = new Set<string>();
  const index = new KeyIndex();
  const random = createRandom("set");
  for (let row = 0; row < size; row++) {
    const hash = Buffer.from(random.hex(64)).toString("latin1"); // one text, no rope of pieces
    set.add(hash);
    index.add(hashBackwards(KEY.equals, hash), row);
  }
  const all = (await held()) - before;
  return { ours: index.bytes / size, set: set.size === size ? (all - index.bytes) / size : 0 };
}

interface Measured {
  readonly row: Row;
  readonly rate: number;
  readonly alone: number;
}

/** A set of one size. (A function of its own: what a suspended one holds is not let go.) */
async function measureSize(size: number, days: readonly Day[]): Promise<Measured> {
  const texts = await cpuSeconds(1, () => {
    for (let i = 0; i < size; i++) parsePattern(singlePattern(i));
  });
  const before = await held();
  const built = await measure(1, () => build(size));
  const set = built.value;
  const bytes = ((await held()) - before) / size;
  let day = -1;
  const { cpuMs, value: hits } = await measure(days.length, () => matches(set, days[++day] ?? []));
  if (hits < OBSERVATIONS / 20) throw new Error(`only ${hits} matches at ${size} patterns`);
  const after = ((await held()) - before) / size;
  const rate = OBSERVATIONS / (cpuMs / 1000);
  const row = {
    what: `${count(size)} patterns`,
    ours: `${count(rate)} observations/s`,
    peer: `built in ${(built.cpuMs / 1000).toFixed(2)} s, of it ${texts.toFixed(2)} s making and parsing the texts`,
    theirs: `${count(set.bytes / size)} bytes a pattern by \`set.bytes\`, ${count(bytes)} really, ${count(after)} after matching`,
  };
  return { row, rate, alone: (set.bytes - letters(size)) / size };
}

type Day = readonly Observation[];

function matches(set: PatternSet, day: Day): number {
  return day.reduce((sum, one) => sum + set.match(one).length, 0);
}

/** Many patterns against each of many observations. */
export async function benchSet(largest: number): Promise<Section> {
  // Other observations each run: what a set remembers of values helps as much as it would in a stream.
  const days = Array.from({ length: 5 }, (_, day) =>
    makeObservations(OBSERVATIONS, PLANTED, `day ${day}`),
  );
  const warm = build(1000); // else the first size would pay for the compiler
  for (const day of days) matches(warm, day);
  const sizes = SIZES.filter((one) => one <= largest);
  const all: Measured[] = [];
  for (const size of sizes) all.push(await measureSize(size, days));
  const [first, last, most] = [all[0], all.at(-1), sizes.at(-1) ?? 0];
  const bytes = await indexBytes(most);
  return {
    title: "PatternSet",
    text: `${count(OBSERVATIONS)} observations of one to three objects; one in twenty satisfies a pattern. Mode \`observable\`. Bytes are those of the JavaScript heap and of array buffers, for the whole set with ids and texts; without their letters it takes ${count(last?.alone ?? 0)} a pattern at ${count(most)}.`,
    rows: [
      ...all.map(({ row }) => row),
      {
        what: `rate at ${count(most)} ÷ rate at 1,000`,
        ours: "",
        ratio: (last?.rate ?? 0) / (first?.rate ?? 1),
        floor: 0.65,
      },
      {
        what: `index from ${count(most)} hashes to pattern numbers`,
        ours: `${count(bytes.ours)} bytes a hash`,
        peer: "Set of the hashes",
        theirs: `${count(bytes.set)} bytes`,
        ratio: bytes.set / bytes.ours,
        floor: 2,
      },
    ],
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
