import type { AlertRecord, IndicatorRecord } from "../records.ts";

/** Confidence of an indicator that names none; the middle of STIX's scale of 0 to 100. */
const DEFAULT_CONFIDENCE = 50;

/** Severity by the best confidence among the pattern's indicators: high from 70, medium from 40, else low. */
export function severityOf(indicators: readonly IndicatorRecord[]): AlertRecord["severity"] {
  const best = Math.max(0, ...indicators.map((i) => i.confidence ?? DEFAULT_CONFIDENCE));
  if (best >= 70) {
    return "high";
  }
  return best >= 40 ? "medium" : "low";
}
