import {
  refuseUnobserved,
  type MatchOptions,
  type Observation,
  type Why,
} from "../match/observation.ts";
import { compileExpression, type ExpressionTest } from "../match/evaluate-observation.ts";
import type { ComparisonExpression, ObservationExpression, Pattern } from "../pattern/ast.ts";
import { printPattern } from "../pattern/print-pattern.ts";
import { arrangements } from "./arrangement.ts";
import { capacity, type Interval } from "./candidates.ts";
import { findBinding, isRepresentative, type Search } from "./find-binding.ts";
import { repeated, repetitionOf, type Repetition } from "./repetition.ts";
import { SearchBudget } from "./search-budget.ts";
import { canHold, isTimed, reachOf, SlotTree } from "./slot-tree.ts";
import { Supply } from "./supply.ts";

/** One observation of a binding, and why its `[ ]` is true of it. */
export interface BoundObservation {
  /** Place in the list of observations that was given. */
  readonly observation: number;
  readonly why: readonly Why[];
}

/** Observations that together satisfy a pattern, in the order of the list. */
export type Binding = readonly BoundObservation[];

/** An observation of which is known what operands it satisfies. */
export interface OperandCandidate extends Interval {
  /** Numbers of `operands`. */
  readonly operands: ReadonlySet<number>;
}

/** A candidate of a binding, and the operands that it was taken for. */
export interface BoundCandidate {
  /** Place in the list of candidates that was given. */
  readonly candidate: number;
  readonly operands: readonly number[];
}

/**
 * A pattern over several observations (STIX 2.1 §9.5): AND, OR, FOLLOWEDBY and qualifiers. A binding takes a
 * different observation for each `[ ]` (one record of observed-data stands for `numberObserved` of them) and one
 * instant in each one's interval such that all conditions of time hold together.
 */
export class Correlation {
  readonly #tree: SlotTree;
  readonly #tests: readonly ExpressionTest[];
  /** Where one `[ ]` is all that the pattern asks for: no search is needed. */
  readonly #repetition: Repetition | undefined;

  constructor(pattern: Pattern, options: MatchOptions) {
    this.#tree = new SlotTree(pattern.root);
    this.#repetition = repetitionOf(this.#tree.root);
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

  /** The pattern's different `[ ]`, each as a pattern of its own that one observation decides. */
  get operands(): readonly Pattern[] {
    return this.#tree.leaves.map(({ expressions }) => alternatives(expressions));
  }

  /** The longest time between two observations of a binding, in milliseconds; Infinity where nothing bounds it. */
  get reach(): number {
    return reachOf(this.#tree.root);
  }

  /** Whether times decide: FOLLOWEDBY, WITHIN or START STOP stands in the pattern. */
  get isTimed(): boolean {
    return isTimed(this.#tree.root);
  }

  /** Finds one binding; undefined when there is none. Throws `stix/evaluation-limit`. */
  find(observations: readonly Observation[]): Binding | undefined {
    const candidates = this.#candidates(observations);
    const found = this.#repetition
      ? this.#repeated(candidates).next().value
      : this.#found(candidates);
    return found && this.#explained(found, observations);
  }

  /**
   * Finds every observation that is part of some binding, each with one. So what takes part only grows as
   * observations come, in whatever order. Throws `stix/evaluation-limit`.
   */
  participants(observations: readonly Observation[]): ReadonlyMap<number, Binding> {
    const found = this.participantsAmong(this.#candidates(observations));
    const explained = new Map<readonly BoundCandidate[], Binding>();
    for (const binding of new Set(found.values())) {
      explained.set(binding, this.#explained(binding, observations));
    }
    return new Map(
      Array.from(found, ([place, binding]) => [place, explained.get(binding) as Binding]),
    );
  }

  /** `participants` where it is known what operands each observation satisfies: none is looked at. */
  participantsAmong(
    candidates: readonly OperandCandidate[],
  ): ReadonlyMap<number, readonly BoundCandidate[]> {
    const bindings = new Map<number, readonly BoundCandidate[]>();
    const keep = (binding: readonly BoundCandidate[]): void => {
      for (const { candidate } of binding) {
        if (!bindings.has(candidate)) bindings.set(candidate, binding);
      }
    };
    if (this.#repetition !== undefined) {
      for (const binding of this.#repeated(candidates)) keep(binding);
      return bindings;
    }
    for (const search of this.#searches(candidates)) {
      const { arrangement } = search;
      for (const [slot, { places }] of search.candidates.entries()) {
        if (!isRepresentative(arrangement, slot)) {
          continue;
        }
        for (const [index, place] of places.entries()) {
          const found = bindings.has(place) ? undefined : findBinding(search, { slot, index });
          if (found !== undefined) keep(bound(search, found));
        }
      }
    }
    return bindings;
  }

  /** Whether the pattern can be satisfied by observations that satisfy these operands, whatever their times. */
  canHold(operands: ReadonlySet<number>): boolean {
    return canHold(this.#tree.root, operands);
  }

  #candidates(observations: readonly Observation[]): readonly OperandCandidate[] {
    return observations.map((observation) => {
      refuseUnobserved(observation);
      const operands = new Set<number>();
      for (const [operand, test] of this.#tests.entries()) {
        if (test(observation) !== undefined) operands.add(operand);
      }
      const { firstObserved, lastObserved, numberObserved } = observation;
      return { firstObserved, lastObserved, numberObserved, operands };
    });
  }

  #found(candidates: readonly OperandCandidate[]): readonly BoundCandidate[] | undefined {
    for (const search of this.#searches(candidates)) {
      const found = findBinding(search);
      if (found !== undefined) return bound(search, found);
    }
    return undefined;
  }

  *#repeated(
    given: readonly OperandCandidate[],
  ): Generator<readonly BoundCandidate[], undefined, undefined> {
    const repetition = this.#repetition as Repetition;
    const places = placesFor(repetition.leaf, given);
    for (const binding of repeated(given, places, repetition, new SearchBudget())) {
      yield binding
        .toSorted((a, b) => a - b)
        .map((candidate) => ({ candidate, operands: [repetition.leaf] }));
    }
    return undefined;
  }

  *#searches(given: readonly OperandCandidate[]): Generator<Search, void, undefined> {
    const placesOf = this.#tests.map((_, operand) => placesFor(operand, given));
    const supply = new Supply(given, placesOf, this.#tree.root);
    const root = supply.prune(this.#tree.root);
    if (root === undefined) {
      return;
    }
    const budget = new SearchBudget();
    const takes = (place: number) => capacity(given[place] as Interval);
    for (const arrangement of arrangements(root)) {
      if (supply.isEnoughFor(arrangement, budget)) {
        const candidates = arrangement.slots.map((slot) => supply.of(slot));
        yield { arrangement, candidates, capacity: takes, budget };
      }
    }
  }

  #explained(binding: readonly BoundCandidate[], observations: readonly Observation[]): Binding {
    return binding.map(({ candidate, operands }) => {
      const why: Why[] = [];
      for (const operand of operands) {
        for (const reason of this.#tests[operand]?.(observations[candidate] as Observation) ?? []) {
          if (!why.some((one) => one.comparison === reason.comparison)) why.push(reason);
        }
      }
      return { observation: candidate, why };
    });
  }
}

/** The places of those that satisfy an operand. */
function placesFor(operand: number, given: readonly OperandCandidate[]): readonly number[] {
  return [...given.keys()].filter((place) => given[place]?.operands.has(operand) === true);
}

/** The chosen candidates, each once, in the order of the list. */
function bound(
  { arrangement, candidates }: Search,
  chosen: readonly number[],
): readonly BoundCandidate[] {
  const taken = new Map<number, Set<number>>();
  for (const [slot, index] of chosen.entries()) {
    const operand = arrangement.slots[slot]?.leaf ?? 0;
    const place = candidates[slot]?.places[index] as number;
    const operands = taken.get(place);
    if (operands === undefined) taken.set(place, new Set([operand]));
    else operands.add(operand);
  }
  return [...taken]
    .map(([candidate, operands]) => ({ candidate, operands: [...operands] }))
    .toSorted((a, b) => a.candidate - b.candidate);
}

function alternatives(expressions: readonly ComparisonExpression[]): Pattern {
  const operands = expressions.map((expression): ObservationExpression => ({
    kind: "observation",
    expression,
    span: expression.span,
  }));
  const [first] = operands;
  const span = { start: first?.span.start ?? 0, end: operands.at(-1)?.span.end ?? 0 };
  const root: ObservationExpression =
    operands.length === 1 && first !== undefined
      ? first
      : { kind: "observation-or", operands, span };
  return { text: printPattern(root), root };
}
