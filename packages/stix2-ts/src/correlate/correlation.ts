import {
  refuseUnobserved,
  type MatchOptions,
  type Observation,
  type Why,
} from "../match/observation.ts";
import { compileExpression, type ExpressionTest } from "../match/evaluate-observation.ts";
import type { ComparisonExpression, Pattern } from "../pattern/ast.ts";
import { Arrangements, type Arrangement } from "./arrangement.ts";
import { Candidates, capacity } from "./candidates.ts";
import { findBinding, isRepresentative, type Search } from "./find-binding.ts";

/** One observation of a binding, and why its `[ ]` is true of it. */
export interface BoundObservation {
  /** Place in the list of observations that was given. */
  readonly observation: number;
  readonly why: readonly Why[];
}

/** Observations that together satisfy a pattern, in the order of the list. */
export type Binding = readonly BoundObservation[];

/** Steps that one call may take, over all its searches. */
const STEPS = 2_000_000;

/**
 * A pattern over several observations (STIX 2.1 §9.5): AND, OR, FOLLOWEDBY and qualifiers. A binding takes a
 * different observation for each `[ ]` (one record of observed-data stands for `numberObserved` of them) and one
 * instant in each one's interval such that all conditions of time hold together.
 */
export class Correlation {
  readonly #arrangements: Arrangements;
  readonly #tests: readonly ExpressionTest[];

  constructor(pattern: Pattern, options: MatchOptions) {
    this.#arrangements = new Arrangements(pattern.root);
    this.#tests = this.#arrangements.leaves.map(({ expressions }) => {
      const tests = expressions.map((expression) => compileExpression(expression, options));
      return (observation) => {
        for (const test of tests) {
          const why = test(observation);
          if (why !== undefined) return why;
        }
        return undefined;
      };
    });
  }

  /** What stands in the pattern's `[ ]`, each once. */
  get expressions(): readonly ComparisonExpression[] {
    return this.#arrangements.leaves.flatMap(({ expressions }) => expressions);
  }

  /** Finds one binding; undefined when there is none. Throws `stix/evaluation-limit`. */
  find(observations: readonly Observation[]): Binding | undefined {
    for (const { search } of this.#searches(observations)) {
      const found = findBinding(search);
      if (found !== undefined) {
        return this.#binding(search, found, observations);
      }
    }
    return undefined;
  }

  /**
   * Finds every observation that is part of some binding, each with one. So what takes part only grows as
   * observations come, in whatever order. Throws `stix/evaluation-limit`.
   */
  participants(observations: readonly Observation[]): ReadonlyMap<number, Binding> {
    const bindings = new Map<number, Binding>();
    for (const { search, arrangement } of this.#searches(observations)) {
      for (const [slot, { leaf }] of arrangement.slots.entries()) {
        if (!isRepresentative(arrangement, slot)) {
          continue;
        }
        for (const [index, place] of (search.candidates[leaf]?.places ?? []).entries()) {
          const found = bindings.has(place) ? undefined : findBinding(search, { slot, index });
          if (found !== undefined) {
            const binding = this.#binding(search, found, observations);
            for (const { observation } of binding) {
              if (!bindings.has(observation)) bindings.set(observation, binding);
            }
          }
        }
      }
    }
    return bindings;
  }

  *#searches(
    observations: readonly Observation[],
  ): Generator<{ readonly search: Search; readonly arrangement: Arrangement }, void, undefined> {
    for (const observation of observations) refuseUnobserved(observation);
    const candidates = this.#tests.map((test) => {
      const places: number[] = [];
      for (const [place, observation] of observations.entries()) {
        if (test(observation) !== undefined) places.push(place);
      }
      return new Candidates(observations, places);
    });
    const budget = { left: STEPS };
    const takes = (place: number) => capacity(observations[place] as Observation);
    for (const arrangement of this.#arrangements.all((leaf) => candidates[leaf]?.length !== 0)) {
      yield { search: { arrangement, candidates, capacity: takes, budget }, arrangement };
    }
  }

  #binding(
    { arrangement, candidates }: Search,
    chosen: readonly number[],
    observations: readonly Observation[],
  ): Binding {
    const bound = new Map<number, BoundObservation>();
    for (const [slot, index] of chosen.entries()) {
      const leaf = arrangement.slots[slot]?.leaf ?? 0;
      const place = candidates[leaf]?.places[index] as number;
      const why = this.#tests[leaf]?.(observations[place] as Observation) ?? [];
      const before = bound.get(place)?.why ?? [];
      const isNew = (reason: Why) => !before.some((one) => one.comparison === reason.comparison);
      bound.set(place, { observation: place, why: [...before, ...why.filter(isNew)] });
    }
    return [...bound.values()].toSorted((a, b) => a.observation - b.observation);
  }
}
