/** What a feed file becomes: indicators in one currency, and a report of every entry. */

export type FeedFormat = "stix" | "stix1" | "openioc" | "misp" | "list" | "csv" | "sysmonsearch";

/** Something an indicator speaks of (malware, actor, campaign, …), resolved inside its own file. */
export interface IndicatorContext {
  readonly relationship: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

/** An indicator of any feed, in STIX 2.1 terms. Times are RFC 3339 text as the feed wrote them. */
export interface FeedIndicator {
  /** The feed's own STIX id; for other formats an id derived from the feed's ids, the same at every reading. */
  readonly id: string;
  /** STIX 2.1 pattern; it has been parsed. */
  readonly pattern: string;
  readonly patternType: "stix";
  readonly name?: string;
  readonly description?: string;
  readonly created?: string;
  readonly modified?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly revoked: boolean;
  readonly confidence?: number;
  /** `labels`, then `indicator_types`, without doubles. */
  readonly labels: readonly string[];
  /** `object_marking_refs` and `granular_markings`, then the TLP names they stand for (`TLP:AMBER`). */
  readonly markings: readonly string[];
  /** `kill_chain_name:phase_name`. */
  readonly killChain: readonly string[];
  readonly context: readonly IndicatorContext[];
  /** Where it came from; `text` where the feed's own wording differs from `pattern`. */
  readonly original: { readonly format: FeedFormat; readonly id: string; readonly text?: string };
}

/** What became of one entry of a feed file. */
export interface EntryReport {
  /**
   * `accepted`: converted whole. `partly`: converted, with `lost` saying what was not, or repaired, with `reason`
   * saying how. `rejected`: no indicator came of it. `ignored`: replaced by a newer version in the same file.
   */
  readonly status: "accepted" | "partly" | "rejected" | "ignored";
  readonly id?: string;
  /** JSON pointer, or `line:column` and the item's id. */
  readonly where: string;
  readonly reason?: string;
  readonly code?: string;
  readonly lost?: readonly string[];
  /** What was done to the entry's text before it was read, in words; it means what it meant. */
  readonly repaired?: readonly string[];
  /** How many of the feed's own terms this entry stands for (OpenIOC: IndicatorItems). */
  readonly items?: number;
}

export interface FeedContent {
  readonly format: FeedFormat;
  readonly version: string;
  /** In file order. */
  readonly indicators: readonly FeedIndicator[];
  /** One for each indicator of the file, whatever became of it, and one for each unusable entry; in file order. */
  readonly entries: readonly EntryReport[];
  /** Objects that are no indicators: type → count. */
  readonly ignored: Readonly<Record<string, number>>;
}
