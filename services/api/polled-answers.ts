import { createHash } from "node:crypto";

/** An answer as it is sent, and the name of what it says. */
export interface PolledAnswer {
  readonly text: string;
  readonly etag: string;
}

interface Entry {
  readonly madeAt: number;
  readonly answer: Promise<PolledAnswer>;
}

/** How long answers are given in service: no dashboard looks more often. */
export const ANSWER_MS = 1000;

/** Different questions whose answers are kept at a time. */
const MOST = 100;

/** Answers that many ask for again and again: they are made once in a while, however many ask. */
export class PolledAnswers {
  readonly #forMs: number;
  readonly #entries = new Map<string, Entry>();

  /** `forMs`: how long an answer is given to all who ask. */
  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  async get(question: string, make: () => Promise<unknown>): Promise<PolledAnswer> {
    const now = performance.now();
    const known = this.#entries.get(question);
    if (known !== undefined && now - known.madeAt < this.#forMs) {
      return known.answer;
    }
    for (const [key, { madeAt }] of this.#entries) {
      if (now - madeAt >= this.#forMs || this.#entries.size >= MOST) this.#entries.delete(key);
    }
    const answer = make().then(written);
    const entry = { madeAt: now, answer };
    this.#entries.set(question, entry);
    try {
      return await answer;
    } catch (error) {
      // What failed is no answer for others; another may stand here by now.
      if (this.#entries.get(question) === entry) this.#entries.delete(question);
      throw error;
    }
  }

  /** After a write through this process its own readers see what was written. */
  clear(): void {
    this.#entries.clear();
  }
}

function written(body: unknown): PolledAnswer {
  const text = JSON.stringify(body);
  const digest = createHash("sha256").update(text).digest("base64url").slice(0, 27);
  // Weak, since it goes with the compressed answer too (RFC 9110 §8.8.1).
  return { text, etag: `W/"${digest}"` };
}
