import type { ComparisonExpression, ObjectPath, ObservationExpression, Pattern } from "stix2-ts";
import { eventIdsFor } from "./index.ts";

/** Why a pattern can't meet any event as it is, or not yet. */
export interface Limitation {
  readonly code: "match/unmatchable" | "match/several-events";
  readonly reason: string;
}

/**
 * Says what keeps a pattern from being satisfied by Sysmon events; undefined when nothing does.
 * A pattern may still be evaluated where it is limited: then it holds for what one event carries.
 */
export function limitationOf(pattern: Pattern): Limitation | undefined {
  return limitOf(pattern.root);
}

function limitOf(node: ObservationExpression): Limitation | undefined {
  switch (node.kind) {
    case "observation":
      return limitOfExpression(node.expression);
    case "qualified":
      return limitOf(node.expression);
    case "observation-or": {
      const limits = node.operands.map((operand) => limitOf(operand));
      return limits.every((limit) => limit !== undefined) ? limits[0] : undefined;
    }
    case "observation-and":
    case "followed-by":
      return node.operands.map((operand) => limitOf(operand)).find((limit) => limit !== undefined);
  }
}

function limitOfExpression(expression: ComparisonExpression): Limitation | undefined {
  if (eventIdsOf(expression).size > 0) {
    return undefined;
  }
  return hasUnseenPath(expression)
    ? { code: "match/unmatchable", reason: "no Sysmon event has a value at this object path" }
    : {
        code: "match/several-events",
        reason: "no single Sysmon event has all these values: not yet evaluated across events",
      };
}

/** Lists the event ids that can satisfy an expression by the paths they have, as `idsFor` says of a path. */
export function eventIdsOf(
  expression: ComparisonExpression,
  idsFor: (path: ObjectPath) => ReadonlySet<number> = eventIdsFor,
): ReadonlySet<number> {
  if (expression.kind === "comparison") {
    // `NOT EXISTS` is met by the absence of a path, so by any event.
    return expression.operator === "EXISTS" && expression.negated
      ? ANY_EVENT
      : idsFor(expression.path);
  }
  const [first = new Set<number>(), ...rest] = expression.operands.map((operand) =>
    eventIdsOf(operand, idsFor),
  );
  return rest.reduce(
    (all, ids) => (expression.kind === "and" ? all.intersection(ids) : all.union(ids)),
    first,
  );
}

const ANY_EVENT: ReadonlySet<number> = new Set([
  ...Array.from({ length: 29 }, (_, i) => i + 1),
  255,
]);

/** Whether an expression fails because of a path that no event has, in every alternative. */
function hasUnseenPath(expression: ComparisonExpression): boolean {
  if (expression.kind === "comparison") {
    return eventIdsOf(expression).size === 0;
  }
  return expression.kind === "and"
    ? expression.operands.some((operand) => hasUnseenPath(operand))
    : expression.operands.every((operand) => hasUnseenPath(operand));
}
