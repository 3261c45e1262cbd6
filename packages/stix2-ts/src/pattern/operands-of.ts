import type { ComparisonExpression, ObservationExpression } from "./ast.ts";
import { printPattern } from "./print-pattern.ts";

/** The `[ ]` of a pattern, in the order of the text; of those that are written alike, the first. */
export function operandsOf(node: ObservationExpression): readonly ComparisonExpression[] {
  const byText = new Map<string, ComparisonExpression>();
  const visit = (one: ObservationExpression): void => {
    switch (one.kind) {
      case "observation": {
        const text = printPattern(one.expression);
        if (!byText.has(text)) byText.set(text, one.expression);
        return;
      }
      case "qualified":
        visit(one.expression);
        return;
      default:
        one.operands.forEach(visit);
    }
  };
  visit(node);
  return [...byText.values()];
}
