import type { CompiledPattern } from "stix2-ts";
import { documentOf } from "../ingest/document.ts";
import { eventKey, matchId } from "../identity.ts";
import type { Hash, StoredEvent } from "../ports.ts";
import { observe, readEvent } from "../schema/index.ts";

/**
 * The specification: every pattern meets every event, one pair at a time, with no index and no short cut.
 * Every other way to match is proved equal to this one. Returns match ids.
 */
export function naiveMatches(
  patterns: ReadonlyMap<string, CompiledPattern>,
  events: Iterable<StoredEvent>,
  hash: Hash,
): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const stored of events) {
    const event = readEvent(documentOf(stored.document));
    if (event === undefined) {
      continue;
    }
    const { observation } = observe(event);
    const eventId = eventKey(event, stored.locator, hash);
    for (const [key, pattern] of patterns) {
      if (pattern.singleObservation && pattern.test(observation) !== undefined) {
        ids.add(matchId(key, eventId, hash));
      }
    }
  }
  return ids;
}
