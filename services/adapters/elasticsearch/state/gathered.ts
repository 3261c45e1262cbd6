import { ServiceError } from "../../../core/errors.ts";

interface Asked<Q, A> {
  readonly one: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one question of many: what is asked in one turn of the event loop goes in one call, answered in the same order. Work that
 * runs side by side keeps step by it, since all that went together come back together. A call that fails for good is made
 * again for each alone, so that one does not fail for another; a write that had been done then conflicts, as it would
 * after a lost answer.
 */
export function gathered<Q, A>(
  all: (asked: readonly Q[]) => Promise<readonly A[]>,
  most: number,
): (one: Q) => Promise<A> {
  let waiting: Asked<Q, A>[] = [];
  const send = (): void => {
    const batch = waiting;
    waiting = [];
    for (let from = 0; from < batch.length; from += most) {
      void answer(all, batch.slice(from, from + most));
    }
  };
  return async (one) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(send);
      waiting.push({ one, resolve, reject });
    });
}

async function answer<Q, A>(
  all: (asked: readonly Q[]) => Promise<readonly A[]>,
  batch: readonly Asked<Q, A>[],
): Promise<void> {
  try {
    const answers = await all(batch.map(({ one }) => one));
    for (const [i, { resolve, reject }] of batch.entries()) {
      const found = answers[i];
      if (found === undefined)
        reject(new ServiceError("store/partial-answer", "an answer is missing", { retryable: true })); // prettier-ignore
      else resolve(found);
    }
  } catch (error) {
    const isLasting = !(error instanceof ServiceError && error.retryable);
    if (batch.length > 1 && isLasting) {
      for (const one of batch) await answer(all, [one]);
    } else {
      for (const { reject } of batch) reject(error);
    }
  }
}
