import type { Comparison, ComparisonExpression, ObservationExpression } from "./ast.ts";

/**
 * Rewrites a pattern's tree: `change` gives what stands instead of a comparison, which may be several joined by AND
 * or OR, or the comparison itself. The rest keeps its form, spans those of the source.
 */
export function mapComparisons(
  node: ObservationExpression,
  change: (comparison: Comparison) => ComparisonExpression,
): ObservationExpression {
  switch (node.kind) {
    case "observation":
      return { ...node, expression: mapInside(node.expression, change) };
    case "qualified":
      return { ...node, expression: mapComparisons(node.expression, change) };
    default:
      return { ...node, operands: node.operands.map((one) => mapComparisons(one, change)) };
  }
}

function mapInside(
  node: ComparisonExpression,
  change: (comparison: Comparison) => ComparisonExpression,
): ComparisonExpression {
  return node.kind === "comparison"
    ? change(node)
    : { ...node, operands: node.operands.map((operand) => mapInside(operand, change)) };
}
