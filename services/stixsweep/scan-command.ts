import { sha256Hash } from "../adapters/crypto/hash.ts";
import { findFiles } from "../adapters/files/find-files.ts";
import { readBlocks } from "../adapters/files/read-blocks.ts";
import { WasmLineReader } from "../adapters/json-lines/wasm-line-reader.ts";
import { re2 } from "../adapters/regex/re2.ts";
import { ServiceError } from "../core/errors.ts";
import { makeCompiler } from "../core/match/compile.ts";
import type { PatternOptions } from "../core/records.ts";
import { Prefilter } from "../core/prefilter/prefilter.ts";
import { CollectedHits } from "../core/scan/collected-hits.ts";
import { scanLines, type ScanCounts } from "../core/scan/scan.ts";
import { oneOf, readArguments } from "./arguments.ts";
import { entriesReport } from "./import-report.ts";
import { loadIndicators, type LoadedIndicators } from "./load-indicators.ts";
import { makeFormatter, SCAN_FORMATS } from "./scan-formats.ts";

export interface Output {
  readonly out: (text: string) => Promise<void>;
  readonly err: (text: string) => void;
}

/** Broken records of a file that are told one by one; the rest is a number. */
const BROKEN_TOLD = 3;

/** `scan PATH… --indicators FILE…`: 0 no match, 1 matches, 2 no input could be read. */
export async function scanCommand(args: readonly string[], { out, err }: Output): Promise<number> {
  const given = readArguments(args, ["indicators", "format", "mode"]);
  const format = oneOf(given.values("format")[0], SCAN_FORMATS, "text", "format");
  const mode = oneOf(given.values("mode")[0], ["observable", "spec"], "observable", "mode");
  const feedFiles = given.values("indicators");
  if (given.words.length === 0 || feedFiles.length === 0) {
    throw new ServiceError(
      "config/usage",
      "usage: stixsweep scan PATH… --indicators FILE… [--format text|json|ndjson|stix] [--mode observable|spec]\n" +
        "(the words after --indicators are indicator files; paths of events come before it)",
    );
  }
  const options: PatternOptions = { mode, subdomains: false };
  const loaded = await loadIndicators(feedFiles, options, makeCompiler(re2));
  reportFeeds(loaded, err);
  const usable = loaded.files.some(({ error }) => error === undefined);
  const { files, skipped } = await findFiles(given.words);
  for (const { path, reason } of skipped) {
    err(`skipped ${path}: ${reason}\n`);
  }
  if (!usable || files.length === 0) {
    err(usable ? "no event file could be read\n" : "no indicator file could be read\n");
    return 2;
  }
  const formatter = makeFormatter(format, loaded, out);
  const counts: ScanCounts = { lines: 0, broken: 0, matches: 0 };
  const hits = new CollectedHits();
  const reader = new WasmLineReader();
  const prefilter = new Prefilter(loaded.set, reader);
  let readable = 0;
  for (const file of files) {
    const before = counts.lines - counts.broken;
    let problems = 0;
    try {
      const tell = (message: string): void => {
        problems += 1;
        if (problems <= BROKEN_TOLD) {
          err(`broken record ${message}\n`);
        }
      };
      const blocks = readBlocks(file, reader.room);
      const found = scanLines(loaded.set, prefilter, file, blocks, counts, hits, sha256Hash, tell);
      for await (const { match, document } of found) {
        await formatter.add(match, document);
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      err(`${error.message}\n`);
    }
    if (problems > BROKEN_TOLD) {
      err(`${file}: ${problems - BROKEN_TOLD} more broken records\n`);
    }
    readable += counts.lines - counts.broken > before ? 1 : 0;
  }
  const joined = hits.matches(loaded.compiled, sha256Hash, (message) => err(`${message}\n`));
  for (const { match, document } of joined) {
    counts.matches += 1;
    await formatter.add(match, document);
  }
  await formatter.end();
  err(
    `${counts.lines} records in ${files.length} files, ${counts.broken} broken, ` +
      `${loaded.compiled.size} patterns, ${counts.matches} matches\n`,
  );
  if (readable === 0) {
    err("no event could be read\n");
    return 2;
  }
  return counts.matches > 0 ? 1 : 0;
}

function reportFeeds(loaded: LoadedIndicators, err: (text: string) => void): void {
  for (const { file, error, entries } of loaded.files) {
    if (error !== undefined) {
      err(`${file}: ${error}\n`);
      continue;
    }
    err(entriesReport(file, entries));
  }
}
