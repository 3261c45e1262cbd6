import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { StixError, type CompiledPattern } from "stix2-ts";
import { readFeed } from "../../feeds/formats/index.ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import type { LoggedMatch } from "../../services/core/records.ts";
import { CORPUS } from "./corpus.ts";
import { corpusEvents, EVENT_FILES } from "./corpus-events.ts";
import { drawnPatterns } from "./drawn-patterns.ts";

export const OPTIONS = { mode: "observable", subdomains: false } as const;
export const compile = makeCompiler(re2);

/** Patterns of every STIX 2 and OpenIOC file of the corpus, and those drawn from its events. */
export function corpusPatterns(): ReadonlyMap<string, CompiledPattern> {
  const texts = new Set<string>();
  const files = globSync(["stix20/**/*.json", "stix21/**/*.json", "openioc*/**/*.{ioc,ioc.xml}"], {
    cwd: CORPUS,
  });
  for (const file of files.toSorted()) {
    try {
      for (const { pattern } of readFeed(file, readFileSync(path.join(CORPUS, file))).indicators) {
        texts.add(pattern);
      }
    } catch (error) {
      if (!(error instanceof StixError)) {
        throw error;
      }
    }
  }
  const events = EVENT_FILES.flatMap((file) => corpusEvents(file));
  for (const pattern of drawnPatterns(events, 1)) {
    texts.add(pattern);
  }
  return new Map([...texts].map((text) => [sha256Hash(text), compile(text, OPTIONS)] as const));
}

/** The ids of all pairs as one text: equal where the same patterns meet the same events. */
export function pairsDigest(ids: Iterable<string>): string {
  return sha256Hash([...ids].toSorted().join("\n"));
}

/** Counts pairs by layout and event id. */
export function pairCounts(log: readonly LoggedMatch[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { layout, eventId } of log) {
    const name = `${layout} ${eventId}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Digest of the pairs that the naive matcher finds. */
export const PAIRS_DIGEST = "0441d6c82c7e280eec2ec92527c6f100";

/** Pairs of pattern and event, by layout and event id. */
export const PAIRS: Readonly<Record<string, number>> = {
  "ecs 1": 114,
  "flat 1": 2892,
  "flat 10": 254903,
  "flat 11": 4583,
  "flat 12": 53950,
  "flat 13": 25951,
  "flat 17": 62,
  "flat 18": 790,
  "flat 2": 203,
  "flat 22": 899,
  "flat 23": 378,
  "flat 24": 245,
  "flat 3": 7669,
  "flat 5": 1205,
  "flat 7": 188055,
  "flat 8": 126,
  "flat 9": 2857,
  "winlogbeat6 1": 760,
  "winlogbeat6 10": 125949,
  "winlogbeat6 11": 850,
  "winlogbeat6 12": 39848,
  "winlogbeat6 13": 15507,
  "winlogbeat6 17": 360,
  "winlogbeat6 18": 1637,
  "winlogbeat6 3": 9608,
  "winlogbeat6 5": 354,
  "winlogbeat6 7": 37535,
  "winlogbeat6 9": 157,
  "winlogbeat7 1": 733,
  "winlogbeat7 10": 152,
  "winlogbeat7 11": 480,
  "winlogbeat7 12": 967,
  "winlogbeat7 13": 2384,
  "winlogbeat7 17": 192,
  "winlogbeat7 18": 681,
  "winlogbeat7 19": 154,
  "winlogbeat7 20": 76,
  "winlogbeat7 22": 48,
  "winlogbeat7 3": 100,
  "winlogbeat7 7": 204,
};
