import type { ComparisonExpression, ObservationExpression } from "../pattern/ast.ts";
import { printPattern } from "../pattern/print-pattern.ts";
import { instantToMs, parseTimestamp } from "../value/timestamp.ts";
import type { Range, TimeRule } from "./arrangement.ts";

/** A pattern's distinct `[ ]`, alternatives of OR that stand alone taken together. */
export interface LeafExpression {
  readonly expressions: readonly ComparisonExpression[];
}

/** A pattern as a tree over its leaves, each `[ ]` once. */
export class SlotTree {
  readonly leaves: LeafExpression[] = [];
  readonly #leafByText = new Map<string, number>();
  readonly root: Node;

  constructor(root: ObservationExpression) {
    this.root = this.#node(root);
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

export type Node =
  | { readonly kind: "leaf"; readonly leaf: number }
  /** A repeated leaf that only an observation can satisfy that never runs out: one such, and any other beside it. */
  | { readonly kind: "plenty"; readonly leaf: number }
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

/** The longest time between two observations that together satisfy a tree: no rule bounds it unless it stands around both. */
export function reachOf(node: Node): number {
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
    case "plenty":
      return Infinity;
    case "all":
    case "sequence": {
      const [only, ...others] = node.operands;
      return only !== undefined && others.length === 0 ? reachOf(only) : Infinity;
    }
  }
}

/** Whether a rule of time stands anywhere in a tree. */
export function isTimed(node: Node): boolean {
  switch (node.kind) {
    case "leaf":
    case "plenty":
      return false;
    case "ruled":
    case "sequence":
      return true;
    case "any":
    case "all":
      return node.operands.some((operand) => isTimed(operand));
    case "repeats":
      return isTimed(node.node);
  }
}

/** Whether a tree can be satisfied by observations that satisfy these leaves, whatever their number and times. */
export function canHold(node: Node, leaves: ReadonlySet<number>): boolean {
  switch (node.kind) {
    case "leaf":
    case "plenty":
      return leaves.has(node.leaf);
    case "any":
      return node.operands.some((operand) => canHold(operand, leaves));
    case "all":
    case "sequence":
      return node.operands.every((operand) => canHold(operand, leaves));
    case "repeats":
    case "ruled":
      return canHold(node.node, leaves);
  }
}

/** Milliseconds of a timestamp that the parser has let through. */
export function msOf(timestamp: string): number {
  const instant = parseTimestamp(timestamp);
  return instant === undefined ? Number.NaN : instantToMs(instant);
}

/** How many observations a tree takes at most. */
export function slotCount(node: Node): number {
  return count(node, Math.max);
}

/** How many observations a tree takes at least. */
export function leastSlots(node: Node): number {
  return count(node, Math.min);
}

function count(node: Node, ofEither: (...counts: number[]) => number): number {
  switch (node.kind) {
    case "leaf":
      return 1;
    case "plenty":
      return 2;
    case "repeats":
      return node.times * count(node.node, ofEither);
    case "ruled":
      return count(node.node, ofEither);
    case "any":
      return ofEither(...node.operands.map((operand) => count(operand, ofEither)));
    default:
      return node.operands.reduce((sum, operand) => sum + count(operand, ofEither), 0);
  }
}
