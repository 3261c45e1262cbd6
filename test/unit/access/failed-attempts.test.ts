import { expect, test } from "@jest/globals";
import { FailedAttempts } from "../../../services/api/failed-attempts.ts";

function counter() {
  let now = 1_000_000;
  const attempts = new FailedAttempts(() => now);
  return {
    pass: (ms: number) => void (now += ms),
    count: (address = "a") => attempts.count(address),
    many: (times: number, address = "a") =>
      Array.from({ length: times }, () => attempts.count(address)),
  };
}

test("ten in a row, then one each six seconds, and no more than ten after a rest", () => {
  const { pass, count, many } = counter();
  expect(many(12)).toEqual([...Array<number>(10).fill(0), 6000, 6000]);
  pass(5000);
  expect(count()).toBe(1000);
  pass(1000);
  expect(many(2)).toEqual([0, 6000]);
  pass(86_400_000);
  expect(many(11).filter((wait) => wait === 0)).toHaveLength(10);
});

test("a clock that is set back gives nothing and takes nothing", () => {
  const { pass, count, many } = counter();
  many(9);
  pass(-3_600_000);
  expect([count(), count()]).toEqual([0, 6000]);
});

test("addresses are counted apart, and the one that was quiet longest is forgotten first", () => {
  const { count, many } = counter();
  many(10, "early");
  many(10, "late");
  for (let i = 0; i < 9998; i++) {
    count(`other ${i}`);
  }
  expect(count("late")).toBe(6000);
  count("one more");
  expect([count("late"), count("early")]).toEqual([6000, 0]);
});
