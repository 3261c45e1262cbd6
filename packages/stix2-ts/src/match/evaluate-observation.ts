import type { ComparisonExpression } from "../pattern/ast.ts";
import { walkComparisons } from "../pattern/walk-comparisons.ts";
import { allOf, compileBound, type Bound, type BoundTest } from "./bound-test.ts";
import { chooseSeveral } from "./choose-objects.ts";
import { interned } from "./object-path.ts";
import { refuseUnobserved, type MatchOptions, type Observation, type Why } from "./observation.ts";
import { EVALUATION_STEPS, takeStep } from "./steps.ts";

/** Decides one comparison expression on one observation; undefined when it is not satisfied. */
export type ExpressionTest = (observation: Observation) => readonly Why[] | undefined;

/**
 * Evaluates what stands inside `[ ]` (STIX 2.1 §9.5). Comparisons joined by AND that name the same object
 * type must be met by the same object; those of different types by one object a type. Gives a reason for
 * each comparison that carries the truth.
 */
export function evaluateObservation(
  expression: ComparisonExpression,
  observation: Observation,
  options: MatchOptions,
): readonly Why[] | undefined {
  refuseUnobserved(observation);
  return compileExpression(expression, options)(observation);
}

/** Prepares an expression for many observations; throws StixError for what cannot be evaluated. */
export function compileExpression(
  expression: ComparisonExpression,
  options: MatchOptions,
): ExpressionTest {
  if (expression.kind === "or") {
    // "Some object satisfies a OR b" is "some object satisfies a" or "some object satisfies b".
    const tests = expression.operands.map((operand) => compileExpression(operand, options));
    return (observation) => {
      for (const test of tests) {
        const why = test(observation);
        if (why !== undefined) return why;
      }
      return undefined;
    };
  }
  const operands = expression.kind === "and" ? expression.operands : [expression];
  const parts = independentParts(operands).map((part) => compilePart(part, options));
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    // What most patterns are, and most observations are not: so no more than this is done for them.
    const { choose, bound, test } = only;
    return (observation) => {
      bound.steps.left = EVALUATION_STEPS;
      if (!choose(observation, bound)) return undefined;
      const reasons: Why[] = [];
      test.explain(observation, bound, reasons);
      return reasons;
    };
  }
  return (observation) => {
    for (const { choose, bound } of parts) {
      bound.steps.left = EVALUATION_STEPS;
      if (!choose(observation, bound)) return undefined;
    }
    const reasons: Why[] = [];
    for (const { test, bound } of parts) test.explain(observation, bound, reasons);
    return reasons;
  };
}

interface Part {
  readonly types: readonly string[];
  readonly operands: readonly ComparisonExpression[];
}

/** Groups operands of an AND that share object types, directly or through others: the groups can be decided apart. */
function independentParts(operands: readonly ComparisonExpression[]): readonly Part[] {
  const parentOf = new Map<string, string>();
  const rootOf = (type: string): string => {
    let root = type;
    for (let parent = parentOf.get(root); parent !== undefined; parent = parentOf.get(root)) {
      root = parent;
    }
    return root;
  };
  const typesOf = operands.map((operand) => objectTypes(operand));
  for (const [first = "", ...others] of typesOf) {
    for (const type of others) {
      const [a, b] = [rootOf(first), rootOf(type)];
      if (a !== b) parentOf.set(b, a);
    }
  }
  const parts = new Map<string, { types: Set<string>; operands: ComparisonExpression[] }>();
  for (const [i, operand] of operands.entries()) {
    const types = typesOf[i] ?? [];
    const root = rootOf(types[0] ?? "");
    const part = parts.get(root) ?? { types: new Set(), operands: [] };
    for (const type of types) part.types.add(type);
    part.operands.push(operand);
    parts.set(root, part);
  }
  return [...parts.values()].map((part) => ({ types: [...part.types], operands: part.operands }));
}

function objectTypes(expression: ComparisonExpression): readonly string[] {
  return [...new Set([...walkComparisons(expression)].map(({ path }) => path.objectType))];
}

interface CompiledPart {
  readonly test: BoundTest;
  /** Finds a choice of one object a type for which the test holds; it then stands in `bound`. */
  readonly choose: (observation: Observation, bound: Bound) => boolean;
  /** The choice at hand: written over for each one tried, so that none is made for the many that fail. */
  readonly bound: Bound;
}

function compilePart({ types, operands }: Part, options: MatchOptions): CompiledPart {
  const test = allOf(operands.map((operand) => compileBound(operand, types, options)));
  const none = types.map(() => undefined);
  const bound = { keys: [...none], objects: [...none], steps: { left: 0 } };
  const [type] = types;
  return type !== undefined && types.length === 1
    ? { test, bound, choose: chooseOne(interned(type), test) }
    : { test, bound, choose: chooseSeveral(types, operands, options) };
}

/** Tries the objects of one type. */
function chooseOne(type: string, test: BoundTest): CompiledPart["choose"] {
  return (observation, bound) => {
    const { keys, objects, steps } = bound;
    let isPresent = false;
    for (const key in observation.objects) {
      const object = observation.objects[key];
      if (object?.type === type) {
        isPresent = true;
        keys[0] = key;
        objects[0] = object;
        takeStep(steps);
        if (test.holds(observation, bound)) return true;
      }
    }
    if (isPresent) return false;
    keys[0] = undefined;
    objects[0] = undefined;
    return test.holds(observation, bound);
  };
}
