/** A feed's policy, laid on its indicators before they are stored. */
import { instantToMs, parseTimestamp, walkComparisons, type Pattern } from "stix2-ts";
import type { FeedPolicy } from "../feeds/feed-source.ts";
import type { PatternOptions } from "../records.ts";
import type { FeedIndicator } from "./feed-content.ts";

const DAY_MS = 86_400_000;

/** Gives an indicator what it came without: a confidence, an end. */
export function underPolicy(
  indicator: FeedIndicator,
  { confidence, ttlDays }: FeedPolicy,
  now: number,
): FeedIndicator {
  const isMissing = indicator.confidence === undefined && confidence !== undefined;
  const endsBy = ttlDays !== undefined && indicator.validUntil === undefined;
  if (!isMissing && !endsBy) {
    return indicator;
  }
  const { modified, created } = indicator;
  const since = timeOf(modified) ?? timeOf(created) ?? now;
  return {
    ...indicator,
    ...(isMissing && { confidence }),
    ...(endsBy && { validUntil: new Date(since + ttlDays * DAY_MS).toISOString() }),
  };
}

/** The options that a feed's patterns are compiled with. */
export function optionsUnder(
  options: PatternOptions,
  { subdomains = options.subdomains }: FeedPolicy,
): PatternOptions {
  return { ...options, subdomains };
}

/** The object types that a pattern asks for and the policy does not allow. */
export function typesRefused(pattern: Pattern, { types }: FeedPolicy): readonly string[] {
  if (types === undefined) {
    return [];
  }
  const asked = [...walkComparisons(pattern)].map(({ path }) => path.objectType);
  return [...new Set(asked)].filter((type) => !types.includes(type));
}

function timeOf(text: string | undefined): number | undefined {
  const instant = text === undefined ? undefined : parseTimestamp(text);
  return instant === undefined ? undefined : Math.floor(instantToMs(instant));
}
