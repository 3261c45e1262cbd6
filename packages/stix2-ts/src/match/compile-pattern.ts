import { StixError } from "../errors.ts";
import type { ComparisonExpression, ObservationExpression, Pattern } from "../pattern/ast.ts";
import { indexKey } from "../value/fold.ts";
import { anchorsOf, type Anchor } from "./anchors.ts";
import { compileExpression } from "./evaluate-observation.ts";
import { leaves } from "./object-path.ts";
import type { MatchOptions, Observation, Why } from "./observation.ts";

export interface CompiledPattern {
  readonly pattern: Pattern;
  readonly options: MatchOptions;
  /** Whether one observation decides: one `[ ]` without qualifiers, or several joined by OR. */
  readonly singleObservation: boolean;
  /** Decides on one observation; throws `stix/needs-several-observations` for other patterns. */
  readonly test: (observation: Observation) => readonly Why[] | undefined;
  /** Any observation that satisfies the pattern has at least one of these; undefined: it must be tried on each. */
  readonly anchors: readonly Anchor[] | undefined;
}

/** Prepares a pattern for many observations. Throws StixError for a regular expression the engine refuses. */
export function compilePattern(pattern: Pattern, options: MatchOptions): CompiledPattern {
  const single = singleObservations(pattern.root);
  if (single === undefined) {
    return { pattern, options, singleObservation: false, test: refuse, anchors: undefined };
  }
  const tests = single.map((expression) => compileExpression(expression, options));
  const anchors = single.map((expression) => anchorsOf(expression, options));
  return {
    pattern,
    options,
    singleObservation: true,
    test: (observation) => {
      for (const test of tests) {
        const why = test(observation);
        if (why !== undefined) {
          return why;
        }
      }
      return undefined;
    },
    anchors: anchors.every((one) => one !== undefined) ? anchors.flat() : undefined,
  };
}

function refuse(): never {
  throw new StixError(
    "stix/needs-several-observations",
    "the pattern speaks of several observations and can't be decided on one",
  );
}

/** The `[ ]` of a pattern that any one of them satisfies; undefined for patterns of another shape. */
export function singleObservations(
  node: ObservationExpression,
): readonly ComparisonExpression[] | undefined {
  if (node.kind === "observation") {
    return [node.expression];
  }
  if (node.kind !== "observation-or") {
    return undefined;
  }
  const all: ComparisonExpression[] = [];
  for (const operand of node.operands) {
    const inner = singleObservations(operand);
    if (inner === undefined) {
      return undefined;
    }
    all.push(...inner);
  }
  return all;
}

/** The index keys of every value of an observation. */
export function observationKeys(observation: Observation): Set<string> {
  const keys = new Set<string>();
  for (const leaf of leaves(observation)) {
    keys.add(indexKey(leaf));
  }
  return keys;
}
