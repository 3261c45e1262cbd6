import type {
  Comparison,
  ComparisonExpression,
  Literal,
  ObservationExpression,
  Pattern,
} from "./ast.ts";
import { printLiteral, printPattern } from "./print-pattern.ts";

/**
 * Prints a pattern in a normal form that serves as identity: two patterns with the same normal form mean the same.
 * (Two that mean the same may still differ in it.) Order and repetition go where they have no meaning; the
 * operands of an observation AND keep their number, since each takes an observation of its own (STIX 2.1 §9.5).
 */
export function normalisePattern(pattern: Pattern): string {
  return printPattern(normaliseObservation(pattern.root));
}

function normaliseObservation(node: ObservationExpression): ObservationExpression {
  switch (node.kind) {
    case "observation":
      return { ...node, expression: normaliseComparison(node.expression) };
    case "qualified": {
      const expression = normaliseObservation(node.expression);
      const { qualifier } = node;
      if (qualifier.kind === "repeats" && qualifier.times === 1) return expression;
      return { ...node, expression };
    }
    default: {
      let operands = flatten(node.kind, node.operands.map(normaliseObservation));
      if (node.kind !== "followed-by") operands = sorted(operands, node.kind === "observation-or");
      const [only] = operands;
      return operands.length === 1 && only ? only : { ...node, operands };
    }
  }
}

function normaliseComparison(node: ComparisonExpression): ComparisonExpression {
  if (node.kind === "comparison") return normaliseTest(node);
  const operands = sorted(flatten(node.kind, node.operands.map(normaliseComparison)), true);
  const [only] = operands;
  return operands.length === 1 && only ? only : { ...node, operands };
}

/** `NOT <` is no `>=`: a value of another type meets the first alone (STIX 2.1 §9.6.1). */
function normaliseTest(node: Comparison): Comparison {
  const { operator, negated } = node;
  if (operator === "=" || operator === "!=")
    return { ...node, operator: (operator === "=") === negated ? "!=" : "=", negated: false };
  if (operator !== "IN") return node;
  const byText = new Map<string, Literal>();
  for (const literal of node.literals) byText.set(printLiteral(literal), literal);
  const literals = [...byText].toSorted(byKey).map(([, literal]) => literal);
  if (literals.length !== 1) return { ...node, literals };
  return { ...node, operator: negated ? "!=" : "=", negated: false, literals };
}

function flatten<T extends { readonly kind: string; readonly operands?: readonly T[] } | Leaf>(
  kind: string,
  operands: readonly T[],
): T[] {
  return operands.flatMap((operand) =>
    operand.kind === kind && "operands" in operand && operand.operands
      ? operand.operands
      : [operand],
  );
}

interface Leaf {
  readonly kind: string;
}

function sorted<T extends ObservationExpression | ComparisonExpression>(
  operands: readonly T[],
  unique: boolean,
): T[] {
  const keyed = operands.map((operand) => [printPattern(operand), operand] as const);
  const result = keyed.toSorted(byKey);
  return (
    unique ? result.filter(([text], i) => i === 0 || text !== result[i - 1]?.[0]) : result
  ).map(([, operand]) => operand);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  if (a[0] === b[0]) return 0;
  return a[0] < b[0] ? -1 : 1;
}
