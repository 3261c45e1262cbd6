import { readFile } from "node:fs/promises";
import { PatternSet, StixError, type CompiledPattern } from "stix2-ts";
import { readFeed, type FeedContent } from "../../feeds/formats/index.ts";
import { feedFiles } from "../adapters/files/feed-files.ts";
import { sha256Hash } from "../adapters/crypto/hash.ts";
import { prepareIndicators, reportEntries } from "../core/ingest/import-feed.ts";
import type { CompileText } from "../core/match/compile.ts";
import type { ImportEntry, PatternOptions } from "../core/records.ts";

/** Indicators of feed files, ready to scan with. */
export interface LoadedIndicators {
  readonly set: PatternSet;
  /** Pattern key → ids of the indicators that have it. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlyMap<string, string>;
  readonly compiled: ReadonlyMap<string, CompiledPattern>;
  readonly files: readonly {
    readonly file: string;
    readonly error: string | undefined;
    readonly entries: readonly ImportEntry[];
  }[];
}

/** Reads feed files, and those of folders; one that can't be read is reported, the others are used. */
export async function loadIndicators(
  paths: readonly string[],
  options: PatternOptions,
  compile: CompileText,
): Promise<LoadedIndicators> {
  const set = new PatternSet();
  const ids = new Map<string, string[]>();
  const names = new Map<string, string>();
  const compiled = new Map<string, CompiledPattern>();
  const reports: LoadedIndicators["files"][number][] = [];
  for (const file of await feedFiles(paths)) {
    let content: FeedContent;
    try {
      content = readFeed(file, await readFile(file));
    } catch (error) {
      if (!(error instanceof StixError) && !isSystemError(error)) {
        throw error;
      }
      reports.push({ file, error: error.message, entries: [] });
      continue;
    }
    const prepared = prepareIndicators(content, { compile, hash: sha256Hash, options });
    for (const { indicator, key } of prepared) {
      if (key === undefined) {
        continue;
      }
      if (!set.has(key)) {
        const pattern = compile(indicator.pattern, options);
        set.add(key, pattern);
        compiled.set(key, pattern);
      }
      const known = ids.get(key) ?? [];
      ids.set(key, known.includes(indicator.id) ? known : [...known, indicator.id]);
      names.set(indicator.id, indicator.name ?? "");
    }
    reports.push({ file, error: undefined, entries: reportEntries(content, prepared) });
  }
  return { set, ids, names, compiled, files: reports };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
