import {
  refuseUnobserved,
  type MatchOptions,
  type Observation,
  type Why,
} from "../match/observation.ts";
import { compileExpression, type ExpressionTest } from "../match/evaluate-observation.ts";
import type { Pattern } from "../pattern/ast.ts";
import { arrangements, type Arrangement } from "./arrangement.ts";
import { capacity } from "./candidates.ts";
import { findBinding, isRepresentative, type Search } from "./find-binding.ts";
import { SearchBudget } from "./search-budget.ts";
import { SlotTree } from "./slot-tree.ts";
import { Supply } from "./supply.ts";

/** One observation of a binding, and why its `[ ]` is true of it. */
export interface BoundObservation {
  /** Place in the list of observations that was given. */
  readonly observation: number;
  readonly why: readonly Why[];
}

/** Observations that together satisfy a pattern, in the order of the list. */
export type Binding = readonly BoundObservation[];

/**
 * A pattern over several observations (STIX 2.1 §9.5): AND, OR, FOLLOWEDBY and qualifiers. A binding takes a
 * different observation for each `[ ]` (one record of observed-data stands for `numberObserved` of them) and one
 * instant in each one's interval such that all conditions of time hold together.
 */
export class Correlation {
  readonly #tree: SlotTree;
  readonly #tests: readonly ExpressionTest[];

  constructor(pattern: Pattern, options: MatchOptions) {
    this.#tree = new SlotTree(pattern.root);
    this.#tests = this.#tree.leaves.map(({ expressions }) => {
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
      for (const [slot, candidates] of search.candidates.entries()) {
        if (!isRepresentative(arrangement, slot)) {
          continue;
        }
        for (const [index, place] of candidates.places.entries()) {
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
    const places = this.#tests.map((test) =>
      [...observations.keys()].filter(
        (place) => test(observations[place] as Observation) !== undefined,
      ),
    );
    const supply = new Supply(observations, places, this.#tree.root);
    const root = supply.prune(this.#tree.root);
    if (root === undefined) {
      return;
    }
    const budget = new SearchBudget();
    const takes = (place: number) => capacity(observations[place] as Observation);
    for (const arrangement of arrangements(root)) {
      if (supply.isEnoughFor(arrangement, budget)) {
        const candidates = arrangement.slots.map((slot) => supply.of(slot));
        yield { search: { arrangement, candidates, capacity: takes, budget }, arrangement };
      }
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
      const place = candidates[slot]?.places[index] as number;
      const why = this.#tests[leaf]?.(observations[place] as Observation) ?? [];
      const before = bound.get(place)?.why ?? [];
      const isNew = (reason: Why) => !before.some((one) => one.comparison === reason.comparison);
      bound.set(place, { observation: place, why: [...before, ...why.filter(isNew)] });
    }
    return [...bound.values()].toSorted((a, b) => a.observation - b.observation);
  }
}
