import type { IndicatorRecord } from "../records.ts";

/**
 * Says why an indicator may raise no alert now; undefined when it may.
 * `valid_from` never hides earlier events: it only says from when on the indicator speaks.
 */
export function silentBy(indicator: IndicatorRecord, now: number): string | undefined {
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
