import type { Comparison, Pattern, Span } from "../pattern/ast.ts";
import { printPath } from "../pattern/print-pattern.ts";
import { walkComparisons } from "../pattern/walk-comparisons.ts";
import { misfit } from "./literal-fit.ts";
import { pathKinds } from "./path-kinds.ts";
import type { PatternWarning } from "./pattern-warning.ts";
import { checkTimes } from "./time-fit.ts";

/**
 * Warns of what is in the grammar and yet hardly meant: object types and properties that STIX 2.1 does not define (custom
 * ones aside), paths that lead nowhere, literals that never equal what stands at the path, times that can't be met.
 * The warnings are in the order of the text. What is said holds of the letter of the specification (mode `spec`).
 */
export function validatePattern(pattern: Pattern): readonly PatternWarning[] {
  const warnings: PatternWarning[] = [];
  for (const comparison of walkComparisons(pattern)) {
    const warning = ofComparison(comparison);
    if (warning !== undefined) warnings.push(warning);
  }
  checkTimes(pattern.root, (message: string, span: Span, section: string) => {
    warnings.push({ code: "stix/pattern-impossible-time", message, span, section });
  });
  return warnings.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function ofComparison(comparison: Comparison): PatternWarning | undefined {
  const { path, span } = comparison;
  const found = pathKinds(path);
  if (!("kinds" in found)) {
    return { ...found, message: `${printPath(path)}: ${found.message}`, span };
  }
  const reason = misfit(comparison, found.kinds);
  return reason === undefined
    ? undefined
    : {
        code: "stix/pattern-impossible-value",
        message: `${printPath(path)}: ${reason}`,
        span,
        section: "2.1 §9.6.1",
      };
}
