import { msOf } from "../correlate/arrangement.ts";
import type { Kind } from "../model/kind.ts";
import type { Comparison, Literal, ObservationExpression, Pattern } from "../pattern/ast.ts";
import { walkComparisons } from "../pattern/walk-comparisons.ts";
import { printLiteral } from "../pattern/print-pattern.ts";
import { described, pathKinds } from "./path-kinds.ts";
import type { PatternWarning } from "./pattern-warning.ts";

/**
 * Tells what is odd about a pattern that is in the grammar: object types and properties that STIX does not know, paths
 * and values that can never be met, times that can't be. Custom types, properties and extensions (`x-`, `x_`) pass.
 * In the order of the text.
 */
export function validatePattern(pattern: Pattern): readonly PatternWarning[] {
  const warnings = [...walkComparisons(pattern)].flatMap((comparison) => [
    ...checkComparison(comparison),
  ]);
  return [...warnings, ...checkTimes(pattern.root)].toSorted((a, b) => a.span.start - b.span.start);
}

function* checkComparison(comparison: Comparison): Generator<PatternWarning, void, undefined> {
  const { path, span, literals, operator } = comparison;
  const found = pathKinds(path);
  if (!("kinds" in found)) {
    yield { ...found, span };
    return;
  }
  const isText = operator === "LIKE" || operator === "MATCHES" || operator.startsWith("ISSU");
  for (const literal of literals) {
    if (found.kinds.every((kind) => !canHold(kind, literal))) {
      const [kind] = found.kinds;
      const here = kind === undefined ? "nothing" : described(kind);
      yield {
        code: "stix/pattern-impossible-value",
        message: isText
          ? `${operator} asks for text, and here stands ${here}.`
          : `${printLiteral(literal)} is compared with ${here}: they are never equal, and have no order.`,
        span,
        section: "2.1 §9.6",
      };
    }
  }
}

/** Whether a value of a kind can be compared with a literal at all. */
function canHold(kind: Kind, literal: Literal): boolean {
  switch (kind.kind) {
    case "any":
      return true;
    case "list":
      return canHold(kind.of, literal); // in observable mode a list stands for its elements
    case "integer":
    case "float":
      return literal.kind === "integer" || literal.kind === "float";
    case "boolean":
      return literal.kind === "boolean";
    case "record":
    case "dictionary":
    case "extensions":
    case "observables":
      return false;
    case "timestamp":
      return literal.kind === "timestamp" || literal.kind === "string";
    default:
      return literal.kind === "string" || literal.kind === "hex" || literal.kind === "binary";
  }
}

/** START and STOP of a part of the pattern, and of the parts around it: an observation must lie in all of them. */
function* checkTimes(
  node: ObservationExpression,
  start = -Infinity,
  stop = Infinity,
): Generator<PatternWarning, void, undefined> {
  switch (node.kind) {
    case "observation":
      return;
    case "qualified": {
      const { qualifier, span } = node;
      if (qualifier.kind !== "start-stop") {
        yield* checkTimes(node.expression, start, stop);
        return;
      }
      const [from, to] = [msOf(qualifier.start), msOf(qualifier.stop)];
      const [inner, outer] = [Math.max(start, from), Math.min(stop, to)];
      if (inner >= outer) {
        const message =
          from >= to
            ? "START is not before STOP: no observation lies between."
            : "START and STOP lie outside of those around them: no observation lies in both.";
        yield { code: "stix/pattern-impossible-time", message, span, section: "2.1 §9.5.1" };
        return;
      }
      yield* checkTimes(node.expression, inner, outer);
      return;
    }
    default:
      for (const operand of node.operands) {
        yield* checkTimes(operand, start, stop);
      }
  }
}
