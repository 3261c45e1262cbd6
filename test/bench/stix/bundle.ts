import {
  parseBundle,
  parsePattern,
  PatternSet,
  readBundleObjects,
  type MatchOptions,
  type StixObject,
} from "stix2-ts";
import { stableUuid } from "../../../services/sample/random.ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { pythonBundle } from "./peers.ts";
import { count, cpuSeconds, type Section } from "./section.ts";
import { singlePattern } from "./workload.ts";

const INDICATORS = 100_000;
const SAMPLE = 2000;
const OPTIONS: MatchOptions = { mode: "observable", regex: re2 };

function bundle(size: number): string {
  const objects = Array.from({ length: size }, (_, i) => ({
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--${stableUuid(`bench ${i}`)}`,
    created: "2024-01-01T00:00:00.000Z",
    modified: "2024-01-02T00:00:00.000Z",
    name: `Indicator ${i}`,
    description: "A value seen in the traffic of machines that were taken over.",
    indicator_types: ["malicious-activity"],
    pattern: singlePattern(i),
    pattern_type: "stix",
    pattern_version: "2.1",
    valid_from: "2024-01-01T00:00:00Z",
    labels: ["bench"],
    confidence: 80,
  }));
  return JSON.stringify({ type: "bundle", id: `bundle--${stableUuid("bench")}`, objects });
}

function keep(set: PatternSet, objects: Iterable<StixObject>): void {
  for (const one of objects) {
    if (one.type === "indicator")
      set.add(one.id, { pattern: parsePattern(one.pattern), options: OPTIONS });
  }
}

function expectAll(set: PatternSet): void {
  if (set.size !== INDICATORS) throw new Error(`${set.size} indicators instead of ${INDICATORS}`);
}

/** Text of a bundle to a set that can be asked. */
export async function benchBundle(): Promise<Section> {
  const text = bundle(INDICATORS);
  const whole = await cpuSeconds(3, () => {
    const set = new PatternSet();
    keep(set, parseBundle(text).objects);
    expectAll(set);
  });
  const parsing = await cpuSeconds(3, () => parseBundle(text));
  const json = await cpuSeconds(3, () => JSON.parse(text) as unknown);
  const bytes = new TextEncoder().encode(text);
  const streamed = await cpuSeconds(2, async () => {
    const set = new PatternSet();
    for await (const { object } of readBundleObjects(pieces(bytes))) {
      if (object !== undefined) keep(set, [object]);
    }
    expectAll(set);
  });
  const sample = pythonBundle(bundle(SAMPLE));
  const objects = (sample.objects / SAMPLE) * INDICATORS;
  const python = objects + (sample.patterns / SAMPLE) * INDICATORS;
  const seconds = (n: number): string => `${n.toFixed(2)} s`;
  return {
    title: "A bundle of 100,000 indicators",
    text: `${count(text.length / 1e6)} MB of JSON, every object checked, every pattern parsed and indexed in a PatternSet. The peer is Python: \`stix2.parse\` (which also checks the patterns) and then stix2-patterns for the trees, on ${count(SAMPLE)} indicators, its time taken times ${count(INDICATORS / SAMPLE)}: ${count(objects)} s and ${count(python - objects)} s.`,
    rows: [
      {
        what: "parseBundle, parsePattern, PatternSet",
        ours: seconds(whole),
        peer: "stix2.parse and stix2-patterns, extrapolated",
        theirs: seconds(python),
        ratio: python / whole,
        floor: 40,
      },
      {
        what: "readBundleObjects instead of parseBundle",
        ours: seconds(streamed),
        peer: "same",
        theirs: seconds(python),
        ratio: python / streamed,
      },
      {
        what: "of it parseBundle",
        ours: seconds(parsing),
        peer: "JSON.parse alone",
        theirs: seconds(json),
        ratio: json / parsing,
      },
    ],
  };
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
