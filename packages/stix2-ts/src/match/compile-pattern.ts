import { Correlation, type Binding } from "../correlate/correlation.ts";
import { msOf } from "../correlate/arrangement.ts";
import { StixError } from "../errors.ts";
import type { ComparisonExpression, ObservationExpression, Pattern } from "../pattern/ast.ts";
import { indexKey } from "../value/fold.ts";
import { anchorsOf, type Anchor } from "./anchors.ts";
import { compileExpression, type ExpressionTest } from "./evaluate-observation.ts";
import { visitLeaves } from "./object-path.ts";
import { refuseUnobserved, type MatchOptions, type Observation, type Why } from "./observation.ts";

/** A pattern made ready to be asked of many observations. */
export interface CompiledPattern {
  readonly pattern: Pattern;
  readonly options: MatchOptions;
  /** Whether one observation decides: one `[ ]`, perhaps with START STOP, or several joined by OR. */
  readonly singleObservation: boolean;
  /** Decides on one observation; throws `stix/needs-several-observations` for other patterns. */
  readonly test: (observation: Observation) => readonly Why[] | undefined;
  /** Finds observations that together satisfy the pattern. Throws `stix/evaluation-limit`. */
  readonly find: (observations: readonly Observation[]) => Binding | undefined;
  /** Finds every observation that is part of a binding, each with one. Throws `stix/evaluation-limit`. */
  readonly participants: (observations: readonly Observation[]) => ReadonlyMap<number, Binding>;
  /** The parts by which several observations satisfy the pattern; undefined where one observation decides. */
  readonly correlation: Correlation | undefined;
  /** An observation that takes part in satisfying the pattern has at least one of these; undefined: it must be tried on each. */
  readonly anchors: readonly Anchor[] | undefined;
}

/**
 * Prepares a pattern for many observations. Throws StixError for a regular expression the engine refuses.
 */
export function compilePattern(pattern: Pattern, options: MatchOptions): CompiledPattern {
  const single = singleObservations(pattern.root);
  if (single === undefined) {
    const correlation = new Correlation(pattern, options);
    return {
      pattern,
      options,
      singleObservation: false,
      correlation,
      test: refuse,
      find: (observations) => correlation.find(observations),
      participants: (observations) => correlation.participants(observations),
      anchors: allAnchors(
        correlation.operands
          .flatMap(({ root }) => singleObservations(root) ?? [])
          .map(({ expression }) => expression),
        options,
      ),
    };
  }
  const tests = single.map((alternative) => compileAlternative(alternative, options));
  const [only] = tests;
  const decide = only !== undefined && tests.length === 1 ? only : firstOf(tests);
  const test: ExpressionTest = (observation) => {
    refuseUnobserved(observation);
    return decide(observation);
  };
  return {
    pattern,
    options,
    singleObservation: true,
    correlation: undefined,
    test,
    find: (observations) => first(bindings(observations, test)),
    participants: (observations) =>
      new Map([...bindings(observations, test)].map((one) => [one[0].observation, one] as const)),
    anchors: allAnchors(
      single.map(({ expression }) => expression),
      options,
    ),
  };
}

function firstOf(tests: readonly ExpressionTest[]): ExpressionTest {
  return (observation) => {
    for (const one of tests) {
      const why = one(observation);
      if (why !== undefined) {
        return why;
      }
    }
    return undefined;
  };
}

function* bindings(
  observations: readonly Observation[],
  test: ExpressionTest,
): Generator<readonly [Binding[number]], void, undefined> {
  for (const [place, observation] of observations.entries()) {
    const why = test(observation);
    if (why !== undefined) {
      yield [{ observation: place, why }];
    }
  }
}

function first<T>(items: Iterable<T>): T | undefined {
  for (const item of items) {
    return item;
  }
  return undefined;
}

function allAnchors(
  expressions: readonly ComparisonExpression[],
  options: MatchOptions,
): readonly Anchor[] | undefined {
  const anchors = expressions.map((expression) => anchorsOf(expression, options));
  return anchors.every((one) => one !== undefined) ? anchors.flat() : undefined;
}

function compileAlternative(
  { expression, start, stop }: SingleObservation,
  options: MatchOptions,
): ExpressionTest {
  const test = compileExpression(expression, options);
  if (start === -Infinity && stop === Infinity) {
    return test;
  }
  // Some instant of the observation lies from START on and before STOP.
  return (observation) =>
    start < stop && observation.lastObserved >= start && observation.firstObserved < stop
      ? test(observation)
      : undefined;
}

function refuse(): never {
  throw new StixError(
    "stix/needs-several-observations",
    "the pattern speaks of several observations and can't be decided on one",
  );
}

/** A `[ ]` that satisfies a pattern alone, and when: from `start` on, before `stop` (milliseconds). */
export interface SingleObservation {
  readonly expression: ComparisonExpression;
  readonly start: number;
  readonly stop: number;
}

/** The `[ ]` of a pattern that any one of them satisfies; undefined for patterns that need several observations. */
export function singleObservations(
  node: ObservationExpression,
): readonly SingleObservation[] | undefined {
  switch (node.kind) {
    case "observation":
      return [{ expression: node.expression, start: -Infinity, stop: Infinity }];
    case "observation-or": {
      const all = node.operands.map((operand) => singleObservations(operand));
      return all.every((one) => one !== undefined) ? all.flat() : undefined;
    }
    case "qualified": {
      const inner = singleObservations(node.expression);
      const { qualifier } = node;
      if (inner === undefined || (qualifier.kind === "repeats" && qualifier.times > 1)) {
        return undefined;
      }
      if (qualifier.kind !== "start-stop") {
        return inner; // one instant is within any window of itself
      }
      const [start, stop] = [msOf(qualifier.start), msOf(qualifier.stop)];
      return inner.map((one) => ({
        expression: one.expression,
        start: Math.max(one.start, start),
        stop: Math.min(one.stop, stop),
      }));
    }
    default:
      return undefined;
  }
}

/** The index keys of every value of an observation. */
export function observationKeys(observation: Observation): Set<string> {
  const keys = new Set<string>();
  visitLeaves(observation, (leaf) => keys.add(indexKey(leaf)));
  return keys;
}
