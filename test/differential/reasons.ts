/** Where the reference matcher (stix2-matcher 3.0.0) leaves the specification, and the sentence that decides. */
import { parsePattern, walkComparisons, type Comparison, type Observation } from "stix2-ts";
import { hasMixed, timeRules, valuesOf } from "./causes.ts";

export const REASONS = {
  address:
    "It gives up on a value that is no IPv4 address, and on a prefix of 0. STIX 2.1 §9.6.1, ISSUBSET and ISSUPERSET: " +
    "they hold for a text that is an address or a CIDR block; of any other the comparison is false.",
  set:
    "It gives up on IN with literals of several types. §9.6.1, IN: the comparison is true if the path equals one of " +
    "the values, so each is compared by its own type.",
  negatedOrder:
    "NOT before an order comparison of incompatible types stays false. §9.6.1: types that can't be compared make the " +
    "comparison false; §9.6: NOT inverts the result of the comparison.",
  boolean:
    "In IN, true equals 1 and false equals 0, as in Python. §9.6.1: a boolean equals a boolean only, an integer an " +
    "integer or float.",
  newline:
    "LIKE and MATCHES stop at a line end, and their end of text is also before a last line end. §9.6.1: % is any text " +
    "and _ any character; for MATCHES the expression is compiled so that a dot meets line ends (DOTALL).",
  bytes:
    "In IN, binary data never equals a text. §9.6.3: binary data and text are equal when the text's code points are " +
    "the bytes, as it does for =.",
  types:
    "Inside one [ ], AND of two object types is never true: it intersects the objects of both. §9.5: both must be true " +
    "of the same observation; the same object is asked of comparisons that name the same type.",
  instants:
    "Each condition of time may pick other instants of an interval. §9.5.1 and §9.5.2 speak of the observations that " +
    "satisfy the expression: one choice of instants must satisfy all conditions.",
} as const;

type Reason = keyof typeof REASONS;

const ERRORS: readonly (readonly [RegExp, Reason])[] = [
  [/Invalid CIDR subnet|Invalid IPv4 address/, "address"],
  [/Nonhomogenous set/, "set"],
];

/** Names the reason why the two may differ here; undefined where none of the known ones applies. */
export function reasonFor(
  text: string,
  list: readonly Observation[],
  their: boolean | string,
): Reason | undefined {
  if (typeof their === "string") {
    return ERRORS.find(([message]) => message.test(their))?.[1];
  }
  const { root } = parsePattern(text);
  for (const comparison of walkComparisons(root)) {
    const reason = valuesOf(comparison, list)
      .map((value) => reasonForValue(comparison, value))
      .find((found) => found !== undefined);
    if (reason !== undefined) {
      return reason;
    }
  }
  if (hasMixed(root, ["and"])) {
    return "types";
  }
  const isStretched = list.some((one) => one.firstObserved !== one.lastObserved);
  return isStretched && timeRules(root) > 1 ? "instants" : undefined;
}

function reasonForValue(
  { operator, negated, literals, path }: Comparison,
  value: unknown,
): Reason | undefined {
  const kinds = literals.map(({ kind }) => kind);
  const isNumeric = kinds.some((kind) => kind === "integer" || kind === "float");
  if (negated && /[<>]/.test(operator) && (typeof value === "number") !== isNumeric) {
    return "negatedOrder";
  }
  if (negated && /[<>]/.test(operator) && typeof value === "boolean") {
    return "negatedOrder";
  }
  if (operator === "IN") {
    const isMixed =
      (typeof value === "boolean" && isNumeric) ||
      (typeof value === "number" && kinds.includes("boolean"));
    if (isMixed) return "boolean";
    const last = path.steps.at(-1);
    if (last?.kind === "key" && last.name.endsWith("_bin")) return "bytes";
  }
  const isText = operator === "LIKE" || operator === "MATCHES";
  return isText && typeof value === "string" && value.includes("\n") ? "newline" : undefined;
}
