import type { PatternStore } from "../../../core/ports.ts";
import type { PatternInput, PatternRecord } from "../../../core/records.ts";
import type { Write } from "./bulk-writes.ts";
import { fromText, toText, type Document } from "./document.ts";
import { NumberedLog } from "./numbered-log.ts";
import type { StateIndex } from "./state-index.ts";

/** The pattern axis: a record's revision is the number of its latest write, so nothing else is ever written here. */
export class ElasticsearchPatternStore implements PatternStore {
  readonly #index: StateIndex;
  readonly #log: NumberedLog;

  /** `registry` keeps the epoch: the ledger stands there, whose pieces a mistaken revision would harm. */
  constructor(index: StateIndex, registry: StateIndex) {
    this.#index = index;
    this.#log = new NumberedLog(index, registry, "patterns");
  }

  async activate(patterns: readonly PatternInput[]): Promise<number> {
    const inputs = new Map(patterns.toReversed().map((one) => [one.key, one] as const));
    const keys = [...new Set(patterns.map(({ key }) => key))];
    return this.#settle(keys, (key, known) => {
      const record = known === undefined ? toText(inputs.get(key)) : known.source["record"];
      return isLive(known) ? undefined : { live: true, record };
    });
  }

  async retire(keys: readonly string[]): Promise<number> {
    return this.#settle(keys, (_key, known) =>
      isLive(known) ? { ...known?.source, live: false } : undefined,
    );
  }

  async reregister(keys: readonly string[]): Promise<void> {
    await this.#settle(keys, (_key, known) => (isLive(known) ? known?.source : undefined));
  }

  async bound(): Promise<number> {
    return this.#log.bound();
  }

  async *changes(from: number, to: number): AsyncGenerator<readonly PatternRecord[], void> {
    await this.#log.bound();
    const base = await this.#log.base();
    // One that is written meanwhile moves behind `to`, so none comes twice.
    const within = { from: Math.max(0, from - base), through: to - base - 1 };
    for await (const page of this.#index.pages({ match_all: {} }, within)) {
      if (page.length > 0) yield page.map((document) => toRecord(document, base));
    }
    await this.#log.confirm(base);
  }

  async find(keys: readonly string[]): Promise<readonly PatternRecord[]> {
    const base = await this.#log.base();
    const found = await this.#index.read(keys);
    return [...found.values()].map((document) => toRecord(document, base));
  }

  /**
   * Writes what `next` makes of each record as it stands, or nothing; returns how many were written. Where another
   * was first, the record is read again: of several that activate one pattern, one writes.
   */
  async #settle(
    keys: readonly string[],
    next: (key: string, known: Document | undefined) => Write["source"],
  ): Promise<number> {
    let changed = 0;
    let left: readonly string[] = [...new Set(keys)];
    while (left.length > 0) {
      const found = await this.#index.read(left);
      const writes = left.flatMap((id) => {
        const known = found.get(id);
        const source = next(id, known);
        const action = known === undefined ? ("create" as const) : ("index" as const);
        return source === undefined ? [] : [{ id, action, source, onlyAt: known }];
      });
      const written = await this.#index.write(writes);
      changed += written.filter(({ outcome }) => outcome === "written").length;
      left = writes.filter((_, at) => written[at]?.outcome === "conflict").map(({ id }) => id);
    }
    return changed;
  }
}

function isLive(document: Document | undefined): boolean {
  return document?.source["live"] === true;
}

function toRecord(document: Document, base: number): PatternRecord {
  return {
    ...fromText<PatternInput>(document),
    live: isLive(document),
    revision: base + document.seqNo + 1,
  };
}
