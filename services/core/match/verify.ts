import type { PatternSet, Why } from "stix2-ts";
import { documentOf } from "../ingest/document.ts";
import { scopeOf } from "../correlate/scope.ts";
import { eventKey, matchId, operandHitId } from "../identity.ts";
import type { Hash, StoredEvent } from "../ports.ts";
import type { MatchReason, MatchRecord, OperandHit } from "../records.ts";
import { readEntry } from "./set-entries.ts";
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
  const { found, poisoned } = matchSafely(set, observed);
  if (found.length === 0) {
    return { matches: [], hits: [], poisoned };
  }
  const key = eventKey(event, stored.locator, hash);
  const host = event.host ?? "";
  const matches: MatchRecord[] = [];
  const hits: OperandHit[] = [];
  for (const { id, why } of found) {
    const { pattern, operand, mode = "observable" } = readEntry(id);
    const record = {
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
    };
    if (operand === undefined) {
      matches.push({ ...record, id: matchId(pattern, key, hash) });
    } else {
      const hitId = operandHitId(pattern, key, operand, hash);
      hits.push({ ...record, id: hitId, operand, scope: scopeOf(mode, host) });
    }
  }
  return { matches, hits, poisoned };
}

function matchSafely(
  set: PatternSet,
  observed: ObservedEvent,
): { readonly found: ReturnType<PatternSet["match"]>; readonly poisoned: readonly Poisoned[] } {
  try {
    return { found: set.match(observed.observation), poisoned: [] };
  } catch {
    const poisoned: Poisoned[] = [];
    for (const id of set.ids()) {
      try {
        set.test(id, observed.observation);
      } catch (error) {
        poisoned.push({ pattern: readEntry(id).pattern, error });
        set.remove(id);
      }
    }
    return { found: set.match(observed.observation), poisoned };
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
