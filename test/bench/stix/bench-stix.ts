/**
 * Measures stix2-ts beside its peers in one run: rstix (Rust), and the Python packages of the OASIS committee.
 * `npm run bench:stix [-- --only parse,pair] [-- --largest N] [-- --write]`: with --write a run, or the sections of
 * it, goes to docs/benchmarks-stix.md. Fails where a ratio is below its floor, or a difference from a peer has no reason.
 * Needs cargo and Python 3 with pip.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchBundle } from "./bundle.ts";
import { benchDifferential } from "./differential.ts";
import { benchPairs } from "./pair.ts";
import { benchParse } from "./parse.ts";
import { buildRust } from "./peers.ts";
import { benchRegex } from "./regex.ts";
import { isShort, printSection, type Section } from "./section.ts";
import { benchSet, benchVerdicts } from "./set.ts";

const { values: args } = parseArgs({
  options: {
    only: { type: "string" },
    largest: { type: "string", default: "1000000" },
    write: { type: "boolean" },
  },
});

const SECTIONS: Readonly<Record<string, () => Promise<Section>>> = {
  parse: benchParse,
  pair: benchPairs,
  set: async () => benchSet(Number(args.largest)),
  verdicts: benchVerdicts,
  differential: async () => Promise.resolve(benchDifferential()),
  bundle: benchBundle,
  regex: benchRegex,
};

const [cpu] = cpus();
const report = [
  "# Benchmarks of stix2-ts",
  "",
  `\`npm run bench:stix -- --write\`, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model.trim()}, Node ${process.version}.`,
  "CPU time (user + system, all threads of the process), the best of a few runs; each peer runs in the same run of the command, on the same input. The ratio is the peer's cost ÷ ours: above 1 we are faster. A ratio below its floor is bold; why, see the end.",
  "",
];
const HEAD = report.length;
buildRust();
for (const name of args.only?.split(",") ?? Object.keys(SECTIONS)) {
  const section = await SECTIONS[name]?.();
  if (section === undefined) throw new RangeError(`no section is named ${name}`);
  const text = printSection(section);
  process.stdout.write(`${text}\n`);
  report.push(text);
  for (const row of section.rows.filter(isShort)) {
    process.stderr.write(`below its floor: ${section.title}, ${row.what}\n`);
    process.exitCode = 1;
  }
}
if (args.write === true) {
  const file = new URL("../../../docs/benchmarks-stix.md", import.meta.url);
  const old = readFileSync(file, { encoding: "utf8", flag: "a+" });
  const notes = /\n(## What falls short[^]*)/.exec(old)?.[1] ?? "";
  writeFileSync(file, args.only === undefined ? [...report, notes].join("\n") : renewed(old));
}

/** The document with the sections of this run in it, the others as they were. */
function renewed(old: string): string {
  return report.slice(HEAD).reduce((text, section) => {
    const title = section.slice(0, section.indexOf("\n"));
    const from = text.indexOf(`${title}\n`);
    const at = from < 0 ? text.indexOf("## What falls short") : from;
    const next = from < 0 ? at : text.indexOf("\n## ", from) + 1;
    return `${text.slice(0, at)}${section}\n${text.slice(next)}`;
  }, old);
}
