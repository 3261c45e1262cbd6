import {
  compilePattern,
  parsePattern,
  PatternSet,
  type MatchOptions,
  type Observation,
} from "stix2-ts";
import { createRandom } from "../../../services/sample/random.ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { measure } from "../measure.ts";
import { count, cpuSeconds, expectSame, type Section } from "./section.ts";

const LINES = 12_000;
const OPTIONS: MatchOptions = { mode: "observable", regex: re2 };
const WORST = "(a+)+$";

const name = (i: number): string => `implant${i * 13}`;

/** Half LIKE, half MATCHES; the first thirty are met by one line in four hundred each. */
const patterns = Array.from({ length: 1000 }, (_, i) =>
  i % 2 === 0
    ? {
        stix: `[process:command_line LIKE '%${name(i)}.exe% --run%']`,
        regex: new RegExp(`^.*${name(i)}\\.exe.* --run.*$`, "is"),
      }
    : {
        stix: `[process:command_line MATCHES '${name(i)}\\\\.exe" --(run|go) [0-9]+']`,
        regex: new RegExp(`${name(i)}\\.exe" --(run|go) [0-9]+`, "s"),
      },
);

function commandLines(): readonly string[] {
  const random = createRandom("command lines");
  return Array.from({ length: LINES }, (_, i) => {
    const image =
      i % 400 < 30
        ? `${name(i % 400)}.exe" --run ${i}`
        : `component-${random.between(1, 400)}.exe"`;
    return `"C:\\Program Files\\Vendor ${random.between(1, 37)}\\Suite\\${image} --session ${random.hex(16)} --profile default --level ${i % 9}`;
  });
}

function observationOf(line: string): Observation {
  return {
    objects: { p: { type: "process", command_line: line } },
    firstObserved: 0,
    lastObserved: 0,
    numberObserved: 1,
  };
}

function build(): PatternSet {
  const set = new PatternSet();
  for (const [i, { stix }] of patterns.entries()) {
    set.add(String(i), { pattern: parsePattern(stix), options: OPTIONS });
  }
  return set;
}

/** Regular expressions and LIKE over command lines. */
export async function benchRegex(): Promise<Section> {
  const lines = commandLines();
  const observations = lines.map(observationOf);
  const sets = Array.from({ length: 5 }, build); // a fresh one each run: a set remembers values
  const ours = await measure(sets.length, () => {
    const set = sets.pop();
    return observations.map((one) => set?.match(one).map(({ id }) => Number(id)));
  });
  const found = ours.value.map((ids) => ids?.toSorted((a, b) => a - b));
  const some = lines.slice(0, 1200);
  const inTurn = await measure(2, () =>
    some.map((line) => patterns.flatMap(({ regex }, i) => (regex.test(line) ? [i] : []))),
  );
  expectSame("PatternSet and RegExp", found.slice(0, some.length), inTurn.value);
  const theirs = inTurn.cpuMs * (LINES / some.length);
  const rate = (ms: number): string => `${count(LINES / (ms / 1000))} lines/s`;
  const victim = observationOf(`${"a".repeat(28)}!`);
  const worst = compilePattern(parsePattern(`[process:command_line MATCHES '${WORST}']`), OPTIONS);
  const mine = (await cpuSeconds(20, () => worst.test(victim))) * 1000;
  const backtracking =
    (await cpuSeconds(1, () => new RegExp(WORST).test(`${"a".repeat(28)}!`))) * 1000;
  const ms = (n: number): string => `${n.toFixed(2)} ms`;
  return {
    title: "Regular expressions",
    text: `1,000 patterns, half LIKE, half MATCHES (re2js), over ${count(LINES)} different command lines of about ${count(lines[1]?.length ?? 0)} characters, all through PatternSet; RegExp, each in turn, took a tenth of the lines and found the same there. The worst expression is \`${WORST}\` on 28 letters.`,
    rows: [
      {
        what: "1,000 LIKE and MATCHES",
        ours: rate(ours.cpuMs),
        peer: "RegExp in turn",
        theirs: rate(theirs),
        ratio: theirs / ours.cpuMs,
        floor: 50,
      },
      {
        what: "the worst regular expression, at most 10 ms",
        ours: ms(mine),
        peer: "RegExp",
        theirs: ms(backtracking),
        ratio: backtracking / mine,
      },
    ],
  };
}
