import type { Comparison, ComparisonExpression } from "../pattern/ast.ts";
import { compileBound, type Bound, type BoundTest } from "./bound-test.ts";
import { interned } from "./object-path.ts";
import type { CyberObservable, MatchOptions, Observation } from "./observation.ts";
import { takeStep, type Steps } from "./steps.ts";

/** A comparison's place: its type, and its number among the comparisons of that type. */
interface Atom {
  readonly kind: "atom";
  readonly type: number;
  readonly place: number;
}

type Formula = Atom | { readonly kind: "and" | "or"; readonly operands: readonly Formula[] };

/** An object that may stand for its type, and which of the type's comparisons hold of it: a `1` or `0` each. */
interface Row {
  readonly key: string | undefined;
  readonly object: CyberObservable | undefined;
  readonly truths: string;
}

/**
 * Makes the search for one object a type where operands of an AND name several types each, as in `(a OR b) AND (b OR c)`.
 * A comparison looks at one object, so each is decided once an object; and as comparisons are joined by AND and OR only,
 * an object of which no more holds than of another need not be tried. What is left may still be a hard puzzle (it can
 * say what any formula in conjunctive normal form says), so each choice costs a step.
 */
export function chooseSeveral(
  types: readonly string[],
  operands: readonly ComparisonExpression[],
  options: MatchOptions,
): (observation: Observation, bound: Bound) => boolean {
  const tests: BoundTest[][] = types.map(() => []);
  const atom = (comparison: Comparison): Atom => {
    const type = types.indexOf(comparison.path.objectType);
    const its = tests[type] ?? [];
    const place = its.push(compileBound(comparison, types.slice(type, type + 1), options)) - 1;
    return { kind: "atom", type, place };
  };
  const formulaOf = (node: ComparisonExpression): Formula =>
    node.kind === "comparison"
      ? atom(node)
      : { kind: node.kind, operands: node.operands.map(formulaOf) };
  const formulas = operands.map(formulaOf);
  const names = types.map(interned);
  /** Which operands name a type: those that a choice for it can make false. */
  const concerned = types.map((_, type) => formulas.filter((one) => doesName(one, type)));
  return (observation, bound) => {
    const rows = names.map((name, type) =>
      bestRows(observation, name, tests[type] ?? [], bound.steps),
    );
    // Of a type without a choice yet, everything counts as true that is true of one of its objects.
    const truths = rows.map((some) => some.map((row) => row.truths).reduce(either));
    const isOpen = (one: Formula): boolean => holds(one, truths, bound.steps);
    const choose = (type: number): boolean => {
      const before = truths[type];
      if (before === undefined) return true;
      for (const row of rows[type] ?? []) {
        takeStep(bound.steps);
        truths[type] = row.truths;
        if ((concerned[type] ?? []).every(isOpen) && choose(type + 1)) {
          bound.keys[type] = row.key;
          bound.objects[type] = row.object;
          return true;
        }
      }
      truths[type] = before;
      return false;
    };
    return formulas.every(isOpen) && choose(0);
  };
}

function doesName(formula: Formula, type: number): boolean {
  return formula.kind === "atom"
    ? formula.type === type
    : formula.operands.some((one) => doesName(one, type));
}

function holds(formula: Formula, truths: readonly string[], steps: Steps): boolean {
  switch (formula.kind) {
    case "atom":
      takeStep(steps);
      return truths[formula.type]?.[formula.place] === "1";
    case "and":
      return formula.operands.every((one) => holds(one, truths, steps));
    case "or":
      return formula.operands.some((one) => holds(one, truths, steps));
  }
}

function either(a: string, b: string): string {
  return Array.from(a, (truth, i) => (truth === "1" ? truth : b[i])).join("");
}

/** The objects of a type, without those of which no more holds than of another; no object, where there is none. */
function bestRows(
  observation: Observation,
  type: string,
  tests: readonly BoundTest[],
  steps: Steps,
): readonly Row[] {
  const byTruths = new Map<string, Row>();
  const add = (key: string | undefined, object: CyberObservable | undefined): void => {
    const bound: Bound = { keys: [key], objects: [object], steps };
    const decide = (test: BoundTest): string => {
      takeStep(steps);
      return test.holds(observation, bound) ? "1" : "0";
    };
    const truths = tests.map(decide).join("");
    if (!byTruths.has(truths)) byTruths.set(truths, { key, object, truths });
  };
  let isPresent = false;
  for (const key in observation.objects) {
    const object = observation.objects[key];
    if (object?.type === type) {
      isPresent = true;
      add(key, object);
    }
  }
  if (!isPresent) add(undefined, undefined);
  const rows = [...byTruths.values()];
  return rows.filter((one) => rows.every((other) => other === one || !covers(other, one, steps)));
}

/** Whether all holds of one object that holds of another. */
function covers({ truths }: Row, other: Row, steps: Steps): boolean {
  for (let i = 0; i < truths.length; i++) {
    takeStep(steps);
    if (truths[i] === "0" && other.truths[i] === "1") return false;
  }
  return true;
}
