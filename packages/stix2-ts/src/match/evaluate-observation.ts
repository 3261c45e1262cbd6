import type { Comparison, ComparisonExpression } from "../pattern/ast.ts";
import { walkComparisons } from "../pattern/walk-comparisons.ts";
import { printPath, printPattern } from "../pattern/print-pattern.ts";
import { pathValues } from "./object-path.ts";
import type { MatchOptions, Observation, Why } from "./observation.ts";
import { valueTest } from "./value-test.ts";

/** Decides one comparison expression on one observation; undefined when it is not satisfied. */
export type ExpressionTest = (observation: Observation) => readonly Why[] | undefined;

/** One object (by key) for each object type; undefined where the observation has none of that type. */
type Binding = ReadonlyMap<string, string | undefined>;
type BoundTest = (observation: Observation, binding: Binding) => readonly Why[] | undefined;

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
    return (observation) => firstOf(tests, (test) => test(observation));
  }
  const operands = expression.kind === "and" ? expression.operands : [expression];
  const parts = independentParts(operands).map((part) => {
    const bound = part.operands.map((operand) => compileBound(operand, options));
    return (observation: Observation) => anyBinding(observation, part.types, allOf(bound));
  });
  return (observation) => {
    const reasons: Why[] = [];
    for (const part of parts) {
      const why = part(observation);
      if (why === undefined) {
        return undefined;
      }
      reasons.push(...why);
    }
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

/** Tries every choice of one object a type until the test holds. */
function anyBinding(
  observation: Observation,
  types: readonly string[],
  test: BoundTest,
): readonly Why[] | undefined {
  const choose = (
    at: number,
    binding: Map<string, string | undefined>,
  ): readonly Why[] | undefined => {
    const type = types[at];
    if (type === undefined) {
      return test(observation, binding);
    }
    const keys = keysOfType(observation, type);
    return firstOf(keys.length === 0 ? [undefined] : keys, (key) =>
      choose(at + 1, binding.set(type, key)),
    );
  };
  return choose(0, new Map());
}

function keysOfType(observation: Observation, type: string): string[] {
  const keys: string[] = [];
  for (const key in observation.objects) {
    if (observation.objects[key]?.type === type) {
      keys.push(key);
    }
  }
  return keys;
}

function compileBound(expression: ComparisonExpression, options: MatchOptions): BoundTest {
  if (expression.kind === "comparison") {
    return compileComparison(expression, options);
  }
  const tests = expression.operands.map((operand) => compileBound(operand, options));
  return expression.kind === "and"
    ? allOf(tests)
    : (observation, binding) => firstOf(tests, (test) => test(observation, binding));
}

function allOf(tests: readonly BoundTest[]): BoundTest {
  return (observation, binding) => {
    const reasons: Why[] = [];
    for (const test of tests) {
      const why = test(observation, binding);
      if (why === undefined) {
        return undefined;
      }
      reasons.push(...why);
    }
    return reasons;
  };
}

function firstOf<T, R>(items: readonly T[], decide: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = decide(item);
    if (result !== undefined) {
      return result;
    }
  }
  return undefined;
}

function compileComparison(comparison: Comparison, options: MatchOptions): BoundTest {
  const { objectType, steps } = comparison.path;
  const reason = { path: printPath(comparison.path), comparison: printPattern(comparison) };
  const values = (observation: Observation, key: string | undefined) =>
    key === undefined ? [] : pathValues(observation, key, steps, options.mode);
  if (comparison.operator === "EXISTS" && comparison.negated) {
    return (observation, binding) => {
      const key = binding.get(objectType);
      const isAbsent = [key, ...otherReadings(observation, key)].every(
        (one) => values(observation, one).length === 0,
      );
      return isAbsent ? [{ ...reason, object: key ?? "", steps: [], value: undefined }] : undefined;
    };
  }
  const test = valueTest(comparison, options);
  const wanted = !comparison.negated;
  const isNegative = comparison.negated || comparison.operator === "!=";
  return (observation, binding) => {
    const key = binding.get(objectType);
    // A path that leads nowhere is false, whatever the operator: NOT turns the test of a value, not its absence.
    const hit = values(observation, key).find(({ value }) => test(value) === wanted);
    if (hit === undefined) {
      return undefined;
    }
    const isDenied =
      isNegative &&
      otherReadings(observation, key).some((other) => {
        const found = values(observation, other);
        return found.length > 0 && !found.some(({ value }) => test(value) === wanted);
      });
    return isDenied ? undefined : [{ ...reason, ...hit }];
  };
}

/** Other objects that are readings of the same thing: what is denied of it is denied of all of them. */
function otherReadings({ readings }: Observation, key: string | undefined): readonly string[] {
  const group = key === undefined ? undefined : readings?.[key];
  if (readings === undefined || group === undefined) {
    return [];
  }
  return Object.keys(readings).filter((other) => other !== key && readings[other] === group);
}
