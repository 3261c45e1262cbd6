import type { AlertRecord } from "../records.ts";

/** What records did not have before there was triage. */
const ADDED = { resolution: undefined, assignee: undefined, tags: [], history: [], covers: 0 };

/** Reads a stored alert, also one of an older version. */
export function readAlert(stored: Omit<AlertRecord, keyof typeof ADDED>): AlertRecord {
  return { ...ADDED, ...stored };
}
