interface Entry<T> {
  readonly madeAt: number;
  readonly answer: Promise<T>;
}

/** Different questions whose answers are kept at a time. */
const MOST = 100;

/** What many ask for again and again: it is read once in a while, however many ask. */
export class SharedReads<T> {
  readonly #forMs: number;
  readonly #entries = new Map<string, Entry<T>>();

  /** `forMs`: how long an answer is given to all who ask. */
  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  async get(question: string, read: () => Promise<T>): Promise<T> {
    const now = performance.now();
    const known = this.#entries.get(question);
    if (known !== undefined && now - known.madeAt < this.#forMs) {
      return known.answer;
    }
    for (const [key, { madeAt }] of this.#entries) {
      if (now - madeAt >= this.#forMs || this.#entries.size >= MOST) this.#entries.delete(key);
    }
    const entry = { madeAt: now, answer: read() };
    this.#entries.set(question, entry);
    try {
      return await entry.answer;
    } catch (error) {
      // What failed is no answer for others; another may stand here by now.
      if (this.#entries.get(question) === entry) this.#entries.delete(question);
      throw error;
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
