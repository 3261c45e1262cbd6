import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { PolledAnswers } from "../../services/api/polled-answers.ts";

test("all who ask the same get one answer for a while; another question is another answer", async () => {
  const answers = new PolledAnswers(60_000);
  let made = 0;
  const make = async (): Promise<unknown> => {
    made += 1;
    await sleep(5);
    return { made };
  };
  const all = await Promise.all(Array.from({ length: 50 }, () => answers.get("a", make)));
  expect(made).toBe(1);
  expect(new Set(all.map(({ text }) => text))).toEqual(new Set(['{"made":1}']));
  expect((await answers.get("b", make)).text).toBe('{"made":2}');
  answers.clear();
  expect((await answers.get("a", make)).text).toBe('{"made":3}');
});

test("an answer is made anew when its time is over, and its name tells what it says", async () => {
  const answers = new PolledAnswers(0);
  let body: unknown = { a: 1 };
  const first = await answers.get("a", async () => body);
  expect(await answers.get("a", async () => body)).toEqual(first);
  body = { a: 2 };
  expect((await answers.get("a", async () => body)).etag).not.toBe(first.etag);
});

test("a failure is no answer, and what nobody asks for any more is dropped", async () => {
  const answers = new PolledAnswers(60_000);
  await expect(answers.get("a", async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect((await answers.get("a", async () => 1)).text).toBe("1");
  let made = 0;
  for (let i = 0; i < 300; i++) await answers.get(`q${i}`, async () => (made += 1));
  await answers.get("a", async () => (made += 1));
  expect(made).toBe(301);
});
