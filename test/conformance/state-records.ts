/** Records for the state suite: whole ones, of which a case names only what it is about. */
import { groupOf } from "../../services/core/alert/group.ts";
import type {
  AlertRecord,
  ApiKeyRecord,
  ImportRecord,
  IndicatorRecord,
  LedgerRow,
  MatchRecord,
  OperandHit,
  PatternInput,
} from "../../services/core/records.ts";
import type { State } from "../../services/core/ports.ts";

/** One thing a state must do: what `run` returns equals `want`. */
export interface StateCase {
  readonly name: string;
  readonly run: (state: State) => Promise<unknown>;
  readonly want: unknown;
}

export function pattern(key: string): PatternInput {
  const options = { mode: "observable", subdomains: false } as const;
  return { key, pattern: `[file:name = '${key}']`, options };
}

export function indicator(id: string, over: Partial<IndicatorRecord> = {}): IndicatorRecord {
  return {
    feed: "f",
    id,
    patternKey: "p",
    pattern: "[file:name = 'p']",
    name: id,
    description: "",
    modified: "2020-01-01T00:00:00Z",
    validFrom: undefined,
    validUntil: undefined,
    revoked: false,
    confidence: undefined,
    labels: ["a"],
    markings: [],
    killChain: [],
    context: [{ relationship: "indicates", type: "malware", id: "m", name: "M" }],
    notes: [],
    ...over,
  };
}

/** A match whose group is (`p`, `h`, `value`). */
export function match(
  id: string,
  time: number,
  over: Partial<MatchRecord> = {},
  value = "v",
): MatchRecord {
  return {
    id,
    patternKey: "p",
    eventKey: `event-${id}`,
    partition: "part",
    position: 1,
    locator: "file:1",
    host: "h",
    eventId: 1,
    time,
    layout: "flat",
    why: [{ comparison: "c", path: "file:name", field: "Image", value }],
    ...over,
  };
}

/** A hit of operand 0 of `p` in the scope `s`. */
export function operandHit(id: string, over: Partial<OperandHit> = {}): OperandHit {
  return { ...match(id, 1), operand: 0, scope: "s", ...over };
}

export function alert(id: string, over: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id,
    group: groupOf(match("", 0)),
    generation: 1,
    version: 0,
    status: "new",
    resolution: undefined,
    assignee: undefined,
    tags: [],
    history: [],
    covers: 1,
    after: 0,
    through: undefined,
    createdAt: 1,
    updatedAt: 1,
    count: 1,
    firstSeen: 10,
    lastSeen: 20,
    severity: "low",
    evidence: [match("e", 10)],
    ...over,
  };
}

export function ledgerRow(partition: string, over: Partial<LedgerRow> = {}): LedgerRow {
  const pieces = [{ to: 5, revision: 2, semantics: 1 }];
  return { partition, version: 0, pieces, unreachableSince: undefined, costs: {}, ...over };
}

export function importRecord(id: string, over: Partial<ImportRecord> = {}): ImportRecord {
  return {
    id,
    feed: "f",
    name: `${id}.json`,
    content: "digest",
    state: "done",
    error: undefined,
    startedAt: 1,
    finishedAt: 2,
    format: "stix",
    counts: { accepted: 1 },
    entries: [],
    ...over,
  };
}

export function apiKey(id: string, over: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return {
    id,
    name: `key ${id}`,
    hash: "0".repeat(64),
    scopes: ["read"],
    createdAt: 1,
    expiresAt: undefined,
    lastUsedAt: undefined,
    revokedAt: undefined,
    ...over,
  };
}
