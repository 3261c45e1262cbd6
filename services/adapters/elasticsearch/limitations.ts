import type { Limitation } from "../../core/ports.ts";

/** Why something behind the configured names is not read, or not as it should be. */
export interface StoreLimitation extends Limitation {
  readonly code:
    | "store/index-forbidden"
    | "store/numbers-disabled"
    | "store/index-failed"
    | "store/not-exact"
    | "store/not-refreshed"
    | "store/search-reads-all";
}

/** What is limited at the moment, each once. */
export class Limitations {
  readonly #known = new Map<string, StoreLimitation>();

  note(limitation: StoreLimitation): void {
    this.#known.set(`${limitation.code} ${limitation.subject}`, limitation);
  }

  clear(code: StoreLimitation["code"], subject: string): void {
    this.#known.delete(`${code} ${subject}`);
  }

  /** Forgets what a new look finds anew. */
  clearAll(code: StoreLimitation["code"]): void {
    for (const [name, limitation] of this.#known) {
      if (limitation.code === code) {
        this.#known.delete(name);
      }
    }
  }

  list(): readonly StoreLimitation[] {
    return [...this.#known.values()];
  }
}
