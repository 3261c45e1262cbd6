import { expect, test } from "@jest/globals";
import { Readiness } from "../../../services/runtime/readiness.ts";

const never = async () => new Promise<void>(() => undefined);

test("says nothing where nothing is missing", async () => {
  expect(await new Readiness({}).reasons()).toEqual([]);
  expect(await new Readiness({ a: async () => 1 }).reasons()).toEqual([]);
});

test("names what is missing, and why; waits for none longer than it may", async () => {
  const readiness = new Readiness(
    {
      redis: async () => Promise.reject(new Error("not connected")),
      engine: never,
      catalog: async () => undefined,
    },
    20,
  );
  const reasons = ["redis: not connected", "engine: no answer within 20 ms"];
  expect(await readiness.reasons()).toEqual(reasons);
});

test("asks again once there is an answer, and not before", async () => {
  let asked = 0;
  let answer: (() => void) | undefined;
  const readiness = new Readiness(
    {
      engine: async () => {
        asked += 1;
        await new Promise<void>((resolve) => (answer = resolve));
      },
    },
    10,
  );
  await Promise.all([readiness.reasons(), readiness.reasons()]);
  await readiness.reasons();
  expect(asked).toBe(1);
  answer?.();
  await new Promise((resolve) => setTimeout(resolve, 1));
  const last = readiness.reasons();
  expect(asked).toBe(2);
  answer?.();
  expect(await last).toEqual([]);
});
