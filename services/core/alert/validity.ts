import type { IndicatorRecord } from "../records.ts";

/**
 * Says why no indicator of a pattern may raise an alert now; undefined when one may.
 * `valid_from` never hides earlier events: it only says from when on the indicator speaks.
 */
export function heldBackBy(
  indicators: readonly IndicatorRecord[],
  now: number,
): string | undefined {
  if (indicators.length === 0) {
    return "no indicator";
  }
  const reasons = indicators.map((indicator) => reasonFor(indicator, now));
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

function reasonFor(indicator: IndicatorRecord, now: number): string | undefined {
  if (indicator.revoked) {
    return "revoked";
  }
  if (indicator.validUntil !== undefined && indicator.validUntil <= now) {
    return "expired";
  }
  return indicator.validFrom !== undefined && indicator.validFrom > now
    ? "not yet valid"
    : undefined;
}
