import type { GroupKey, MatchRecord } from "../records.ts";

/** Longest observed value that is kept apart in a group; a longer one is grouped by its beginning. */
const MAX_VALUE = 512;

/** A group's three parts as one text. */
export function groupId({ patternKey, host, value }: GroupKey): string {
  return JSON.stringify([patternKey, host, value]);
}

/**
 * The group whose alert a match belongs to: one pattern, one host, one observed value. What takes several events has several
 * values: all of a host are one group.
 */
export function groupOf(match: MatchRecord): GroupKey {
  const value = match.companions === undefined ? (match.why[0]?.value ?? "") : "";
  return {
    patternKey: match.patternKey,
    host: match.host,
    value: value.toLowerCase().slice(0, MAX_VALUE),
  };
}
