import type { Comparison, ComparisonExpression, ObservationExpression, Pattern } from "./ast.ts";

/** Yields every comparison of a pattern or node, in the order of the text. */
export function* walkComparisons(
  node: Pattern | ObservationExpression | ComparisonExpression,
): Generator<Comparison, void, undefined> {
  if ("root" in node) {
    yield* walkComparisons(node.root);
    return;
  }
  switch (node.kind) {
    case "comparison":
      yield node;
      return;
    case "observation":
    case "qualified":
      yield* walkComparisons(node.expression);
      return;
    default:
      for (const operand of node.operands) yield* walkComparisons(operand);
  }
}
