/** What an indicator of STIX 1 asks for, as a tree of comparisons. */
import type { Condition } from "../terms/condition.ts";
import {
  all,
  any,
  type Comparisons,
  type Scoped,
  scopedAnd,
  scopedOr,
} from "../terms/expression.ts";
import { isUndecidable, type Term } from "../terms/term.ts";

export type LossCode =
  | "feed/term-unknown"
  | "feed/condition-unsupported"
  | "feed/value-missing"
  | "feed/partly-visible"
  | "feed/reference-unknown"
  | "feed/too-complex"
  | "feed/pattern-missing";

export interface Loss {
  readonly code: LossCode;
  readonly text: string;
}

export type Criteria =
  | {
      readonly kind: "item";
      readonly term: Term;
      readonly condition: Condition;
      readonly what: string;
    }
  /** What no Sysmon event can decide. */
  | { readonly kind: "lost"; readonly loss: Loss }
  /** What is left out without changing what is found but for finding more; said in the report. */
  | { readonly kind: "left-out"; readonly loss: Loss }
  | {
      readonly kind: "group";
      readonly operator: "and" | "or";
      readonly negate: boolean;
      readonly parts: readonly Criteria[];
    };

export function groupOf(
  operator: "and" | "or",
  parts: readonly Criteria[],
  negate = false,
): Criteria {
  const [first] = parts;
  return first !== undefined && parts.length === 1 && !negate
    ? first
    : { kind: "group", operator, negate, parts };
}

export function lostPart(code: LossCode, text: string): Criteria {
  return { kind: "lost", loss: { code, text } };
}

export function leftOut(text: string): Criteria {
  return { kind: "left-out", loss: { code: "feed/partly-visible", text } };
}

/**
 * Converts criteria. What is lost of an OR makes the pattern find less, and `losses` says so; an AND that lost a part cannot be
 * decided at all, for without it it would find more than was meant. A negated group is taken apart by De Morgan's laws.
 */
export function convertCriteria(
  criteria: Criteria,
  losses: Loss[],
  negated = false,
): Scoped | undefined {
  if (criteria.kind === "lost" || criteria.kind === "left-out") {
    losses.push(criteria.loss);
    return undefined;
  }
  if (criteria.kind === "item") return convertItem(criteria, losses, negated);
  const inverted = criteria.negate !== negated;
  const parts: Scoped[] = [];
  let undecided = 0;
  for (const part of criteria.parts) {
    const made = convertCriteria(part, losses, inverted);
    if (made !== undefined) parts.push(made);
    else if (part.kind !== "left-out") undecided += 1;
  }
  const isAnd = (criteria.operator === "and") !== inverted;
  if (parts.length === 0 || (isAnd && undecided > 0)) return undefined;
  if (!isAnd) return joinAlternatives(parts);
  const joined = scopedAnd(parts);
  if (joined === undefined) {
    losses.push({ code: "feed/too-complex", text: "too many alternatives when multiplied out" });
  }
  return joined;
}

/** Joins by OR. Alternatives that one observation decides go into one `[ ]`, whichever things they speak of. */
function joinAlternatives(parts: readonly Scoped[]): Scoped {
  const joined = scopedOr(parts);
  if (joined.kind !== "or" || isOneThing(joined.parts)) return joined;
  const expressions: Comparisons[] = [];
  const others: Scoped[] = [];
  let scope = "";
  for (const part of joined.parts) {
    if (part.kind !== "scope") others.push(part);
    else {
      expressions.push(part.expression);
      scope = `any of ${part.scope}`;
    }
  }
  if (expressions.length < 2) return joined;
  const one: Scoped = { kind: "scope", scope, expression: any(expressions) };
  return others.length === 0 ? one : { kind: "or", parts: [one, ...others] };
}

/** Whether all parts speak of parts of the same thing: what an AND around them says of it has to stay tied to each. */
function isOneThing(parts: readonly Scoped[]): boolean {
  const roots = new Set(
    parts.map((part) => (part.kind === "scope" ? part.scope.split("/", 1)[0] : part)),
  );
  return roots.size < 2;
}

function convertItem(
  { term, condition, what }: Extract<Criteria, { kind: "item" }>,
  losses: Loss[],
  negated: boolean,
): Scoped | undefined {
  const meant = negated ? { ...condition, negated: !condition.negated } : condition;
  const expression = term.compare(meant);
  if (isUndecidable(expression)) {
    losses.push({ code: expression.code, text: `${what}: ${expression.reason}` });
    return undefined;
  }
  if (term.limit !== undefined) {
    losses.push({ code: "feed/partly-visible", text: `${what}: ${term.limit}` });
  }
  return { kind: "scope", scope: term.scope, expression: all([expression]) };
}
