/** What the API answers of events and processes, as far as the console reads it. */
export interface FoundEvent {
  readonly id: string;
  readonly eventId: number;
  readonly time: string | null;
  readonly host: string;
  readonly layout: string;
  readonly locator: string;
  readonly object: string;
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

export interface WholeEvent extends FoundEvent {
  readonly document: unknown;
}

export interface EventPage {
  readonly events: readonly FoundEvent[];
  readonly total: number;
  readonly complete: boolean;
  readonly next: string | null;
}

export interface Activity {
  readonly event: string;
  readonly eventId: number;
  readonly time: string | null;
  readonly object: string;
  readonly other: {
    readonly process: string;
    readonly image: string;
    readonly isActor: boolean;
  } | null;
}

export interface ProcessNode {
  readonly process: string;
  readonly pid: string;
  readonly image: string;
  readonly commandLine: string;
  readonly user: string;
  readonly integrityLevel: string;
  readonly directory: string;
  readonly hashes: Readonly<Record<string, string>>;
  readonly start: string | null;
  readonly end: string | null;
  readonly isInferred: boolean;
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly childCount: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly activities: readonly Activity[];
  readonly isOpen: boolean;
}

export interface ProcessTree {
  readonly root: string;
  readonly focus: string;
  readonly nodes: readonly ProcessNode[];
  readonly complete: boolean;
}
