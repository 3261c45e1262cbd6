/** Why something behind the configured names is not read, or not as it should be. */
export interface StoreLimitation {
  readonly code:
    | "store/index-forbidden"
    | "store/numbers-disabled"
    | "store/not-exact"
    | "store/not-refreshed"
    | "store/search-reads-all";
  /** An index, or a name of the settings. */
  readonly subject: string;
  readonly reason: string;
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

  list(): readonly StoreLimitation[] {
    return [...this.#known.values()];
  }
}
