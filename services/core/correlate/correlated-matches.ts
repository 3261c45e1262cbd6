import type { Correlation } from "stix2-ts";
import { matchId } from "../identity.ts";
import type { Hash } from "../ports.ts";
import type { Companion, MatchReason, MatchRecord, OperandHit } from "../records.ts";

/** An event with all operands that it satisfies. */
interface Candidate {
  readonly hit: OperandHit;
  readonly why: Map<number, readonly MatchReason[]>;
}

/**
 * The matches of a pattern over several events, among the operand hits of one scope: one for each event that takes part in
 * satisfying it, with the others as companions. Throws StixError `stix/evaluation-limit`.
 */
export function correlatedMatches(
  correlation: Correlation,
  hits: Iterable<OperandHit>,
  hash: Hash,
): readonly MatchRecord[] {
  const byEvent = new Map<string, Candidate>();
  for (const hit of hits) {
    const known = byEvent.get(hit.eventKey);
    if (known === undefined)
      byEvent.set(hit.eventKey, { hit, why: new Map([[hit.operand, hit.why]]) });
    else known.why.set(hit.operand, hit.why);
  }
  // In an order of their own, so that the evidence does not depend on the order of arrival.
  const candidates = [...byEvent.values()].toSorted(
    (a, b) => a.hit.time - b.hit.time || (a.hit.eventKey < b.hit.eventKey ? -1 : 1),
  );
  const found = correlation.participantsAmong(
    candidates.map(({ hit, why }) => ({
      firstObserved: hit.time,
      lastObserved: hit.time,
      numberObserved: 1,
      operands: new Set(why.keys()),
    })),
  );
  return Array.from(found, ([place, binding]) => {
    const { operand: _, ...event } = (candidates[place] as Candidate).hit;
    const bound = binding.map(({ candidate, operands }) => {
      const { hit, why } = candidates[candidate] as Candidate;
      return { hit, why: distinct(operands.flatMap((operand) => why.get(operand) ?? [])) };
    });
    return {
      ...event,
      id: matchId(event.patternKey, event.eventKey, hash),
      why: bound.find(({ hit }) => hit.eventKey === event.eventKey)?.why ?? event.why,
      companions: bound
        .filter(({ hit }) => hit.eventKey !== event.eventKey)
        .map(({ hit, why }) => companionOf(hit, why)),
    };
  });
}

function distinct(reasons: readonly MatchReason[]): readonly MatchReason[] {
  return [...new Map(reasons.map((reason) => [reason.comparison, reason])).values()];
}

function companionOf(hit: OperandHit, why: readonly MatchReason[]): Companion {
  const { eventKey, partition, position, locator, host, eventId, time, layout } = hit;
  return { eventKey, partition, position, locator, host, eventId, time, layout, why };
}
