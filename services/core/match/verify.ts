import type { PatternSet, Why } from "stix2-ts";
import { documentOf } from "../ingest/document.ts";
import { scopeOf } from "../correlate/scope.ts";
import { eventKey, matchId, operandHitId } from "../identity.ts";
import type { Hash, StoredEvent } from "../ports.ts";
import type { MatchReason, MatchRecord, OperandHit } from "../records.ts";
import { observe, readEvent, type ObservedEvent } from "../schema/index.ts";

/** A pattern whose evaluation failed on an event; it says nothing about other patterns. */
export interface Poisoned {
  readonly pattern: string;
  readonly error: unknown;
}

export interface Verdicts {
  readonly matches: readonly MatchRecord[];
  /** Operands of patterns over several events that this one satisfies. */
  readonly hits: readonly OperandHit[];
  readonly poisoned: readonly Poisoned[];
}

/**
 * Decides which patterns of the set an event satisfies. Documents that are not Sysmon events satisfy none.
 * A pattern that fails to evaluate is reported and taken out of the set; the others are decided.
 */
export function verify(
  set: PatternSet,
  partition: string,
  stored: StoredEvent,
  hash: Hash,
): Verdicts {
  const event = readEvent(documentOf(stored.document));
  if (event === undefined) {
    return { matches: [], hits: [], poisoned: [] };
  }
  const observed = observe(event);
  const { found, participants, poisoned } = matchSafely(set, observed);
  if (found.length + participants.length === 0) {
    return { matches: [], hits: [], poisoned };
  }
  const key = eventKey(event, stored.locator, hash);
  const host = event.host ?? "";
  const record = (pattern: string, why: readonly Why[]) => ({
    patternKey: pattern,
    eventKey: key,
    partition,
    position: stored.position,
    locator: stored.locator,
    host,
    eventId: event.eventId,
    time: event.time,
    layout: event.layout,
    why: why.map((reason) => traced(reason, observed)),
  });
  return {
    matches: found.map(({ id, why }) => ({ ...record(id, why), id: matchId(id, key, hash) })),
    hits: participants.map(({ id, operand, options, why }) => ({
      ...record(id, why),
      id: operandHitId(id, key, operand, hash),
      operand,
      scope: scopeOf(options.mode, host),
    })),
    poisoned,
  };
}

interface Found {
  readonly found: ReturnType<PatternSet["match"]>;
  readonly participants: ReturnType<PatternSet["participantsOf"]>;
}

function matchSafely(
  set: PatternSet,
  { observation }: ObservedEvent,
): Found & { readonly poisoned: readonly Poisoned[] } {
  const all = (): Found => ({
    found: set.match(observation),
    participants: set.participantsOf(observation),
  });
  try {
    return { ...all(), poisoned: [] };
  } catch {
    const poisoned: Poisoned[] = [];
    for (const pattern of set.ids()) {
      try {
        set.test(pattern, observation);
      } catch (error) {
        poisoned.push({ pattern, error });
        set.remove(pattern);
      }
    }
    return { ...all(), poisoned };
  }
}

/** Names the document's field behind a reason, and the value as the log has it. */
export function traced(why: Why, observed: ObservedEvent): MatchReason {
  const source = observed.fieldOf(why.object, why.steps);
  return {
    comparison: why.comparison,
    path: why.path,
    field: source?.name ?? "",
    value: text(why.value),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
