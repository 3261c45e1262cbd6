import { createHash } from "node:crypto";
import { SharedReads } from "./shared-reads.ts";

/** An answer as it is sent, and the name of what it says. */
export interface PolledAnswer {
  readonly text: string;
  readonly etag: string;
}

/** How long answers are given in service: no dashboard looks more often. */
export const ANSWER_MS = 1000;

/** Answers that many ask for again and again: they are made once in a while, however many ask. */
export class PolledAnswers {
  readonly #reads: SharedReads<PolledAnswer>;

  /** `forMs`: how long an answer is given to all who ask. */
  constructor(forMs: number) {
    this.#reads = new SharedReads(forMs);
  }

  async get(question: string, make: () => Promise<unknown>): Promise<PolledAnswer> {
    return this.#reads.get(question, async () => written(await make()));
  }

  /** After a write through this process its own readers see what was written. */
  clear(): void {
    this.#reads.clear();
  }
}

function written(body: unknown): PolledAnswer {
  const text = JSON.stringify(body);
  const digest = createHash("sha256").update(text).digest("base64url").slice(0, 27);
  // Weak, since it goes with the compressed answer too (RFC 9110 §8.8.1).
  return { text, etag: `W/"${digest}"` };
}
