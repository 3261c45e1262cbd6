/** Lists of values that are known to be harmless, or well known: MISP's warning lists. */
import { indexKey, parseAddress, type RegexEngine } from "stix2-ts";
import type { MatchRecord } from "../records.ts";
import { AddressRanges } from "./address-ranges.ts";
import { DomainSuffixes } from "./domain-suffixes.ts";
import { SORTS, valuesOf, type ObservedValue, type Sort } from "./observed-value.ts";
import { Substrings } from "./substrings.ts";

export const LIST_TYPES = ["cidr", "hostname", "string", "substring", "regex"] as const;

/** A list as it was read. */
export interface WarningList {
  /** Its folder's name, or its file's. */
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly type: (typeof LIST_TYPES)[number];
  /** Kinds of values that it speaks of; empty: all. */
  readonly sorts: ReadonlySet<Sort>;
  readonly entries: readonly string[];
}

/** A list in use. */
export interface ListInUse extends Omit<WarningList, "entries"> {
  readonly entries: number;
  /** Entries that can't be used, as they are no range or no regex. */
  readonly unusable: number;
  /** Whether it holds matches back; otherwise it is only named. */
  readonly holds: boolean;
}

/** All lists, compiled together: what a value costs does not depend on how many there are, but for regexes. */
export class WarningLists {
  readonly lists: readonly ListInUse[];
  readonly #strings = new Map<string, ListInUse[]>();
  readonly #ranges = new AddressRanges<ListInUse>();
  readonly #domains = new DomainSuffixes<ListInUse>();
  readonly #substrings = new Substrings<ListInUse>();
  /** Kinds of values that a list of substrings speaks of. */
  readonly #lookedThrough = new Set<Sort>();
  readonly #regexes: { readonly regex: ReturnType<RegexEngine>; readonly list: ListInUse }[] = [];
  readonly #regex: RegexEngine;

  /** `holding`: ids of the lists that hold matches back. */
  constructor(
    lists: readonly WarningList[],
    { regex, holding }: { readonly regex: RegexEngine; readonly holding: ReadonlySet<string> },
  ) {
    this.#regex = regex;
    this.lists = lists.map((list) => this.#take(list, holding.has(list.id)));
  }

  #take({ entries, ...list }: WarningList, holds: boolean): ListInUse {
    const inUse = { ...list, entries: entries.length, unusable: 0, holds };
    for (const entry of entries) {
      inUse.unusable += this.#add(entry, inUse) ? 0 : 1;
    }
    return inUse;
  }

  #add(entry: string, list: ListInUse): boolean {
    switch (list.type) {
      case "cidr": {
        const range = parseAddress(entry.trim());
        if (range !== undefined) this.#ranges.add(range, list);
        return range !== undefined;
      }
      case "hostname":
        this.#domains.add(entry, list);
        return true;
      case "string": {
        // A name that begins with a dot is that of no host: what is meant is all below it.
        if (entry.startsWith(".") && (list.sorts.size === 0 || list.sorts.has("domain"))) {
          this.#domains.add(entry, list);
          return true;
        }
        const key = indexKey(entry);
        const there = this.#strings.get(key);
        if (there === undefined) this.#strings.set(key, [list]);
        else there.push(list);
        return true;
      }
      case "substring":
        for (const sort of SORTS) if (speaksOf(list, sort)) this.#lookedThrough.add(sort);
        return this.#substrings.add(entry.toLowerCase(), list);
      case "regex":
        return this.#addRegex(entry, list);
    }
  }

  #addRegex(entry: string, list: ListInUse): boolean {
    // PHP's way to write one: `/…/i`.
    const [, source = entry, flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(entry) ?? [];
    try {
      const regex = this.#regex(flags.includes("i") ? `(?i)${source}` : source);
      this.#regexes.push({ regex, list });
      return true;
    } catch {
      return false;
    }
  }

  /** The lists that name a value, each once, in any order. */
  hits(value: ObservedValue): ReadonlySet<ListInUse> {
    const found = new Set<ListInUse>();
    const note = (list: ListInUse): void => {
      if (speaksOf(list, value.sort)) found.add(list);
    };
    const { text, host, address } = value;
    for (const list of this.#strings.get(indexKey(text)) ?? []) note(list);
    if (host !== undefined) {
      for (const list of this.#domains.holding(host)) note(list);
      if (host !== text) for (const list of this.#strings.get(indexKey(host)) ?? []) note(list);
    }
    if (address !== undefined) for (const list of this.#ranges.holding(address)) note(list);
    if (this.#lookedThrough.has(value.sort)) {
      for (const list of this.#substrings.within(text.toLowerCase())) note(list);
    }
    for (const { regex, list } of this.#regexes) {
      if (speaksOf(list, value.sort) && !found.has(list) && regex.test(text)) found.add(list);
    }
    return found;
  }

  /** The ids of the lists that name one of these values, in order. */
  naming(values: readonly ObservedValue[]): readonly string[] {
    return [...new Set(values.flatMap((value) => [...this.hits(value)].map(({ id }) => id)))].toSorted(); // prettier-ignore
  }

  /**
   * The list that holds a match back: every value that the match rests on is on a list that does, and the first one's is
   * given. What rests on one value that no list knows is evidence of its own.
   */
  thatHolds(match: MatchRecord): string | undefined {
    let first: string | undefined;
    for (const value of valuesOf(match)) {
      const [holding] = [...this.hits(value)].filter((list) => list.holds).map(({ id }) => id).toSorted(); // prettier-ignore
      if (holding === undefined) {
        return undefined;
      }
      first ??= holding;
    }
    return first;
  }
}

function speaksOf({ sorts }: ListInUse, sort: Sort): boolean {
  return sorts.size === 0 || sorts.has(sort);
}
