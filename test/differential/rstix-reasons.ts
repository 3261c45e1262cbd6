/** Where rstix 0.23.0 leaves the specification, and the sentence that decides. */
import {
  compilePattern,
  parsePattern,
  walkComparisons,
  type Comparison,
  type Observation,
  type ObservationExpression,
} from "stix2-ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { hasMixed, valuesOf } from "./causes.ts";
import type { Verdict } from "./compare.ts";

export const RSTIX_REASONS = {
  refusedOrder:
    "It refuses `<`, `<=`, `>` and `>=` for texts and booleans. STIX 2.1 §9.6.1: they ask whether a value is numerically or " +
    "lexically before or after the literal, so texts have an order too; types that can't be compared make the " +
    "comparison false.",
  refusedOperator:
    "It refuses an operator that a property's type has no use for (LIKE of a number, IN of a boolean). §9.6.1: types " +
    "that can't be compared make the comparison false (and `!=` true); the pattern keeps its other comparisons.",
  refusedLiteral:
    "It refuses a literal of another type than the property's, binary data beside texts and IN with several types. " +
    "§9.6.1: types that can't be compared make the comparison false (and `!=` true); an integer and a float can be; §9.6.3: binary data " +
    "is compared with text.",
  refusedCustom:
    "It takes every property of a custom type for a text and refuses lists in it. §9.7: an object path follows " +
    "lists and dictionaries of any object type, custom ones included.",
  refusedEmpty:
    "It refuses an object whose name or path is the empty text. §2.14: a string is any finite sequence of characters; " +
    "only empty lists are forbidden (§2.12).",
  absent:
    "NOT makes it true of an object that lacks the property. §9.7: where the path leads to nothing, the comparison " +
    "is false; §9.6: NOT inverts the comparison of a value.",
  lists:
    "It does not follow `[*]` and `[n]` in lists of texts, `[*]` in values of a registry key, nor `[n]` of a list of " +
    "references. §9.7: `[n]` is the element at that place, `[*]` any element.",
  negatedLists:
    "NOT with `[*]` asks that the comparison hold of no element. §9.7: `[*]` is any element, and §9.6: NOT belongs to the " +
    "comparison, so one element of which it is denied is enough.",
  binary:
    "LIKE never holds of binary data, nor `=` with a text. §9.6.3: binary data and text are compared by the text's " +
    "code points.",
  hex:
    "It reads the hexadecimal text of a hash as bytes beside a literal `h'…'`. §9.6.3: binary data and text are equal when " +
    "the text's code points are the bytes.",
  characters: "In LIKE, `_` is one byte of UTF-8. §9.6.1: it is any single character.",
  types:
    "Inside one `[ ]` it looks at objects of the first comparison's type only. §9.5: the whole expression is asked of " +
    "one observation, which has objects of several types.",
  windows:
    "A START STOP inside another replaces it. §9.5.1: a qualified expression is an expression, so each qualifier asks its own " +
    "of what satisfies it.",
  repeats:
    "A REPEATS inside another qualifier, an AND or a FOLLOWEDBY counts once. §9.5.1: the expression before it is satisfied " +
    "so many times, each time by other observations.",
  objects:
    "Every object is an observation of its own, made once, at `first_observed`. §9.5: `[ ]` is asked of one observation; an " +
    "observed-data is one, with all its objects, seen `number_observed` times between `first_observed` and `last_observed` (§4.14).",
} as const;

type Reason = keyof typeof RSTIX_REASONS;

const ERRORS: readonly (readonly [RegExp, Reason])[] = [
  [/at path x-.*(list index requires|is incompatible|is not valid)/, "refusedCustom"],
  [/operator `(Gt|Gte|Lt|Lte)` is not valid/, "refusedOrder"],
  [/operator `\w+` is not valid/, "refusedOperator"],
  [/constant type .* is incompatible|list elements have incompatible types/, "refusedLiteral"],
  [/requires at least one of hashes or name|path must be non-empty/, "refusedEmpty"],
];

/** Names the reason why rstix may differ here; undefined where none of the known ones applies. */
export function rstixReasonFor(
  text: string,
  list: readonly Observation[],
  their: Verdict,
): Reason | undefined {
  if (typeof their === "string") {
    return ERRORS.find(([message]) => message.test(their))?.[1];
  }
  const { root } = parsePattern(text);
  const { find } = compilePattern({ text, root }, { mode: "spec", regex: re2 });
  const apart = list.flatMap(objectsApart);
  if ((find(apart) !== undefined) === their) {
    return "objects";
  }
  for (const comparison of walkComparisons(root)) {
    const reason = reasonForComparison(comparison, apart);
    if (reason !== undefined) {
      return reason;
    }
  }
  if (hasMixed(root, ["and", "or"])) {
    return "types";
  }
  return reasonForStructure(root);
}

/** Looks at what stands inside what; `around` is what the node stands in. */
function reasonForStructure(
  node: ObservationExpression,
  around: readonly string[] = [],
): Reason | undefined {
  switch (node.kind) {
    case "observation":
      return undefined;
    case "observation-or":
      return firstReason(node.operands, around);
    case "observation-and":
    case "followed-by":
      return firstReason(node.operands, [...around, node.kind]);
    case "qualified": {
      const { kind } = node.qualifier;
      if (kind === "repeats" && around.length > 0) return "repeats";
      if (kind === "start-stop" && around.includes("start-stop")) return "windows";
      return firstReason([node.expression], [...around, kind]);
    }
  }
}

/** The observations as rstix sees them: of each object's own type there is nothing else. */
function objectsApart({ objects, firstObserved }: Observation): readonly Observation[] {
  return Object.keys(objects).map((key) => ({
    objects: Object.fromEntries(
      Object.entries(objects).map(([other, object]) => [
        other,
        other === key ? object : { ...object, type: "x-referred" },
      ]),
    ),
    firstObserved,
    lastObserved: firstObserved,
    numberObserved: 1,
  }));
}

function firstReason(
  nodes: readonly ObservationExpression[],
  around: readonly string[],
): Reason | undefined {
  for (const node of nodes) {
    const reason = reasonForStructure(node, around);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonForComparison(
  comparison: Comparison,
  apart: readonly Observation[],
): Reason | undefined {
  const { path, operator, negated, literals } = comparison;
  const values = valuesOf(comparison, apart);
  if (values.length > 0 && !followsList(path.steps)) {
    return "lists";
  }
  const named = apart.filter(({ objects }) =>
    Object.values(objects).some(({ type }) => type === path.objectType),
  );
  if (negated && named.some((one) => valuesOf(comparison, [one]).length === 0)) {
    return "absent";
  }
  if (negated && values.length > 1 && path.steps.some((step) => step.kind === "index")) {
    return "negatedLists";
  }
  const last = path.steps.at(-1);
  if (last?.kind === "key" && last.name.endsWith("_bin") && values.length > 0) {
    return "binary";
  }
  if (literals.some(({ kind }) => kind === "hex") && values.length > 0) {
    return "hex";
  }
  const hasBlank = operator === "LIKE" && literals.some(({ value }) => String(value).includes("_"));
  return hasBlank && values.some((value) => /[\u0080-\uffff]/.test(String(value)))
    ? "characters"
    : undefined;
}

/** Whether rstix follows the lists in a path: `_refs[*]` and `values[n]`. */
function followsList(steps: Comparison["path"]["steps"]): boolean {
  return steps.every((step, i) => {
    if (step.kind !== "index") return true;
    const list = steps[i - 1];
    const name = list?.kind === "key" ? list.name : "";
    return step.index === "*" ? name.endsWith("_refs") : name === "values";
  });
}
