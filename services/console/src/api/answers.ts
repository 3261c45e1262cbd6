/** What the API answers, as far as the console reads it. */
export type Severity = "low" | "medium" | "high";
export type AlertStatus = "new" | "acknowledged" | "in-progress" | "closed";
export type Resolution = "true-positive" | "false-positive" | "benign";
export type Scope = "read" | "triage" | "feeds" | "admin";

export interface SessionAnswer {
  readonly key: { readonly id: string; readonly name: string } | null;
  readonly scopes: readonly Scope[];
  readonly session: boolean;
}

export interface Reason {
  readonly comparison: string;
  readonly path: string;
  readonly field: string;
  readonly value: string;
}

export interface SeenEvent {
  readonly event: string;
  /** Names the event. */
  readonly ref: string;
  readonly partition: string;
  readonly position: number;
  readonly eventId: number;
  readonly layout: string;
  readonly time: string | null;
  readonly why: readonly Reason[];
}

export interface Evidence extends SeenEvent {
  readonly companions?: readonly SeenEvent[];
}

export interface IndicatorContext {
  readonly relationship: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

export interface Indicator {
  readonly feed: string;
  readonly id: string;
  readonly name: string;
  readonly revoked: boolean;
  readonly confidence: number | null;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly labels: readonly string[];
  readonly markings: readonly string[];
  readonly killChain: readonly string[];
  readonly context: readonly IndicatorContext[];
  readonly notes: readonly string[];
}

export interface WholeIndicator extends Indicator {
  readonly description: string;
  readonly modified: string;
  readonly pattern: string;
}

export interface AlertChange {
  readonly at: string | null;
  readonly by: string;
  readonly status?: AlertStatus;
  readonly resolution?: Resolution;
  readonly assignee?: string;
  readonly tags?: readonly string[];
  readonly comment?: string;
}

export interface Alert {
  readonly id: string;
  readonly generation: number;
  readonly version: number;
  readonly status: AlertStatus;
  readonly resolution: Resolution | null;
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly severity: Severity;
  readonly host: string;
  readonly value: string;
  readonly count: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly pattern: string | null;
  readonly indicators: readonly Indicator[];
  readonly warningLists: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly history: readonly AlertChange[];
}

export interface AlertPage {
  readonly alerts: readonly Alert[];
  readonly next: string | null;
}

export interface IndicatorPage {
  readonly indicators: readonly WholeIndicator[];
  readonly next: string | null;
}

export type EntryStatus = "accepted" | "partly" | "rejected" | "unmatchable" | "not-yet-evaluated";

export interface ImportEntry {
  readonly status: EntryStatus;
  readonly id?: string;
  readonly where: string;
  readonly code?: string;
  readonly reason?: string;
  readonly lost: readonly string[];
  readonly warningLists?: readonly string[];
}

export interface ImportSummary {
  readonly id: string;
  readonly feed: string;
  readonly name: string;
  readonly content: string;
  readonly format: string | null;
  readonly state: "running" | "done" | "failed";
  readonly error: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

export interface ImportReport extends ImportSummary {
  readonly entries: readonly ImportEntry[];
}

export interface ImportPage {
  readonly imports: readonly ImportSummary[];
  readonly next: string | null;
}

interface Hits {
  readonly matches: number;
  readonly heldBack: number;
  readonly first: string | null;
  readonly last: string | null;
}

export interface PreviewEntry extends ImportEntry {
  readonly duplicateOf: readonly string[];
  readonly hits: (Hits & { readonly hosts: number }) | null;
}

export interface Preview {
  readonly name: string;
  readonly format: string | null;
  readonly error: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly since: string | null;
  readonly search: {
    readonly complete: boolean;
    readonly stoppedBy: "time" | "matches" | null;
    readonly events: number;
    readonly problems: readonly string[];
  } | null;
  readonly hits: (Hits & { readonly hosts: number }) | null;
  readonly patternsHit: number;
  readonly hosts: readonly (Hits & { readonly host: string; readonly patterns: number })[];
  readonly entries: readonly PreviewEntry[];
}

export type SuppressionKind = "value" | "cidr" | "domain" | "regex" | "indicator";

export interface Suppression {
  readonly id: string;
  readonly kind: SuppressionKind;
  readonly value: string;
  readonly scope: {
    readonly feed: string | null;
    readonly host: string | null;
    readonly from: string | null;
    readonly until: string | null;
  };
  readonly reason: string;
  readonly by: string;
  readonly at: string | null;
  readonly expiresAt: string | null;
  readonly state: "standing" | "expired" | "lifted";
  readonly lifted: { readonly by: string; readonly at: string | null } | null;
  readonly heldBack: number;
}

export interface WarningList {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly type: string;
  readonly entries: number;
  readonly unusable: number;
  readonly holds: boolean;
  readonly heldBack: number;
}

export interface Piece {
  readonly to: number;
  readonly revision: number;
  readonly semantics: number;
}

export interface CoveragePartition {
  readonly id: string;
  readonly bound: number;
  readonly reachable: boolean;
  readonly unreachableSince: string | null;
  readonly pieces: readonly Piece[];
  readonly covered: number;
  readonly stale: number;
  readonly total: number;
}

export interface Coverage {
  readonly asOf: string | null;
  readonly revision: number;
  readonly semantics: number;
  readonly covered: number;
  readonly stale: number;
  readonly total: number;
  readonly ratio: number;
  readonly partitions: readonly CoveragePartition[];
  readonly limitations: readonly {
    readonly code: string;
    readonly subject: string;
    readonly reason: string;
  }[];
  readonly exceptions: readonly {
    readonly pattern: string;
    readonly partition: string;
    readonly code: string;
    readonly reason: string;
    readonly retryAt: string | null;
  }[];
}

export interface Plan {
  readonly paused: boolean;
  readonly jobs: number;
  readonly estimateMs: number;
  readonly express: readonly {
    readonly id: string;
    readonly patterns: number;
    readonly by: string;
  }[];
  readonly next: readonly {
    readonly partition: string;
    readonly from: number;
    readonly to: number;
    readonly revision: number;
    readonly urgency: string;
    readonly strategy: string;
    readonly estimateMs: number;
  }[];
}

export interface DeadJob {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAt: string | null;
}

export interface Feed {
  readonly id: string;
  readonly title: string;
  readonly origin: "file" | "api";
  readonly kind: string | null;
  readonly url: string | null;
  readonly state: "unusable" | "disabled" | "running" | "waiting" | "failing" | "good";
  readonly problem: string | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly at: string | null;
  } | null;
  readonly failures: number;
  readonly nextAt: string | null;
  readonly succeededAt: string | null;
  readonly indicators: number;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string | null;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

export interface AuditEntry {
  readonly at: string | null;
  readonly by: string;
  readonly action: string;
  readonly subject: string;
}
