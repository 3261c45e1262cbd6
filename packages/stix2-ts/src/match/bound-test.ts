import type { Comparison, ComparisonExpression } from "../pattern/ast.ts";
import { printPath, printPattern } from "../pattern/print-pattern.ts";
import { anyValue, PathWalk } from "./object-path.ts";
import type { CyberObservable, MatchOptions, Observation, Why } from "./observation.ts";
import type { Steps } from "./steps.ts";
import { valueTest } from "./value-test.ts";

/** One object (and its key) for each object type of an expression; undefined where the observation has none of it. */
export interface Bound {
  readonly keys: (string | undefined)[];
  readonly objects: (CyberObservable | undefined)[];
  /** What deciding may still cost. */
  readonly steps: Steps;
}

/** Decides an expression for one choice of objects. Reasons are made only for what holds, which is seldom. */
export interface BoundTest {
  readonly holds: (observation: Observation, bound: Bound) => boolean;
  /** Adds a reason for each comparison that carries the truth; asked only after `holds` said so. */
  readonly explain: (observation: Observation, bound: Bound, reasons: Why[]) => void;
}

/** Prepares an expression; `types` names the places of its object types in a choice. */
export function compileBound(
  expression: ComparisonExpression,
  types: readonly string[],
  options: MatchOptions,
): BoundTest {
  if (expression.kind === "comparison") {
    const isAbsence = expression.operator === "EXISTS" && expression.negated;
    return (isAbsence ? absence : presence)(expression, types, options);
  }
  const tests = expression.operands.map((operand) => compileBound(operand, types, options));
  return expression.kind === "and" ? allOf(tests) : oneOf(tests);
}

/** Joins tests by AND. */
export function allOf(tests: readonly BoundTest[]): BoundTest {
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return {
    holds: (observation, bound) => {
      for (const test of tests) {
        if (!test.holds(observation, bound)) return false;
      }
      return true;
    },
    explain: (observation, bound, reasons) => {
      for (const test of tests) test.explain(observation, bound, reasons);
    },
  };
}

function oneOf(tests: readonly BoundTest[]): BoundTest {
  const holding = (observation: Observation, bound: Bound): BoundTest | undefined => {
    for (const test of tests) {
      if (test.holds(observation, bound)) return test;
    }
    return undefined;
  };
  return {
    holds: (observation, bound) => holding(observation, bound) !== undefined,
    explain: (observation, bound, reasons) =>
      holding(observation, bound)?.explain(observation, bound, reasons),
  };
}

/** `NOT EXISTS`: no reading of the object has the path, or there is no object of its type. */
function absence(
  comparison: Comparison,
  types: readonly string[],
  options: MatchOptions,
): BoundTest {
  const place = types.indexOf(comparison.path.objectType);
  const path = new PathWalk(comparison.path.steps, options.mode);
  return {
    holds: (observation, { keys, steps }) => {
      const key = keys[place];
      const has = (one: string): boolean =>
        path.first(observation, one, anyValue, steps) !== undefined;
      return key === undefined || ![key, ...otherReadings(observation, key)].some(has);
    },
    explain: (_, { keys }, reasons) => {
      const object = keys[place] ?? "";
      reasons.push({ ...printed(comparison), object, steps: [], value: undefined });
    },
  };
}

/** A path that leads nowhere is false, whatever the operator: NOT turns the test of a value, not its absence. */
function presence(
  comparison: Comparison,
  types: readonly string[],
  options: MatchOptions,
): BoundTest {
  const place = types.indexOf(comparison.path.objectType);
  const path = new PathWalk(comparison.path.steps, options.mode);
  const test = valueTest(comparison, options);
  const passes = comparison.negated ? (value: unknown) => !test(value) : test;
  const isNegative = comparison.negated || comparison.operator === "!=";
  /** What is denied of a thing is denied of all its readings. */
  const isDenied = (observation: Observation, key: string | undefined, steps: Steps): boolean =>
    otherReadings(observation, key).some(
      (other) =>
        path.first(observation, other, anyValue, steps) !== undefined &&
        path.first(observation, other, passes, steps) === undefined,
    );
  return {
    holds: (observation, { objects, keys, steps }) => {
      const object = objects[place];
      return (
        object !== undefined &&
        path.some(observation, object, passes, steps) &&
        !(
          isNegative &&
          observation.readings !== undefined &&
          isDenied(observation, keys[place], steps)
        )
      );
    },
    explain: (observation, { keys }, reasons) => {
      const found = path.first(observation, keys[place] ?? "", passes);
      if (found !== undefined) reasons.push({ ...printed(comparison), ...found });
    },
  };
}

function printed(comparison: Comparison): Pick<Why, "path" | "comparison"> {
  return { path: printPath(comparison.path), comparison: printPattern(comparison) };
}

/** Other objects that are readings of the same thing. */
function otherReadings({ readings }: Observation, key: string | undefined): readonly string[] {
  const group = key === undefined ? undefined : readings?.[key];
  if (readings === undefined || group === undefined) {
    return [];
  }
  return Object.keys(readings).filter((other) => other !== key && readings[other] === group);
}
