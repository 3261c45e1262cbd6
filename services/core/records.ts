/** What the state ports keep. Times are milliseconds since 1970 unless a STIX property says otherwise. */
import type { MatchMode } from "stix2-ts";
import type { Scope } from "./access/scopes.ts";
import type { Session } from "./access/session.ts";
import type { WebhookRecord, WebhookState } from "./notify/webhook.ts";
import type { FeedRecord, FeedState } from "./feeds/feed-record.ts";

/** Options that change what a pattern means; part of its key. */
export interface PatternOptions {
  readonly mode: MatchMode;
  readonly subdomains: boolean;
}

export interface PatternInput {
  readonly key: string;
  readonly pattern: string;
  readonly options: PatternOptions;
}

/** A pattern as the pattern axis holds it: written when created, retired or re-activated, and never else. */
export interface PatternRecord extends PatternInput {
  readonly live: boolean;
  readonly revision: number;
}

/** One feed's word on a pattern. Mutable: nothing in here changes what the pattern means. */
export interface IndicatorRecord {
  readonly feed: string;
  readonly id: string;
  readonly patternKey: string;
  readonly pattern: string;
  readonly name: string;
  readonly description: string;
  readonly modified: string;
  /** Milliseconds since 1970; undefined: always. */
  readonly validFrom: number | undefined;
  readonly validUntil: number | undefined;
  readonly revoked: boolean;
  readonly confidence: number | undefined;
  readonly labels: readonly string[];
  readonly markings: readonly string[];
  readonly killChain: readonly string[];
  readonly context: readonly {
    readonly relationship: string;
    readonly type: string;
    readonly id: string;
    readonly name: string;
  }[];
  /** What the evaluation of this indicator leaves out, in words; empty when nothing. */
  readonly notes: readonly string[];
}

export interface IndicatorFilter {
  readonly feed?: string;
  readonly id?: string;
  readonly patternKey?: string;
}

/** A stretch of positions, ending at `to`, that has met the patterns up to `revision` by the rules `semantics`. */
export interface Piece {
  readonly to: number;
  readonly revision: number;
  readonly semantics: number;
}

/** Coverage of one partition: pieces in order, the first beginning at position 1. */
export interface LedgerRow {
  readonly partition: string;
  readonly version: number;
  readonly pieces: readonly Piece[];
  /** Set while the partition can't be read. */
  readonly unreachableSince: number | undefined;
  /** What sweeping it has taken of late, by strategy. */
  readonly costs: SweepCosts;
}

/** Sums over jobs, older ones counted less: so `jobs` need not be whole. */
export interface SweepCost {
  readonly jobs: number;
  readonly positions: number;
  readonly candidates: number;
  readonly ms: number;
}

export interface SweepCosts {
  readonly push?: SweepCost;
  readonly pull?: SweepCost;
}

/** A pattern that one partition (or, with `*`, any) has not met, and why. */
export interface LedgerException {
  readonly pattern: string;
  readonly partition: string;
  readonly code: string;
  readonly reason: string;
  /** When it is tried again; undefined: not before the semantics change. */
  readonly retryAt: number | undefined;
}

/** A pattern that an event satisfied. Its id is made of the two keys alone. */
export interface MatchRecord {
  readonly id: string;
  readonly patternKey: string;
  readonly eventKey: string;
  readonly partition: string;
  readonly position: number;
  readonly locator: string;
  /** Lower case; "" where the event names no host. */
  readonly host: string;
  readonly eventId: number;
  readonly time: number;
  readonly layout: string;
  readonly why: readonly MatchReason[];
  /** The other events that together with this one satisfy a pattern over several events, by time. */
  readonly companions?: readonly Companion[];
}

/** An event that takes part in a match of another. */
export type Companion = Omit<MatchRecord, "id" | "patternKey" | "companions">;

/** An event that satisfies one operand, a `[ ]`, of a pattern over several events. Its id is made of these three. */
export interface OperandHit extends Omit<MatchRecord, "companions"> {
  /** Number of the operand within the pattern. */
  readonly operand: number;
  /** Which events it may be joined with. */
  readonly scope: string;
}

export interface LoggedHit extends OperandHit {
  readonly number: number;
}

export interface MatchReason {
  readonly comparison: string;
  readonly path: string;
  /** The document's field that held the value. */
  readonly field: string;
  readonly value: string;
}

export interface LoggedMatch extends MatchRecord {
  readonly number: number;
  /** Why the match raises no alert; undefined when it counts. */
  readonly heldBack: string | undefined;
}

/** Matches that share these become one alert. */
export interface GroupKey {
  readonly patternKey: string;
  readonly host: string;
  readonly value: string;
}

export interface FoldedGroup {
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The earliest matches by event time, few. */
  readonly samples: readonly LoggedMatch[];
}

export const ALERT_STATUSES = ["new", "acknowledged", "in-progress", "closed"] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];
export const RESOLUTIONS = ["true-positive", "false-positive", "benign"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const SEVERITIES = ["low", "medium", "high"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What one person changed at one time; what is absent stayed as it was. */
export interface AlertChange {
  readonly at: number;
  /** Id of the API key, or `local`. */
  readonly by: string;
  readonly status?: AlertStatus;
  readonly resolution?: Resolution | undefined;
  /** Empty: nobody. */
  readonly assignee?: string;
  /** All of them, as they were afterwards. */
  readonly tags?: readonly string[];
  readonly comment?: string;
}

export interface AlertRecord {
  readonly id: string;
  readonly group: GroupKey;
  readonly generation: number;
  readonly version: number;
  readonly status: AlertStatus;
  /** Of a closed alert: what it was. */
  readonly resolution: Resolution | undefined;
  readonly assignee: string | undefined;
  /** In order, each once. */
  readonly tags: readonly string[];
  readonly history: readonly AlertChange[];
  /** Matches after this number belong to this generation. */
  readonly after: number;
  /** The last match number of a generation that has ended. */
  readonly through: number | undefined;
  /** The match number up to which `count` holds. */
  readonly covers: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly severity: Severity;
  readonly evidence: readonly MatchRecord[];
}

export interface AlertFilter {
  readonly host?: string;
  readonly indicator?: string;
  /** One of these. */
  readonly statuses?: readonly AlertStatus[];
  readonly assignee?: string;
  readonly tag?: string;
  readonly severity?: Severity;
  /** Last seen at or after. */
  readonly since?: number;
  /** First seen before. */
  readonly until?: number;
}

export interface ImportEntry {
  readonly status: "accepted" | "partly" | "rejected" | "unmatchable" | "not-yet-evaluated";
  readonly id: string | undefined;
  readonly where: string;
  readonly code: string | undefined;
  readonly reason: string | undefined;
  readonly lost: readonly string[];
  /** What was done to the entry's text before it was read; absent where nothing was. */
  readonly repaired?: readonly string[];
  /** Warning lists that name a value of the indicator, by id; absent where none does. */
  readonly warningLists?: readonly string[];
}

export interface ImportRecord {
  readonly id: string;
  readonly feed: string;
  readonly name: string;
  /** Digest of the content. */
  readonly content: string;
  /** `running`: its parts are being stored, by whichever worker takes them. */
  readonly state: "running" | "done" | "failed";
  /** How many parts a running import has; undefined where it is stored in one piece. */
  readonly parts?: number;
  readonly error: string | undefined;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly format: string | undefined;
  readonly counts: Readonly<Record<string, number>>;
  readonly entries: readonly ImportEntry[];
}

/** A key of the API. Its token is nowhere: the hash is all that is needed to know it again. */
export interface ApiKeyRecord {
  readonly id: string;
  /** What people call it; need not be unique. */
  readonly name: string;
  /**
   * SHA-256 of the secret, hexadecimal. Plain, because the secret is 256 random bits: stretching (bcrypt, scrypt)
   * makes the guessing of words that people choose slower, and here is nothing to guess.
   */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  /** The key is good before this; undefined: for ever. */
  readonly expiresAt: number | undefined;
  readonly lastUsedAt: number | undefined;
  readonly revokedAt: number | undefined;
}

/** One change, and who made it. */
export interface AuditEntry {
  readonly at: number;
  /** Id of the API key, or `local`. */
  readonly by: string;
  /** What was asked for: method and path of the API, or a command. */
  readonly action: string;
  /** Id of what was changed; "" where the action names it, or a list stands in `detail`. */
  readonly subject: string;
  /** What was given with it, as JSON; no secret. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  readonly by?: string;
  readonly action?: string;
  readonly subject?: string;
  /** At or after, and before. */
  readonly since?: number;
  readonly until?: number;
}

export const SUPPRESSION_KINDS = ["value", "cidr", "domain", "regex", "indicator"] as const;
export type SuppressionKind = (typeof SUPPRESSION_KINDS)[number];

/** Where a suppression holds; what is absent narrows nothing. */
export interface SuppressionScope {
  readonly feed?: string;
  /** A host, or a pattern of hosts: `*` any characters, `?` one. */
  readonly host?: string;
  /** Events at or after, and before. */
  readonly from?: number;
  readonly until?: number;
}

/** What raises no alert, by somebody's word and for a reason. It is lifted, never deleted: what it held back stays so. */
export interface Suppression {
  readonly kind: SuppressionKind;
  readonly value: string;
  readonly scope: SuppressionScope;
  readonly reason: string;
  /** Id of the API key, or `local`. */
  readonly by: string;
  readonly at: number;
  /** It acts on what is judged before this; absent: for ever. */
  readonly expiresAt?: number;
  readonly lifted?: { readonly by: string; readonly at: number };
}

/** Patterns that are to meet history before others do. */
export interface ExpressRequest {
  /** Keys, in order. */
  readonly patterns: readonly string[];
  /** The latest revision among them. */
  readonly revision: number;
  /** Id of the API key, or `local`. */
  readonly by: string;
  readonly at: number;
  /** Where each log ended when the request was first planned: what comes later is new, and swept first anyway. */
  readonly bounds?: Readonly<Record<string, number>>;
  /** What was swept of each log; the revision in its pieces says nothing. */
  readonly pieces: Readonly<Record<string, readonly Piece[]>>;
}

/** What the record store keeps, by kind. */
export interface RecordKinds {
  readonly express: ExpressRequest;
  readonly suppression: Suppression;
  readonly feed: FeedRecord;
  readonly "feed-state": FeedState;
  readonly webhook: WebhookRecord;
  readonly "webhook-state": WebhookState;
  readonly session: Session;
}
