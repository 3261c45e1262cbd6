/**
 * What the core asks of the world. Every implementation of a port passes the suite of that port in
 * `test/conformance/`. Positions and revisions are whole numbers that start at 1; a range (from, to]
 * leaves `from` out and takes `to` in.
 */
import type { Wanted } from "./match/wanted.ts";
import type { Token } from "./access/token.ts";
import type {
  AuditEntry,
  AuditFilter,
  AlertRecord,
  AlertFilter,
  ApiKeyRecord,
  FoldedGroup,
  GroupKey,
  ImportEntry,
  ImportRecord,
  IndicatorFilter,
  IndicatorRecord,
  LedgerException,
  LedgerRow,
  LoggedHit,
  LoggedMatch,
  MatchRecord,
  OperandHit,
  PatternInput,
  PatternRecord,
  RecordKinds,
} from "./records.ts";

/** A stable 128-bit digest of a text, as 32 hexadecimal digits. */
export type Hash = (text: string) => string;

/** The time now, milliseconds since 1970. */
export type Clock = () => number;

/** Makes and checks the secrets of API keys. */
export interface KeySecrets {
  /** Draws an id (64 bits) and a secret (256 bits) from the system's source of randomness. */
  make(): Token;
  /** SHA-256 of a secret, hexadecimal. */
  hash(secret: string): string;
  /** Says whether a hash is that of a secret, in a time that does not tell how much of it is right. */
  matches(secret: string, hash: string): boolean;
}

/** One log with positions: an Elasticsearch shard, a segment of the embedded store. */
export interface Partition {
  /** Names this log and no other, ever: a restored or re-created one has a new id. */
  readonly id: string;
  /** Every position up to here can be read, and what stands there never changes. */
  readonly bound: number;
  /** Reading it is slow or dear: new patterns meet it seldom, many at a time. */
  readonly isCold?: boolean;
}

/** An event as it stands in the store. */
export interface StoredEvent {
  readonly position: number;
  /** The store's own id of the document, or `file:line`. */
  readonly locator: string;
  readonly document: unknown;
}

/** Why a part of a store is not read, or not as it should be. */
export interface Limitation {
  readonly code: string;
  /** The part: an index, or a name of the settings. */
  readonly subject: string;
  readonly reason: string;
}

export interface EventStore {
  /** What is not read, or not exactly, and why; as of the last look. */
  limitations(): readonly Limitation[];
  /** Lists the partitions that can be read now, each with its safe bound; one that is missing is not covered. */
  partitions(): Promise<readonly Partition[]>;
  /**
   * Tells which of these partitions are deleted for certain. One that is closed, forbidden or out of reach may come
   * back and is not among them; a store that can't tell gives none.
   */
  gone(partitions: readonly string[]): Promise<readonly string[]>;
  /**
   * Yields every event at a position in (from, to], in order, in batches; fails rather than leaving one out. With a picker it
   * may leave out events that it does not pick.
   */
  read(
    partition: string,
    from: number,
    to: number,
    picker?: Picker,
  ): AsyncIterable<readonly StoredEvent[]>;
  /**
   * Yields candidates: every event in (from, to] that holds at least one of the anchors wanted. May yield others, even all where
   * that is cheaper, never fewer, but for those that a picker does not pick; each position once, in order.
   */
  search(
    partition: string,
    from: number,
    to: number,
    wanted: Wanted,
    picker?: Picker,
  ): AsyncIterable<readonly StoredEvent[]>;
}

/** Picks from whole lines of JSON those that hold an event that is wanted, or may. */
export interface Picker {
  pick(lines: Uint8Array): PickedLines;
}

/** Whole lines of a source as bytes, the last one ended by a newline too; they may be written over once the next are asked for. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  /** Why the block, which then stands for one line, could not be read. */
  readonly problem?: string;
}

/** A place in documents that lines are looked through for. */
export interface LinePath {
  /** Keys from the document's top; a key with dots in it counts as several. */
  readonly keys: readonly string[];
  /** The number, 1 to 65,535, under which scalars here are told, those of a list one by one; 0: they are not. */
  readonly field: number;
  /** Kinds of values that are not understood here: they make their line one to be parsed. */
  readonly odd: readonly ("text" | "list" | "object")[];
}

/**
 * Says whether a value makes its line one to be parsed. `raw` is as JSON writes it, without the quotation marks of a text.
 * That it does not is remembered until other paths are set.
 */
export type WantsValue = (field: number, raw: string, isText: boolean) => boolean;

export interface PickedLines {
  /** How many lines there were. */
  readonly count: number;
  /** Lines to be parsed, in order, by their place from 0 on. */
  readonly picked: readonly { readonly index: number; readonly text: string }[];
}

/** Looks through lines of JSON without parsing them. */
export interface LineReader {
  /** Sets the paths to look at. `wrappers`: keys of a line under which the document may stand. */
  ask(paths: readonly LinePath[], wrappers: readonly string[]): void;
  /**
   * Picks lines: each that is not surely one object of JSON (an empty one too), that is not understood at a path, or that
   * has a value which is wanted. May pick others, never fewer. `bytes` are whole lines, each ended by a newline.
   */
  pick(bytes: Uint8Array, wants: WantsValue): PickedLines;
}

/** An event on its way into the embedded store. */
export interface NewEvent {
  readonly locator: string;
  /** JSON text of the document, one line. */
  readonly text: string;
  /** Index keys of the event's values. */
  readonly keys: readonly string[];
  /** Which source it came from (or "") and at which line, so that a load that was interrupted goes on where it stopped. */
  readonly source: string;
  readonly line: number;
}

export interface EventSink {
  /** Stores events durably, in order; when it returns they survive a crash. */
  append(events: readonly NewEvent[]): Promise<void>;
  /** The last line of a source that is stored; 0 for a source never seen, and for "". */
  loadedThrough(source: string): Promise<number>;
}

export interface PatternStore {
  /** Makes patterns live. New and retired ones get a new revision; live ones are left as they are. Returns how many changed. */
  activate(patterns: readonly PatternInput[]): Promise<number>;
  /** Retires live patterns; each gets a new revision. */
  retire(keys: readonly string[]): Promise<number>;
  /** Gives live patterns a new revision, so that they meet everything again. */
  reregister(keys: readonly string[]): Promise<void>;
  /** The revision up to which `changes` is complete. */
  bound(): Promise<number>;
  /** Every pattern whose latest change has a revision in (from, to], by revision, in parts. What fails at the end holds of nothing. */
  changes(from: number, to: number): AsyncIterable<readonly PatternRecord[]>;
  find(keys: readonly string[]): Promise<readonly PatternRecord[]>;
}

export interface IndicatorStore {
  /** Adds or replaces indicators by (feed, id); one that is not newer (`modified`) or not different changes nothing. */
  upsert(indicators: readonly IndicatorRecord[]): Promise<{
    readonly created: number;
    readonly updated: number;
    readonly unchanged: number;
    /** Keys of the patterns that indicators had before and have no longer. */
    readonly left: readonly string[];
  }>;
  byPattern(keys: readonly string[]): Promise<readonly IndicatorRecord[]>;
  /** Indicators in order of their number (order of arrival), after `after`. */
  list(
    filter: IndicatorFilter,
    after: number,
    limit: number,
  ): Promise<readonly (IndicatorRecord & { readonly number: number })[]>;
  count(): Promise<number>;
  /** How many each feed has; for people, so what was written a moment ago may be missing. */
  countByFeed(): Promise<ReadonlyMap<string, number>>;
  /** Pattern keys of indicators whose `valid_from` lies in (from, to]. */
  dueBetween(from: number, to: number): Promise<readonly string[]>;
}

export interface LedgerStore {
  rows(): Promise<readonly LedgerRow[]>;
  row(partition: string): Promise<LedgerRow | undefined>;
  /** Replaces a partition's row if its version is still `row.version`, raising it by one; false when another was first. A new row has version 0. */
  compareAndSet(row: LedgerRow): Promise<boolean>;
  exceptions(): Promise<readonly LedgerException[]>;
  /** Puts a pattern on the exception list, once for each (pattern, partition). */
  except(exception: LedgerException): Promise<void>;
  pardon(pattern: string, partition: string): Promise<void>;
  /** Removes the rows of partitions that are deleted for certain, and the exceptions that name them. */
  forget(partitions: readonly string[]): Promise<void>;
}

export interface MatchStore {
  /** Stores matches that are not there yet (by id); returns how many were new. Each gets the next number of the match log. */
  add(matches: readonly MatchRecord[]): Promise<number>;
  /** The match log after a number, in order. */
  tail(after: number, limit: number): Promise<readonly LoggedMatch[]>;
  /** The groups that a pattern's matches make, held back or not. */
  groups(pattern: string): Promise<readonly GroupKey[]>;
  /** Every match of a pattern that is held back, but for one of the reasons `settled`, in order. */
  heldBack(pattern: string, settled?: readonly string[]): Promise<readonly LoggedMatch[]>;
  /** Marks matches as held back for a reason, or, with undefined, as counted. */
  dispose(ids: readonly string[], heldBack: string | undefined): Promise<void>;
  /** Counts the counted matches of a group with a number in (after, to], with first, last and samples. */
  fold(group: GroupKey, after: number, to: number): Promise<FoldedGroup>;
  count(): Promise<{ readonly matches: number; readonly heldBack: number }>;
  /** How many matches each reason holds back; for people, so what was written a moment ago may be missing. */
  heldBackBy(): Promise<ReadonlyMap<string, number>>;
}

/** What satisfies parts of patterns over several events: a log, as the matches are. */
export interface OperandHitStore {
  /** Stores hits that are not there yet (by id); returns how many were new. Each gets the next number of the log. */
  add(hits: readonly OperandHit[]): Promise<number>;
  /** The log after a number, in order. */
  tail(after: number, limit: number): Promise<readonly LoggedHit[]>;
  /** The operands of a pattern that have a hit in a scope. */
  operands(pattern: string, scope: string): Promise<readonly number[]>;
  /** Hits of a pattern in a scope with a time in [from, to], which may be infinite; so many at most, in any order. */
  of(
    pattern: string,
    scope: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<readonly LoggedHit[]>;
}

export interface AlertStore {
  get(id: string): Promise<AlertRecord | undefined>;
  /** The newest generation of a group's alert. */
  latest(group: GroupKey): Promise<AlertRecord | undefined>;
  /** Writes an alert if its version is still `alert.version` (0: it must be new), raising it by one; false when another was first. */
  compareAndSet(alert: AlertRecord): Promise<boolean>;
  /** Alerts by number (order of creation). */
  list(
    filter: AlertFilter,
    after: number,
    limit: number,
    descending: boolean,
  ): Promise<readonly (AlertRecord & { readonly number: number })[]>;
  count(): Promise<number>;
}

export interface ImportStore {
  /** Writes or replaces an import by id. */
  put(record: ImportRecord): Promise<void>;
  /** Keeps what became of one part of an import's entries; parts count from 0, a part put twice is one. */
  putPart(id: string, part: number, entries: readonly ImportEntry[]): Promise<void>;
  /** The parts kept of an import, by number. */
  parts(id: string): Promise<ReadonlyMap<number, readonly ImportEntry[]>>;
  /** Drops an import's parts, once its record holds their entries. */
  dropParts(id: string): Promise<void>;
  get(id: string): Promise<ImportRecord | undefined>;
  list(
    after: number,
    limit: number,
  ): Promise<readonly (ImportRecord & { readonly number: number })[]>;
}

/** A pattern to be folded again, and the mark that says so. */
export interface DirtyPattern {
  readonly pattern: string;
  readonly mark: string;
}

/** Small named numbers that must survive: how far the fold has read, when validity was looked at. */
export interface Bookmarks {
  get(name: string): Promise<number>;
  set(name: string, value: number): Promise<void>;
  /** Patterns whose alerts must be made again from stored matches, by pattern; kept until cleaned. */
  dirty(): Promise<readonly DirtyPattern[]>;
  /** Marks patterns; one that is marked gets a new mark. */
  soil(patterns: readonly string[]): Promise<void>;
  /** Takes marks back; a pattern that was marked again since keeps its new one. */
  clean(marks: readonly DirtyPattern[]): Promise<void>;
}

/** Keys of the API. None is ever deleted, so that "there are no keys" can't come true again. */
export interface ApiKeyStore {
  /** Says whether there is a key at all; revoked and expired ones count. */
  any(): Promise<boolean>;
  /** Adds a key; false when its id is taken. */
  add(key: ApiKeyRecord): Promise<boolean>;
  get(id: string): Promise<ApiKeyRecord | undefined>;
  /** Every key in the order of adding; people make them, so they are few. */
  list(): Promise<readonly ApiKeyRecord[]>;
  /** Ends a key for good; one that is revoked keeps its time. False when there is none. */
  revoke(id: string, at: number): Promise<boolean>;
  /** Notes a use; never moves it back. */
  touch(id: string, at: number): Promise<void>;
}

/** What was changed, when and by whom: entries are added, and never changed. */
export interface AuditStore {
  /** Adds an entry durably. */
  add(entry: AuditEntry): Promise<void>;
  /** Entries, the newest first; below the number `before`, where it is not 0. */
  list(
    filter: AuditFilter,
    before: number,
    limit: number,
  ): Promise<readonly (AuditEntry & { readonly number: number })[]>;
}

/** A record with the number of times it was written. */
export interface Versioned<T> {
  readonly id: string;
  /** 0: not written yet. */
  readonly version: number;
  readonly record: T;
}

/** Records of several kinds that people make, few of each. Kept as JSON: what is undefined in them is left out. */
export interface RecordStore {
  /** Every record of a kind, by id. */
  list<K extends keyof RecordKinds>(kind: K): Promise<readonly Versioned<RecordKinds[K]>[]>;
  get<K extends keyof RecordKinds>(
    kind: K,
    id: string,
  ): Promise<Versioned<RecordKinds[K]> | undefined>;
  /** Writes a record if its version still is the one given (0: it must be new), raising it by one; false when another was first. */
  compareAndSet<K extends keyof RecordKinds>(
    kind: K,
    one: Versioned<RecordKinds[K]>,
  ): Promise<boolean>;
  /** Removes a record if its version still is the one given; false otherwise. */
  remove(kind: keyof RecordKinds, id: string, version: number): Promise<boolean>;
}

/** All state of one installation. */
export interface State {
  readonly patterns: PatternStore;
  readonly indicators: IndicatorStore;
  readonly ledger: LedgerStore;
  readonly matches: MatchStore;
  readonly operandHits: OperandHitStore;
  readonly alerts: AlertStore;
  readonly imports: ImportStore;
  readonly bookmarks: Bookmarks;
  readonly apiKeys: ApiKeyStore;
  readonly records: RecordStore;
  readonly audit: AuditStore;
}
