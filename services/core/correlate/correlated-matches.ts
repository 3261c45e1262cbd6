import type { BoundCandidate, Correlation } from "stix2-ts";
import { matchId } from "../identity.ts";
import type { Hash } from "../ports.ts";
import type { Companion, MatchReason, MatchRecord, OperandHit } from "../records.ts";
import { canJoin } from "./scope.ts";

/** Events kept beside each match as evidence, the earliest: REPEATS 1000 TIMES would keep a thousand for each of them. */
const MOST_COMPANIONS = 20;

/** An event with all operands that it satisfies. */
interface Candidate {
  readonly hit: OperandHit;
  readonly why: Map<number, readonly MatchReason[]>;
}

/**
 * The matches of a pattern over several events, among the operand hits of one scope: one for each event that takes part in
 * satisfying it, with the others as companions. Those of events in `found` are left out. Throws StixError
 * `stix/evaluation-limit`.
 */
export function correlatedMatches(
  correlation: Correlation,
  hits: Iterable<OperandHit>,
  hash: Hash,
  found: ReadonlySet<string> = new Set(),
): readonly MatchRecord[] {
  const candidates = candidatesOf(correlation, hits);
  const participants = participantsAmong(correlation, candidates);
  const fresh = [...participants].filter(
    ([place]) => !found.has((candidates[place] as Candidate).hit.eventKey),
  );
  return fresh.map(([place, binding]) => {
    const { operand: _, ...event } = (candidates[place] as Candidate).hit;
    const reasons = ({ candidate, operands }: BoundCandidate): readonly MatchReason[] => {
      const { why } = candidates[candidate] as Candidate;
      return distinct(operands.flatMap((operand) => why.get(operand) ?? []));
    };
    const own = binding.find(({ candidate }) => candidate === place);
    return {
      ...event,
      id: matchId(event.patternKey, event.eventKey, hash),
      why: own === undefined ? event.why : reasons(own),
      companions: binding
        .filter((one) => one !== own)
        .slice(0, MOST_COMPANIONS)
        .map((one) => companionOf((candidates[one.candidate] as Candidate).hit, reasons(one))),
    };
  });
}

/** The keys of all events that take part in satisfying the pattern. Throws StixError `stix/evaluation-limit`. */
export function participatingEvents(
  correlation: Correlation,
  hits: Iterable<OperandHit>,
): ReadonlySet<string> {
  const candidates = candidatesOf(correlation, hits);
  const places = participantsAmong(correlation, candidates).keys();
  return new Set(Array.from(places, (place) => (candidates[place] as Candidate).hit.eventKey));
}

function candidatesOf(correlation: Correlation, hits: Iterable<OperandHit>): readonly Candidate[] {
  const byEvent = new Map<string, Candidate>();
  for (const hit of hits) {
    if (!canJoin(correlation, hit.time)) continue;
    const known = byEvent.get(hit.eventKey);
    if (known === undefined)
      byEvent.set(hit.eventKey, { hit, why: new Map([[hit.operand, hit.why]]) });
    else known.why.set(hit.operand, hit.why);
  }
  // In an order of their own, so that the evidence does not depend on the order of arrival.
  return [...byEvent.values()].toSorted(
    (a, b) => a.hit.time - b.hit.time || (a.hit.eventKey < b.hit.eventKey ? -1 : 1),
  );
}

function participantsAmong(
  correlation: Correlation,
  candidates: readonly Candidate[],
): ReadonlyMap<number, readonly BoundCandidate[]> {
  return correlation.participantsAmong(
    candidates.map(({ hit, why }) => ({
      firstObserved: hit.time,
      lastObserved: hit.time,
      numberObserved: 1,
      operands: new Set(why.keys()),
    })),
  );
}

function distinct(reasons: readonly MatchReason[]): readonly MatchReason[] {
  return [...new Map(reasons.map((reason) => [reason.comparison, reason])).values()];
}

function companionOf(hit: OperandHit, why: readonly MatchReason[]): Companion {
  const { eventKey, partition, position, locator, host, eventId, time, layout } = hit;
  return { eventKey, partition, position, locator, host, eventId, time, layout, why };
}
