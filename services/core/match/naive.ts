import type { CompiledPattern, Observation } from "stix2-ts";
import { documentOf } from "../ingest/document.ts";
import { canJoin, scopeOf } from "../correlate/scope.ts";
import { eventKey, matchId } from "../identity.ts";
import type { Hash, StoredEvent } from "../ports.ts";
import { observe, readEvent } from "../schema/index.ts";

/**
 * The specification: every pattern meets every event, one pair at a time, with no index and no short cut. A pattern over
 * several events meets all events of each scope together, each once; a match is an event that takes part.
 * Every other way to match is proved equal to this one. Returns match ids.
 */
export function naiveMatches(
  patterns: ReadonlyMap<string, CompiledPattern>,
  events: Iterable<StoredEvent>,
  hash: Hash,
): ReadonlySet<string> {
  const ids = new Set<string>();
  const scopes = new Map<string, Map<string, Observation>>();
  for (const stored of events) {
    const event = readEvent(documentOf(stored.document));
    if (event === undefined) {
      continue;
    }
    const { observation } = observe(event);
    const eventId = eventKey(event, stored.locator, hash);
    for (const scope of new Set([scopeOf("spec", ""), scopeOf("observable", event.host ?? "")])) {
      const known = scopes.get(scope) ?? new Map<string, Observation>();
      scopes.set(scope, known.set(eventId, observation));
    }
    for (const [key, pattern] of patterns) {
      if (pattern.singleObservation && pattern.test(observation) !== undefined) {
        ids.add(matchId(key, eventId, hash));
      }
    }
  }
  for (const [key, pattern] of patterns) {
    const { correlation } = pattern;
    if (correlation === undefined) {
      continue;
    }
    for (const [scope, observations] of scopes) {
      if ((scope === scopeOf("spec", "")) === (pattern.options.mode === "spec")) {
        const joined = [...observations].filter(([, { firstObserved }]) =>
          canJoin(correlation, firstObserved),
        );
        const eventIds = joined.map(([id]) => id);
        for (const place of pattern.participants(joined.map(([, one]) => one)).keys()) {
          ids.add(matchId(key, eventIds[place] ?? "", hash));
        }
      }
    }
  }
  return ids;
}
