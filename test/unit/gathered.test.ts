import { expect, test } from "@jest/globals";
import { gathered } from "../../services/adapters/elasticsearch/state/gathered.ts";
import { ServiceError } from "../../services/core/errors.ts";

const lasting = (): ServiceError => new ServiceError("store/rejected", "no");
const passing = (): ServiceError => new ServiceError("store/overloaded", "later", { retryable: true }); // prettier-ignore

/** Doubles numbers; keeps what each call was asked. */
function doubling(fail: (asked: readonly number[]) => Error | undefined = () => undefined) {
  const calls: (readonly number[])[] = [];
  const ask = gathered<number, number>(async (asked) => {
    calls.push(asked);
    const error = fail(asked);
    if (error !== undefined) throw error;
    return asked.map((n) => 2 * n);
  }, 3);
  return { calls, ask };
}

test("what is asked in one turn goes together, as much as fits, and is answered in order", async () => {
  const { calls, ask } = doubling();
  expect(await Promise.all([1, 2, 3, 4].map(ask))).toEqual([2, 4, 6, 8]);
  expect(await ask(5)).toBe(10);
  expect(calls).toEqual([[1, 2, 3], [4], [5]]);
});

test("what goes on together after an answer goes together again", async () => {
  const { calls, ask } = doubling();
  const twice = async (n: number): Promise<number> => ask(await ask(n));
  expect(await Promise.all([1, 2, 3].map(twice))).toEqual([4, 8, 12]);
  expect(calls).toEqual([
    [1, 2, 3],
    [2, 4, 6],
  ]);
});

test("one that is refused fails for none but itself", async () => {
  const { calls, ask } = doubling((asked) => (asked.includes(2) ? lasting() : undefined));
  const answers = await Promise.allSettled([1, 2, 3].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(calls).toEqual([[1, 2, 3], [1], [2], [3]]);
});

test("a failure that may pass is told to all, and nothing is sent again here", async () => {
  const { calls, ask } = doubling(passing);
  const answers = await Promise.allSettled([1, 2].map(ask));
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(calls).toHaveLength(1);
});

test("an answer that is missing is a failure", async () => {
  const ask = gathered<number, number>(async () => [1], 10);
  const answers = await Promise.allSettled([ask(1), ask(2)]);
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
});
