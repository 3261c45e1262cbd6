/** What about a pair of pattern and observations may make two evaluators differ. */
import {
  pathValues,
  walkComparisons,
  type Comparison,
  type ComparisonExpression,
  type Observation,
  type ObservationExpression,
} from "stix2-ts";

/** What stands at a comparison's path in a list of observations. */
export function valuesOf({ path }: Comparison, list: readonly Observation[]): readonly unknown[] {
  return list.flatMap((one) =>
    Object.entries(one.objects)
      .filter(([, object]) => object.type === path.objectType)
      .flatMap(([key]) => pathValues(one, key, path.steps, "spec").map(({ value }) => value)),
  );
}

type Joint = Exclude<ComparisonExpression["kind"], "comparison">;

/** Whether inside one `[ ]` such a joint is between comparisons of several object types. */
export function hasMixed(node: ObservationExpression, joints: readonly Joint[]): boolean {
  switch (node.kind) {
    case "observation":
      return isMixed(node.expression, joints);
    case "qualified":
      return hasMixed(node.expression, joints);
    default:
      return node.operands.some((operand) => hasMixed(operand, joints));
  }
}

function isMixed(node: ComparisonExpression, joints: readonly Joint[]): boolean {
  if (node.kind === "comparison") {
    return false;
  }
  const types = new Set([...walkComparisons(node)].map(({ path }) => path.objectType));
  return (
    (joints.includes(node.kind) && types.size > 1) ||
    node.operands.some((one) => isMixed(one, joints))
  );
}

/** How many conditions of time a pattern has. */
export function timeRules(node: ObservationExpression): number {
  switch (node.kind) {
    case "observation":
      return 0;
    case "qualified":
      return (node.qualifier.kind === "repeats" ? 0 : 1) + timeRules(node.expression);
    default:
      return (
        (node.kind === "followed-by" ? node.operands.length - 1 : 0) +
        node.operands.reduce((sum, operand) => sum + timeRules(operand), 0)
      );
  }
}
