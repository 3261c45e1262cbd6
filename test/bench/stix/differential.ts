import { compareVerdicts } from "../../differential/compare.ts";
import { drawCases } from "../../differential/generate.ts";
import { RSTIX_REASONS, rstixReasonFor } from "../../differential/rstix-reasons.ts";
import { rstixVersion, rustVerdicts } from "./peers.ts";
import { count, type Section } from "./section.ts";

const PATTERNS = 6000;

/** Our verdicts beside those of rstix, on the pairs that `test/differential` draws. Throws where a difference has no reason. */
export function benchDifferential(): Section {
  const cases = drawCases(PATTERNS);
  const theirs = rustVerdicts(cases);
  const { pairs, same, matched, reasons, unexplained } = compareVerdicts(
    cases,
    theirs,
    rstixReasonFor,
  );
  if (unexplained.length > 0) {
    const some = JSON.stringify(unexplained.slice(0, 3), undefined, 2);
    throw new Error(`${unexplained.length} differences from rstix have no reason: ${some}`);
  }
  const answered = theirs.filter((one) => typeof one === "boolean").length;
  const found = Object.entries(RSTIX_REASONS).map(([name, sentence]) => {
    const times = reasons[name] ?? 0;
    if (times === 0) throw new Error(`no difference from rstix has the reason ${name} any more`);
    return { times, line: `- **${count(times)}** (\`${name}\`): ${sentence}` };
  });
  return {
    title: "Verdicts beside rstix",
    text: `The patterns and lists of observations that \`test/differential\` draws for stix2-matcher, from the same seed: ${count(pairs)} pairs of ${count(PATTERNS)} patterns. rstix ${rstixVersion()} refuses ${count(pairs - answered)} of them and answers ${count(answered)}; ${count(same)} answers are ours (${count(matched)} matches). Every other pair has its reason and the sentence that decides, the first that applies:`,
    lines: found.toSorted((a, b) => b.times - a.times).map(({ line }) => line),
    rows: [],
  };
}
