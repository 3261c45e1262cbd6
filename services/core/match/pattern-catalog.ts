import { PatternSet, StixError, type CompiledPattern } from "stix2-ts";
import { limitationOf } from "../schema/limitation.ts";
import type { LedgerStore, PatternStore, Picker } from "../ports.ts";
import type { PatternRecord } from "../records.ts";
import { Turns } from "../turns.ts";
import type { CompileText } from "./compile.ts";
import { Wanted } from "./wanted.ts";

/** Marks an exception that holds for every partition. */
export const EVERY_PARTITION = "*";

export interface CatalogDeps {
  readonly patterns: PatternStore;
  readonly ledger: LedgerStore;
  readonly compile: CompileText;
}

/** A set of compiled patterns keyed by pattern key, with what is needed to find candidates for them. */
export interface LoadedPatterns {
  readonly set: PatternSet;
  /** What any match must have; undefined when a pattern has no anchor. */
  readonly wanted: Wanted | undefined;
  /** Picks the events that the patterns can match from their text; undefined: none is left out. */
  readonly picker?: Picker | undefined;
}

/** Patterns that are added one by one. */
export class GatheredPatterns implements LoadedPatterns {
  readonly set = new PatternSet();
  wanted: Wanted | undefined = new Wanted();

  add(key: string, compiled: CompiledPattern): void {
    this.set.add(key, compiled);
    if (compiled.anchors === undefined) {
      this.wanted = undefined;
    } else {
      for (const anchor of compiled.anchors) this.wanted?.add(anchor);
    }
  }
}

/** Compiles the live ones of some records into a set. Patterns that cannot be evaluated yet go onto the exception list. */
export async function loadPatterns(
  deps: CatalogDeps,
  records: AsyncIterable<readonly PatternRecord[]>,
): Promise<LoadedPatterns> {
  const patterns = new GatheredPatterns();
  for await (const part of records) {
    for (const record of part) {
      const compiled = record.live ? await compileOrExcept(deps, record) : undefined;
      if (compiled !== undefined) {
        patterns.add(record.key, compiled);
      }
    }
  }
  return patterns;
}

async function compileOrExcept(
  deps: CatalogDeps,
  record: PatternRecord,
): Promise<CompiledPattern | undefined> {
  try {
    const compiled = deps.compile(record.pattern, record.options);
    const limitation = limitationOf(compiled.pattern);
    if (limitation !== undefined) {
      await deps.ledger.except({
        pattern: record.key,
        partition: EVERY_PARTITION,
        code: limitation.code,
        reason: limitation.reason,
        retryAt: undefined,
      });
    }
    return compiled;
  } catch (error) {
    if (!(error instanceof StixError)) {
      throw error;
    }
    await deps.ledger.except({
      pattern: record.key,
      partition: EVERY_PARTITION,
      code: error.code,
      reason: error.message,
      retryAt: undefined,
    });
    return undefined;
  }
}

/** The live patterns as one set that follows the pattern axis. */
export class PatternCatalog {
  readonly #deps: CatalogDeps;
  readonly #set = new PatternSet();
  readonly #turns = new Turns();
  #revision = 0;

  constructor(deps: CatalogDeps) {
    this.#deps = deps;
  }

  /** Every live pattern of a revision up to this one is in the set. */
  get revision(): number {
    return this.#revision;
  }

  get set(): PatternSet {
    return this.#set;
  }

  /**
   * Takes in all changes up to a bound that was read before, in turns. A job may be looking patterns up meanwhile: one
   * that stays is never out of the set.
   */
  async follow(bound: number): Promise<void> {
    await this.#turns.take(async () => {
      if (bound <= this.#revision) {
        return;
      }
      for await (const part of this.#deps.patterns.changes(this.#revision, bound)) {
        for (const record of part) {
          const compiled = record.live ? await compileOrExcept(this.#deps, record) : undefined;
          this.#set.remove(record.key);
          if (compiled !== undefined) {
            this.#set.add(record.key, compiled);
          }
        }
      }
      this.#revision = bound;
    });
  }
}
