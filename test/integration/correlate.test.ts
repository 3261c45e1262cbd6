/** One pattern that can't be decided holds no other back, and is decided where it can be. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { StixError } from "stix2-ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { correlate } from "../../services/core/correlate/correlate.ts";
import { makeCompiler, type CompileText } from "../../services/core/match/compile.ts";
import type { OperandHit } from "../../services/core/records.ts";

const options = { mode: "observable", subdomains: false } as const;
const pair = { key: "pair", pattern: "[file:name = 'a'] AND [file:name = 'b']", options };
let state: ReturnType<typeof openSqliteState>;

beforeEach(() => {
  state = openSqliteState(":memory:");
});
afterEach(() => state.close());

const compile = makeCompiler(re2);
const run = (by: CompileText = compile) =>
  correlate({ state, compile: by, hash: sha256Hash, semantics: 1 });
const exceptions = async () =>
  (await state.ledger.exceptions()).map(({ pattern, code }) => ({ pattern, code }));

/** Hits of operands at seconds: an event each. */
function hits(patternKey: string, seconds: readonly number[], operand: number): OperandHit[] {
  return seconds.map((second) => ({
    id: `${patternKey} ${operand} ${second}`,
    patternKey,
    eventKey: `${operand} ${second}`,
    partition: "p",
    position: second,
    locator: `${second}`,
    host: "h",
    eventId: 1,
    time: second * 1000,
    layout: "flat",
    why: [],
    operand,
    scope: "host h",
  }));
}

const range = (count: number, step = 1) => Array.from({ length: count }, (_, n) => (n + 1) * step);

test("events without a time are joined where no time is asked for, and only there", async () => {
  const timed = {
    key: "timed",
    pattern: "[file:name = 'a'] FOLLOWEDBY [file:name = 'b']",
    options,
  };
  await state.patterns.activate([timed, pair]);
  for (const key of ["timed", "pair"]) {
    await state.operandHits.add([...hits(key, [0], 0), ...hits(key, [0], 1)]);
  }
  expect(await run()).toBe(2);
  expect((await state.matches.groups("timed")).length).toBe(0);
});

test("other rules decide anew what these could not", async () => {
  await state.patterns.activate([pair]);
  await state.operandHits.add([...hits("pair", [1], 0), ...hits("pair", [2], 1)]);
  const failing: CompileText = () => {
    throw new RangeError("no stack left");
  };
  expect(await run(failing)).toBe(0);
  expect(await exceptions()).toEqual([{ pattern: "pair", code: "match/correlation-limit" }]);
  const added = await correlate({ state, compile, hash: sha256Hash, semantics: 2 });
  expect([added, await exceptions()]).toEqual([2, []]);
});

test.each([
  ["cannot be compiled any more", new StixError("stix/regex-unsupported", "no longer")],
  ["fails in a way of its own", new RangeError("Maximum call stack size exceeded")],
])("the others are decided if one %s", async (_, error) => {
  await state.patterns.activate([{ ...pair, key: "bad", pattern: `${pair.pattern} ` }, pair]);
  for (const key of ["bad", "pair"]) {
    await state.operandHits.add([...hits(key, [1], 0), ...hits(key, [2], 1)]);
  }
  const failing: CompileText = (pattern, by) => {
    if (pattern !== pair.pattern) throw error;
    return compile(pattern, by);
  };
  expect(await run(failing)).toBe(2);
  expect(await exceptions()).toEqual([{ pattern: "bad", code: "match/correlation-limit" }]);
  expect(await run(failing)).toBe(0);
});

test("many fresh hits that take too many steps together are decided in parts", async () => {
  const pattern = "[file:name = 'a'] REPEATS 60 TIMES WITHIN 600 SECONDS";
  await state.patterns.activate([{ ...pair, key: "beacon", pattern }]);
  await state.operandHits.add(hits("beacon", range(5000, 5), 0));
  expect(await run()).toBe(5000);
  expect(await exceptions()).toEqual([]);
}, 60_000);

test("a stretch that can't be decided does not keep the others of its host from it", async () => {
  const pattern = "([file:name = 'a'] AND [file:name = 'b']) WITHIN 1 SECONDS";
  await state.patterns.activate([{ ...pair, key: "dense", pattern }]);
  // 60,000 hits in one second are too many; those a day later are two.
  const dense = range(60_000, 1 / 60_000)
    .flatMap((at) => hits("dense", [at], 0))
    .map((hit) => ({ ...hit, time: Math.floor(hit.time) }));
  await state.operandHits.add(dense);
  await state.operandHits.add([...hits("dense", [86_400], 0), ...hits("dense", [86_400], 1)]);
  await state.operandHits.add(hits("dense", [0], 1));
  expect(await run()).toBe(2);
  expect(await exceptions()).toEqual([{ pattern: "dense", code: "match/correlation-limit" }]);
}, 60_000);

test("a pattern that repeats a thousand times keeps a few events as evidence of each", async () => {
  const pattern = "[file:name = 'a'] REPEATS 1000 TIMES";
  await state.patterns.activate([{ ...pair, key: "many", pattern }]);
  await state.operandHits.add(hits("many", range(3000), 0));
  expect(await run()).toBe(3000);
  const stored = await state.matches.tail(0, 3000);
  expect(new Set(stored.map(({ companions }) => companions?.length))).toEqual(new Set([20]));
  expect(stored.every((one) => one.companions?.every((by) => by.eventKey !== one.eventKey))).toBe(true); // prettier-ignore
}, 60_000);

describe("what was found before", () => {
  /** Sizes of what was sent to be stored. */
  const sent: number[] = [];
  const watched = (): Parameters<typeof correlate>[0] => {
    const matches = Object.create(state.matches) as typeof state.matches;
    matches.add = async (all) => {
      sent.push(all.length);
      return state.matches.add(all);
    };
    return { state: { ...state, matches }, compile, hash: sha256Hash, semantics: 1 };
  };
  beforeEach(() => {
    sent.length = 0;
  });

  test("is not sent again when one more event comes", async () => {
    await state.patterns.activate([pair]);
    await state.operandHits.add([...hits("pair", range(200), 0), ...hits("pair", [300], 1)]);
    expect(await correlate(watched())).toBe(201);
    await state.operandHits.add(hits("pair", [301], 0));
    expect(await correlate(watched())).toBe(1);
    expect(sent).toEqual([201, 1]);
  });

  test("is sent again where it may not have been: after a crash, and of a pattern that was not decided", async () => {
    await state.patterns.activate([pair]);
    await state.operandHits.add([...hits("pair", range(5), 0), ...hits("pair", [300], 1)]);
    const crashing = { ...watched(), state: { ...state, matches: { ...state.matches, add: async () => Promise.reject(new Error("gone")) } } }; // prettier-ignore
    await expect(correlate(crashing)).rejects.toThrow("gone");
    const failing: CompileText = () => {
      throw new RangeError("no stack left");
    };
    expect(await run(failing)).toBe(0);
    await state.operandHits.add(hits("pair", [301], 0));
    expect(await correlate(watched())).toBe(7);
    expect(sent).toEqual([7]);
  });
});
