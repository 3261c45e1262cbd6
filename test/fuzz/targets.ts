/** What is fuzzed: each target draws inputs and says what must hold of them. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import {
  compilePattern,
  normalisePattern,
  parseBundle,
  parseObject,
  parsePattern,
  PatternSet,
  printPattern,
  readBundleObjects,
  serialise,
  StixError,
  type MatchMode,
  type Observation,
  type StixObject,
} from "stix2-ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { observations, pattern } from "../differential/generate.ts";
import { arbitraryObject } from "../unit/stix2-ts/objects-arbitrary.ts";
import { checkCsv, checkFeed, checkFeedBytes, csvMutated, ruleMutated, stix1Bytes, stix1Mutated } from "./feed-targets.ts"; // prettier-ignore
import { graphObservations, graphPattern, hostileObservations, hostilePattern } from "./hostile.ts";
import { mutatedBytes, mutatedText, mutatedValues } from "./mutate.ts";

/** Inputs, and the check of one: it may throw StixError, and nothing else. */
export interface Target<T = never> {
  readonly name: string;
  readonly inputs: fc.Arbitrary<T>;
  readonly check: (input: T) => Promise<void> | void;
}

/** The tree of a pattern's text without the places in it. */
export function treeOf(text: string): unknown {
  return JSON.parse(
    JSON.stringify(parsePattern(text).root, (key, value: unknown) =>
      key === "span" ? undefined : typeof value === "bigint" ? `${value}n` : value,
    ),
  ) as unknown;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken: ${what}`);
}

/** Reads a pattern, prints it, reads it again, and compiles it. */
export function checkPattern(text: string): void {
  const parsed = parsePattern(text);
  must(
    isDeepStrictEqual(treeOf(printPattern(parsed)), treeOf(text)),
    "what is printed is another tree",
  );
  const normal = normalisePattern(parsed);
  must(normalisePattern(parsePattern(normal)) === normal, "the normal form is none");
  compilePattern(parsed, { mode: "observable", regex: re2 });
}

function checkEvaluation([text, list, mode]: [string, readonly Observation[], MatchMode]): void {
  const compiled = compilePattern(parsePattern(text), { mode, regex: re2 });
  const found = compiled.find(list);
  const bound = compiled.participants(list);
  must((found === undefined) === (bound.size === 0), "find and participants do not agree");
  const set = new PatternSet();
  set.add("p", compiled);
  for (const one of list) {
    if (!compiled.singleObservation) {
      const want = (compiled.correlation?.operands ?? []).flatMap((operand, i) =>
        compilePattern(operand, compiled.options).test(one) === undefined ? [] : [i],
      );
      const got = set.participantsOf(one).map(({ operand }) => operand);
      must(isDeepStrictEqual(got.toSorted((a, b) => a - b), want), "participantsOf and evaluation do not agree"); // prettier-ignore
    }
    const isFound = set.match(one).length > 0;
    const want = compiled.singleObservation && compiled.test(one) !== undefined;
    must(isFound === want, "PatternSet and test do not agree");
  }
}

async function checkStream(pieces: readonly Uint8Array[]): Promise<void> {
  for await (const { object } of readBundleObjects(pieces)) {
    if (object !== undefined) serialise(object);
  }
}

function checkValue(value: unknown): void {
  const { objects } = parseBundle(value);
  for (const object of objects)
    must(parseObject(object).object !== undefined, "kept, then refused");
}

function bundleText(objects: readonly StixObject[]): string {
  return JSON.stringify({ type: "bundle", id: "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", objects }); // prettier-ignore
}

const anyPattern = fc.oneof(pattern, hostilePattern, mutatedText(pattern));
const anyObservations: fc.Arbitrary<readonly Observation[]> = fc.oneof(
  observations,
  hostileObservations,
  mutatedValues(observations).filter(isObservations),
);
const mode = fc.constantFrom<MatchMode>("spec", "observable");
const bundles = fc.array(arbitraryObject, { minLength: 1, maxLength: 3 }).map(bundleText);

/** What is put into objects may be anything; the frame is what the types ask for. */
function isObservations(value: unknown): value is readonly Observation[] {
  const isObservation = (one: unknown): boolean =>
    typeof one === "object" &&
    one !== null &&
    "objects" in one &&
    typeof one.objects === "object" &&
    one.objects !== null &&
    Object.values(one.objects).every((object) => typeof object === "object" && object !== null) &&
    "firstObserved" in one &&
    "lastObserved" in one &&
    "numberObserved" in one &&
    [one.firstObserved, one.lastObserved, one.numberObserved].every(Number.isFinite);
  return Array.isArray(value) && Array.from<unknown>(value).every(isObservation); // holes too
}

function target<T>(made: Target<T>): Target {
  return made as unknown as Target;
}

export const TARGETS: readonly Target[] = [
  target({ name: "pattern text", inputs: anyPattern, check: checkPattern }),
  target({
    name: "evaluation",
    inputs: fc.tuple(anyPattern, anyObservations, mode),
    check: checkEvaluation,
  }),
  target({
    name: "graphs",
    inputs: fc.tuple(
      graphPattern,
      fc.oneof(graphObservations, mutatedValues(graphObservations).filter(isObservations)),
      mode,
    ),
    check: checkEvaluation,
  }),
  target({ name: "objects", inputs: mutatedValues(arbitraryObject), check: checkValue }),
  target({ name: "bundle text", inputs: mutatedText(bundles), check: checkValue }),
  target({ name: "bundle bytes", inputs: mutatedBytes(bundles), check: checkStream }),
  target({ name: "STIX 1 text", inputs: stix1Mutated, check: checkFeed }),
  target({ name: "STIX 1 bytes", inputs: stix1Bytes, check: checkFeedBytes }),
  target({ name: "rules of SysmonSearch", inputs: ruleMutated, check: checkFeed }),
  target({ name: "CSV", inputs: csvMutated, check: checkCsv }),
];

/** What one input came to; time is that of the thread, since other work on the machine only adds to the clock's. */
export interface Outcome {
  readonly ms: number;
  readonly accepted: boolean;
}

/** Runs one input; throws what is no StixError. */
export async function runInput<T>({ check }: Target<T>, input: T): Promise<Outcome> {
  const start = process.threadCpuUsage();
  const outcome = (accepted: boolean): Outcome => {
    const { user, system } = process.threadCpuUsage(start);
    return { ms: (user + system) / 1000, accepted };
  };
  try {
    await check(input);
    return outcome(true);
  } catch (error) {
    if (!(error instanceof StixError)) throw error;
    return outcome(false);
  }
}
