import { StixError } from "../errors.ts";
import { slotCount, type Node } from "./slot-tree.ts";

export { msOf } from "./slot-tree.ts";

/** A place for one observation. Slots of the same leaf take the same observations. */
export interface Slot {
  readonly leaf: number;
  /** Only of the leaf's observations that never run out. */
  readonly ofPlenty: boolean;
}

/**
 * What must hold between the instants chosen for slots. Slot numbers count within the arrangement; an instant
 * lies between an observation's `firstObserved` and `lastObserved`. Times are milliseconds.
 */
export type TimeRule =
  /** Every slot of `earlier` at or before every slot of `later` (FOLLOWEDBY, STIX 2.1 §9.5.2). */
  | { readonly kind: "order"; readonly earlier: Range; readonly later: Range }
  /** All slots inside a window of so many milliseconds (WITHIN, §9.5.1). */
  | { readonly kind: "within"; readonly slots: Range; readonly ms: number }
  /** From `start` on and before `stop` (START STOP, §9.5.1). */
  | {
      readonly kind: "between";
      readonly slots: Range;
      readonly start: number;
      readonly stop: number;
    };

/** Slot numbers from `from` to before `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Two equal copies of a part of the pattern: they can be swapped, so only one order of them is tried. */
export interface Copies {
  readonly first: Range;
  readonly second: Range;
}

/** One way to satisfy a pattern: after a choice is made in every OR. All slots take different observations. */
export interface Arrangement {
  readonly slots: readonly Slot[];
  readonly rules: readonly TimeRule[];
  readonly copies: readonly Copies[];
}

/** An arrangement beyond this many slots is refused: REPEATS 1000000 TIMES is a mistake or an attack. */
const MAX_SLOTS = 2000;
/** So many ways through the ORs of a pattern are tried. */
const MAX_ARRANGEMENTS = 5000;

/** Yields each way to satisfy a tree. Throws `stix/evaluation-limit` when it needs too many slots, or there are too many ways. */
export function* arrangements(root: Node): Generator<Arrangement, void, undefined> {
  if (slotCount(root) > MAX_SLOTS) {
    throw tooLarge(`the pattern needs more than ${MAX_SLOTS} observations`);
  }
  let count = 0;
  for (const arrangement of ways(root)) {
    count += 1;
    if (count > MAX_ARRANGEMENTS) {
      throw tooLarge(`the pattern can be satisfied in more than ${MAX_ARRANGEMENTS} ways`);
    }
    yield arrangement;
  }
}

function* ways(node: Node): Generator<Arrangement, void, undefined> {
  switch (node.kind) {
    case "leaf":
      yield { slots: [{ leaf: node.leaf, ofPlenty: false }], rules: [], copies: [] };
      return;
    case "plenty":
      yield {
        slots: [true, false].map((ofPlenty) => ({ leaf: node.leaf, ofPlenty })),
        rules: [],
        copies: [],
      };
      return;
    case "any":
      for (const operand of node.operands) {
        yield* ways(operand);
      }
      return;
    case "ruled":
      for (const way of ways(node.node)) {
        yield { ...way, rules: ruled(way.rules, node.rule(rangeOf(0, way))) };
      }
      return;
    case "repeats":
      yield* repeated(node);
      return;
    case "all":
    case "sequence":
      for (const parts of product(node.operands)) {
        yield joined(parts, node.kind === "sequence");
      }
  }
}

/** Adds a rule; a window in a window of the same slots is the narrower of both. */
function ruled(rules: readonly TimeRule[], rule: TimeRule): readonly TimeRule[] {
  const last = rules.at(-1);
  const isSameWindow =
    last?.kind === "within" &&
    rule.kind === "within" &&
    last.slots.from === rule.slots.from &&
    last.slots.to === rule.slots.to;
  return isSameWindow
    ? [...rules.slice(0, -1), { ...rule, ms: Math.min(last.ms, rule.ms) }]
    : [...rules, rule];
}

/** Every choice of one way an operand. */
function* product(operands: readonly Node[]): Generator<readonly Arrangement[], void, undefined> {
  const [first, ...rest] = operands;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const way of ways(first)) {
    for (const others of product(rest)) {
      yield [way, ...others];
    }
  }
}

/** Every choice of so many ways, in one order of them: the copies are equal. */
function* repeated({
  node,
  times,
}: {
  readonly node: Node;
  readonly times: number;
}): Generator<Arrangement, void, undefined> {
  const choices: Arrangement[] = [];
  for (const way of ways(node)) {
    choices.push(way);
    if (choices.length > MAX_ARRANGEMENTS) {
      throw tooLarge(`the pattern can be satisfied in more than ${MAX_ARRANGEMENTS} ways`);
    }
  }
  const last = choices.length - 1;
  // Places of choices, never falling: counted up like a number, so that many choices need no deep stack.
  const places = new Int32Array(times);
  for (;;) {
    yield joined(
      Array.from(places, (place) => choices[place] as Arrangement),
      false,
    );
    const at = places.findLastIndex((place) => place < last);
    if (at < 0) return;
    places.fill((places[at] as number) + 1, at);
  }
}

/** Puts parts side by side; in a sequence, each after all before it. Neighbours that are equal are copies. */
function joined(parts: readonly Arrangement[], inSequence: boolean): Arrangement {
  const slots: Slot[] = [];
  const rules: TimeRule[] = [];
  const copies: Copies[] = [];
  let before: { readonly part: Arrangement; readonly range: Range } | undefined;
  for (const part of inSequence ? parts : parts.toSorted(byLeaf)) {
    const at = slots.length;
    slots.push(...part.slots);
    rules.push(...part.rules.map((rule) => movedRule(rule, at)));
    copies.push(
      ...part.copies.map(({ first, second }) => ({
        first: moved(first, at),
        second: moved(second, at),
      })),
    );
    const here = rangeOf(at, part);
    if (inSequence && before !== undefined) {
      // Rules between neighbours are enough: no part is empty, so they order all.
      rules.push({ kind: "order", earlier: before.range, later: here });
    } else if (before !== undefined && isSame(before.part, part)) {
      copies.push({ first: before.range, second: here });
    }
    before = { part, range: here };
  }
  return { slots, rules, copies };
}

/** Brings equal operands of an AND side by side. */
function byLeaf(a: Arrangement, b: Arrangement): number {
  return (a.slots[0]?.leaf ?? 0) - (b.slots[0]?.leaf ?? 0);
}

function isSame(a: Arrangement, b: Arrangement): boolean {
  return (
    a === b ||
    (a.slots.length === 1 &&
      b.slots.length === 1 &&
      a.slots[0]?.leaf === b.slots[0]?.leaf &&
      a.rules.length === 0 &&
      b.rules.length === 0)
  );
}

function rangeOf(at: number, { slots }: Arrangement): Range {
  return { from: at, to: at + slots.length };
}

function moved({ from, to }: Range, by: number): Range {
  return { from: from + by, to: to + by };
}

function movedRule(rule: TimeRule, by: number): TimeRule {
  return rule.kind === "order"
    ? { ...rule, earlier: moved(rule.earlier, by), later: moved(rule.later, by) }
    : { ...rule, slots: moved(rule.slots, by) };
}

function tooLarge(message: string): StixError {
  return new StixError("stix/evaluation-limit", message);
}
