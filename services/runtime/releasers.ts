/** What must be given back at the end, in reverse order of taking; one failure does not keep the rest. */
export class Releasers {
  #list: (() => void | Promise<void>)[] = [];

  add(release: () => void | Promise<void>): void {
    this.#list.push(release);
  }

  /** Gives everything back once; throws the first failure after all were tried. */
  async release(): Promise<void> {
    const list = this.#list.toReversed();
    this.#list = [];
    const failures: unknown[] = [];
    for (const release of list) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }
}
