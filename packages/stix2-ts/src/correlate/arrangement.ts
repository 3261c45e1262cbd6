import { StixError } from "../errors.ts";
import type { ComparisonExpression, ObservationExpression } from "../pattern/ast.ts";
import { printPattern } from "../pattern/print-pattern.ts";
import { instantToMs, parseTimestamp } from "../value/timestamp.ts";

/** A place for one observation. Slots of the same leaf take the same observations. */
export interface Slot {
  readonly leaf: number;
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

/** A pattern's distinct `[ ]`, alternatives of OR that stand alone taken together. */
export interface LeafExpression {
  readonly expressions: readonly ComparisonExpression[];
}

/** An arrangement beyond this many slots is refused: REPEATS 1000000 TIMES is a mistake or an attack. */
const MAX_SLOTS = 2000;
/** So many ways through the ORs of a pattern are tried. */
const MAX_ARRANGEMENTS = 5000;

/** The ways to satisfy a pattern, made when asked for. Throws `stix/evaluation-limit` when they are too many. */
export class Arrangements {
  readonly leaves: LeafExpression[] = [];
  readonly #leafByText = new Map<string, number>();
  readonly #root: Node;

  constructor(root: ObservationExpression) {
    this.#root = this.#node(root);
    if (slotCount(this.#root) > MAX_SLOTS) {
      throw tooLarge(`the pattern needs more than ${MAX_SLOTS} observations`);
    }
  }

  /** The longest time between two observations that together satisfy the pattern, in milliseconds; see `reachOf`. */
  get reach(): number {
    return reachOf(this.#root);
  }

  /** Yields each way; ways through a leaf for which `usable` is false are left out. */
  *all(usable: (leaf: number) => boolean): Generator<Arrangement, void, undefined> {
    let count = 0;
    for (const arrangement of ways(this.#root, usable)) {
      count += 1;
      if (count > MAX_ARRANGEMENTS) {
        throw tooLarge(`the pattern can be satisfied in more than ${MAX_ARRANGEMENTS} ways`);
      }
      yield arrangement;
    }
  }

  #node(expression: ObservationExpression): Node {
    switch (expression.kind) {
      case "observation":
        return this.#leaf([expression.expression]);
      case "observation-or":
        return this.#either(expression.operands.map((operand) => this.#node(operand)));
      case "observation-and":
        return { kind: "all", operands: expression.operands.map((one) => this.#node(one)) };
      case "followed-by":
        return { kind: "sequence", operands: expression.operands.map((one) => this.#node(one)) };
      case "qualified":
        return qualified(this.#node(expression.expression), expression);
    }
  }

  #leaf(expressions: readonly ComparisonExpression[]): Node {
    const text = expressions.map((one) => printPattern(one)).join(" | ");
    const known = this.#leafByText.get(text);
    if (known !== undefined) {
      return { kind: "leaf", leaf: known };
    }
    this.#leafByText.set(text, this.leaves.length);
    return { kind: "leaf", leaf: this.leaves.push({ expressions }) - 1 };
  }

  /** `[a] OR [b]` takes one observation whichever it is: one leaf, no choice to make. */
  #either(operands: readonly Node[]): Node {
    const single = operands.filter((node) => node.kind === "leaf");
    const merged =
      single.length < 2
        ? operands
        : [
            this.#leaf(single.flatMap(({ leaf }) => this.leaves[leaf]?.expressions ?? [])),
            ...operands.filter((node) => node.kind !== "leaf"),
          ];
    const [only] = merged;
    return merged.length === 1 && only !== undefined ? only : { kind: "any", operands: merged };
  }
}

type Node =
  | { readonly kind: "leaf"; readonly leaf: number }
  | { readonly kind: "all" | "any" | "sequence"; readonly operands: readonly Node[] }
  | { readonly kind: "repeats"; readonly node: Node; readonly times: number }
  | { readonly kind: "ruled"; readonly node: Node; readonly rule: (slots: Range) => TimeRule };

function qualified(
  node: Node,
  { qualifier }: Extract<ObservationExpression, { kind: "qualified" }>,
): Node {
  switch (qualifier.kind) {
    case "repeats":
      return { kind: "repeats", node, times: qualifier.times };
    case "within": {
      const ms = qualifier.seconds * 1000;
      return { kind: "ruled", node, rule: (slots) => ({ kind: "within", slots, ms }) };
    }
    case "start-stop": {
      const [start, stop] = [msOf(qualifier.start), msOf(qualifier.stop)];
      return { kind: "ruled", node, rule: (slots) => ({ kind: "between", slots, start, stop }) };
    }
  }
}

/** Milliseconds of a timestamp that the parser has let through. */
export function msOf(timestamp: string): number {
  const instant = parseTimestamp(timestamp);
  return instant === undefined ? Number.NaN : instantToMs(instant);
}

function slotCount(node: Node): number {
  switch (node.kind) {
    case "leaf":
      return 1;
    case "repeats":
      return node.times * slotCount(node.node);
    case "ruled":
      return slotCount(node.node);
    case "any":
      return Math.max(...node.operands.map((operand) => slotCount(operand)));
    default:
      return node.operands.reduce((sum, operand) => sum + slotCount(operand), 0);
  }
}

/** No rule bounds the time between two parts unless it stands around both. */
function reachOf(node: Node): number {
  switch (node.kind) {
    case "leaf":
      return 0;
    case "any":
      return Math.max(...node.operands.map((operand) => reachOf(operand)));
    case "ruled": {
      const rule = node.rule({ from: 0, to: 1 });
      const span =
        rule.kind === "within"
          ? rule.ms
          : rule.kind === "between"
            ? Math.max(0, rule.stop - rule.start)
            : Infinity;
      return Math.min(reachOf(node.node), span);
    }
    case "repeats":
      return node.times > 1 ? Infinity : reachOf(node.node);
    default: {
      const [only, ...others] = node.operands;
      return only !== undefined && others.length === 0 ? reachOf(only) : Infinity;
    }
  }
}

type Usable = (leaf: number) => boolean;

function* ways(node: Node, usable: Usable): Generator<Arrangement, void, undefined> {
  switch (node.kind) {
    case "leaf":
      if (usable(node.leaf)) {
        yield { slots: [{ leaf: node.leaf }], rules: [], copies: [] };
      }
      return;
    case "any":
      for (const operand of node.operands) {
        yield* ways(operand, usable);
      }
      return;
    case "ruled":
      for (const way of ways(node.node, usable)) {
        yield { ...way, rules: [...way.rules, node.rule(rangeOf(0, way))] };
      }
      return;
    case "repeats":
      yield* repeated(node, usable);
      return;
    case "all":
    case "sequence":
      for (const parts of product(node.operands, usable)) {
        yield joined(parts, node.kind === "sequence");
      }
  }
}

/** Every choice of one way an operand. */
function* product(
  operands: readonly Node[],
  usable: Usable,
): Generator<readonly Arrangement[], void, undefined> {
  const [first, ...rest] = operands;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const way of ways(first, usable)) {
    for (const others of product(rest, usable)) {
      yield [way, ...others];
    }
  }
}

/** Every choice of so many ways, in one order of them: the copies are equal. */
function* repeated(
  { node, times }: { readonly node: Node; readonly times: number },
  usable: Usable,
): Generator<Arrangement, void, undefined> {
  const choices: Arrangement[] = [];
  for (const way of ways(node, usable)) {
    choices.push(way);
    if (choices.length > MAX_ARRANGEMENTS) {
      throw tooLarge(`the pattern can be satisfied in more than ${MAX_ARRANGEMENTS} ways`);
    }
  }
  function* choose(from: number, left: number): Generator<readonly Arrangement[], void, undefined> {
    const choice = choices[from];
    if (choice === undefined) {
      return;
    }
    if (from === choices.length - 1) {
      yield Array<Arrangement>(left).fill(choice);
      return;
    }
    for (let count = left; count >= 0; count--) {
      const copies = Array<Arrangement>(count).fill(choice);
      if (count === left) {
        yield copies;
        continue;
      }
      for (const others of choose(from + 1, left - count)) {
        yield [...copies, ...others];
      }
    }
  }
  for (const parts of choose(0, times)) {
    yield joined(parts, false);
  }
}

/** Puts parts side by side; in a sequence, each after all before it. Neighbours that are equal are copies. */
function joined(parts: readonly Arrangement[], inSequence: boolean): Arrangement {
  const slots: Slot[] = [];
  const rules: TimeRule[] = [];
  const copies: Copies[] = [];
  let before: Arrangement | undefined;
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
    if (inSequence && at > 0) {
      rules.push({ kind: "order", earlier: { from: 0, to: at }, later: here });
    } else if (before !== undefined && isSame(before, part)) {
      copies.push({ first: rangeOf(at - before.slots.length, before), second: here });
    }
    before = part;
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
