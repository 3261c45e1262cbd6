/**
 * SysmonSearch, by its conversion and its alert script: a pattern is flattened into terms of eight kinds, the rest is dropped,
 * NOT is forgotten; each term is asked for as a lower-cased part of a value, in any Sysmon event that has the field.
 */
import { parsePattern, walkComparisons } from "stix2-ts";
import type { EngineApi } from "../../engines/engine-api.ts";
import { CASES } from "../cases.ts";
import { hitsOf, termOf } from "./peer-world.ts";
import type { Found } from "./score.ts";

const DATA = "winlog.event_data.";
const PROCESS = ["Image", "ImageLoaded", "TargetImage", "SourceImage"];

/** Kinds of terms by the paths that become one of them. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "ipv4-addr:value": ["DestinationIp"],
  "ipv6-addr:value": ["DestinationIp"],
  "network-traffic:dst_ref.value": ["DestinationIp"],
  "network-traffic:dst_port": ["DestinationPort"],
  "process:name": PROCESS,
  "file:name": ["TargetFilename"],
  "file:hashes.MD5": ["Hashes"],
  "file:hashes.'SHA-1'": ["Hashes"],
  "file:hashes.'SHA-256'": ["Hashes"],
  "windows-registry-key:key": ["TargetObject"],
  "windows-registry-key:values[*].data": ["Details"],
};

/** Hits of one answer; there is no second. */
export const MOST_HITS = 10_000;
/** What ends the conversion of the whole file. */
const REFUSED: ReadonlySet<string> = new Set(["IN", "ISSUBSET", "ISSUPERSET"]);

export async function sysmonSearch(api: EngineApi, index: string): Promise<Found> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { name, pattern } of CASES) {
    const parsed = parsePattern(pattern);
    const comparisons = [...walkComparisons(parsed)];
    if (pattern.includes("FOLLOWEDBY") || comparisons.some((one) => REFUSED.has(one.operator))) {
      continue;
    }
    const should = comparisons.flatMap((comparison) => {
      const { path, value } = termOf(comparison);
      return (FIELDS[path] ?? []).map((field) => ({
        wildcard: { [DATA + field]: { value: `*${value.toLowerCase()}*` } },
      }));
    });
    if (should.length === 0) continue;
    const query = { bool: { should, minimum_should_match: 1 } };
    const hits = await hitsOf(api, index, { size: MOST_HITS, query });
    found.set(name, new Set(hits.map(({ _id }) => _id)));
  }
  return found;
}
