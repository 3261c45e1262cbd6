import { parsePattern } from "stix2-ts";
import { pythonParse, rstixVersion, rust } from "./peers.ts";
import { count, cpuSeconds, type Section } from "./section.ts";
import { anyPattern } from "./workload.ts";

const PATTERNS = 10_000;

/** Patterns a second, text to tree. */
export async function benchParse(): Promise<Section> {
  const patterns = Array.from({ length: PATTERNS }, (_, i) => anyPattern(i));
  const ours = await cpuSeconds(40, () => {
    for (const text of patterns) parsePattern(text);
  });
  const answer = rust(patterns, [], [], 40);
  if (answer.rejected.length > 0) throw new Error(`rstix refuses ${answer.rejected[0]}`);
  const rstix = answer.parse_us / 1e6;
  const python = pythonParse(patterns.slice(0, PATTERNS / 5), 2) * 5;
  const rate = (seconds: number): string => `${count(PATTERNS / seconds)}/s`;
  return {
    title: "Parsing",
    text: `${count(PATTERNS)} patterns: 82 % equalities, 3 % ranges, 5 % LIKE and MATCHES, 10 % composite, half of those over several observations. rstix checks types and properties as it parses; stix2-patterns took a fifth of the patterns.`,
    rows: [
      {
        what: "patterns parsed",
        ours: rate(ours),
        peer: `rstix ${rstixVersion()}`,
        theirs: rate(rstix),
        ratio: rstix / ours,
        floor: 1,
      },
      {
        what: "same",
        ours: rate(ours),
        peer: "stix2-patterns",
        theirs: rate(python),
        ratio: python / ours,
        floor: 100,
      },
    ],
  };
}
