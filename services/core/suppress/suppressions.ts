/** Which matches are held back by somebody's word. */
import { indexKey, parseAddress, type RegexEngine } from "stix2-ts";
import type { Versioned } from "../ports.ts";
import type { IndicatorRecord, MatchRecord, Suppression } from "../records.ts";
import { AddressRanges } from "./address-ranges.ts";
import { DomainSuffixes, domainKey } from "./domain-suffixes.ts";
import { valuesOf, type ObservedValue } from "./observed-value.ts";

/** An entry that can be asked. What costs to make is made when it is first needed. */
interface Entry {
  readonly id: string;
  readonly record: Suppression;
  readonly meets: (value: ObservedValue) => boolean;
  readonly isHost: (host: string) => boolean;
}

/** Entries as of one look at them, by what they speak of: judging a match costs a few look-ups, and a test of each regex. */
export class Suppressions {
  readonly #byId = new Map<string, Entry>();
  readonly #values = new Map<string, Entry[]>();
  readonly #indicators = new Map<string, Entry[]>();
  readonly #ranges = new AddressRanges<Entry>();
  readonly #domains = new DomainSuffixes<Entry>();
  readonly #regexes: Entry[] = [];

  constructor(all: readonly Versioned<Suppression>[], regex: RegexEngine, now: number) {
    for (const { id, record } of all) {
      const entry = makeEntry(id, record, regex);
      this.#byId.set(id, entry);
      if (stands(record, now)) {
        this.#index(entry);
      }
    }
  }

  #index(entry: Entry): void {
    const { kind, value } = entry.record;
    switch (kind) {
      case "value":
        return put(this.#values, indexKey(value), entry);
      case "indicator":
        return put(this.#indicators, value, entry);
      case "cidr": {
        const range = parseAddress(value);
        return range && this.#ranges.add(range, entry);
      }
      case "domain":
        return this.#domains.add(value, entry);
      case "regex":
        this.#regexes.push(entry);
        return undefined;
    }
  }

  /**
   * The entry that silences a match of these indicators: every one of them is silenced by an entry, and the first one's is
   * given. The entry `holder` counts as standing, even when it was lifted or has expired. An entry silences an indicator
   * where every value that the match rests on is one of its own.
   */
  silencing(
    match: MatchRecord,
    indicators: readonly IndicatorRecord[],
    holder?: string,
  ): string | undefined {
    if (this.#byId.size === 0) {
      return undefined;
    }
    const held = holder === undefined ? undefined : this.#byId.get(holder);
    const values = valuesOf(match);
    const onValues = [...this.#speakingOf(values), ...(held === undefined ? [] : [held])].filter(
      (entry) => isInScope(entry, match) && isMet(entry, values),
    );
    let first: string | undefined;
    for (const { feed, id } of indicators) {
      const onIndicator = [...(this.#indicators.get(id) ?? []), ...(held === undefined ? [] : [held])] // prettier-ignore
        .filter((entry) => isInScope(entry, match) && entry.record.kind === "indicator" && entry.record.value === id); // prettier-ignore
      const found = [...onValues, ...onIndicator].find(
        ({ record }) => record.scope.feed === undefined || record.scope.feed === feed,
      );
      if (found === undefined) {
        return undefined;
      }
      first ??= found.id;
    }
    return first;
  }

  /** Entries that may speak of the first value; `isMet` asks them about the others. */
  *#speakingOf([first]: readonly ObservedValue[]): Generator<Entry, void> {
    if (first === undefined) {
      return;
    }
    yield* this.#values.get(indexKey(first.text)) ?? [];
    if (first.address !== undefined) yield* this.#ranges.holding(first.address);
    if (first.host !== undefined) yield* this.#domains.holding(first.host);
    yield* this.#regexes;
  }

  /** Whether an entry silences every indicator of what it holds back, or is lost. */
  isForAll(id: string): boolean {
    const record = this.#byId.get(id)?.record;
    return record === undefined || (record.kind !== "indicator" && record.scope.feed === undefined);
  }

  /** Whether an entry is known; what it held back before it was forgotten can't be judged anew. */
  knows(id: string): boolean {
    return this.#byId.has(id);
  }
}

/** Whether an entry acts on what is judged at a time. */
export function stands({ lifted, expiresAt }: Suppression, now: number): boolean {
  return lifted === undefined && (expiresAt === undefined || expiresAt > now);
}

function put(into: Map<string, Entry[]>, key: string, entry: Entry): void {
  const there = into.get(key);
  if (there === undefined) into.set(key, [entry]);
  else there.push(entry);
}

function isInScope({ record: { scope }, isHost }: Entry, match: MatchRecord): boolean {
  return (
    (scope.from === undefined || match.time >= scope.from) &&
    (scope.until === undefined || match.time < scope.until) &&
    (scope.host === undefined || isHost(match.host))
  );
}

function isMet({ record, meets }: Entry, values: readonly ObservedValue[]): boolean {
  return record.kind !== "indicator" && values.length > 0 && values.every(meets);
}

function makeEntry(id: string, record: Suppression, regex: RegexEngine): Entry {
  const hosts = once(() => regex(globSource(record.scope.host ?? "")));
  return { id, record, meets: makeTest(record, regex), isHost: (host) => hosts().test(host) };
}

function makeTest({ kind, value }: Suppression, regex: RegexEngine): Entry["meets"] {
  switch (kind) {
    case "value": {
      const key = indexKey(value);
      return ({ text }) => indexKey(text) === key;
    }
    case "cidr": {
      const ranges = new AddressRanges<true>();
      const range = parseAddress(value);
      if (range !== undefined) ranges.add(range, true);
      return ({ address }) => address !== undefined && !ranges.holding(address).next().done;
    }
    case "domain": {
      const key = domainKey(value);
      return ({ host }) => {
        const own = host === undefined ? "" : indexKey(host);
        return own === key || own.endsWith(`.${key}`);
      };
    }
    case "regex": {
      const made = once(() => regex(value));
      return ({ text }) => made().test(text);
    }
    case "indicator":
      return () => false;
  }
}

/** A pattern of hosts as a regex, whatever else it holds taken by the letter. Hosts of events are lower case. */
export function globSource(glob: string): string {
  const parts = [...glob.toLowerCase()].map(
    (one) =>
    one === "*" ? ".*" : one === "?" ? "." : /[a-z0-9]/.test(one) ? one : `\\x{${one.codePointAt(0)?.toString(16)}}`, // prettier-ignore
  );
  return `^${parts.join("")}$`;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
