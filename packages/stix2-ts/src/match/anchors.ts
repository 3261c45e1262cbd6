import type { Comparison, ComparisonExpression, ObjectPath } from "../pattern/ast.ts";
import { parseAddress, withoutZone, type AddressRange } from "../value/address.ts";
import { indexKey, lowerText, plainDots } from "../value/fold.ts";
import { textKindOf } from "../value/spellings.ts";
import { likeLiteral } from "./like.ts";
import { regexLiterals } from "./regex-literals.ts";
import type { MatchOptions } from "./observation.ts";
import { decoderOf, foldLike, foldsCase, meansSubdomains, rangeOf } from "./value-test.ts";

/**
 * A condition that can be looked up. A pattern with anchors is true only of an observation that has at
 * least one of them: so an index finds every candidate, and perhaps others.
 */
export type Anchor =
  /** A value whose `indexKey` is `key`. */
  (
    | { readonly kind: "equals"; readonly key: string }
    /** An address or range that lies in this range. */
    | { readonly kind: "address-range"; readonly range: AddressRange }
    /** A domain whose `indexKey` is `key` or ends with it after a dot. */
    | { readonly kind: "domain-suffix"; readonly key: string }
    /** A value one of whose `searchTexts` holds `text`. */
    | { readonly kind: "literal"; readonly text: string }
  ) & {
    /** Where the value stands. */
    readonly path?: ObjectPath;
  };

/** An anchor with its path. */
export type PlacedAnchor = Anchor & { readonly path: ObjectPath };

/** A literal shorter than this is in too many values to be looked up. */
export const MIN_LITERAL = 4;

/**
 * Finds anchors of an expression; undefined when it has none and must be tried on every observation. Where an AND
 * offers several, those of the least cost are taken.
 */
export function anchorsOf(
  expression: ComparisonExpression,
  options: MatchOptions,
  costOf: (anchor: Anchor) => number = anchorCost,
): readonly PlacedAnchor[] | undefined {
  if (expression.kind === "comparison") {
    const anchors = expression.negated ? undefined : anchorsOfComparison(expression, options);
    return anchors?.map((anchor) => ({ ...anchor, path: expression.path }));
  }
  const all = expression.operands.map((operand) => anchorsOf(operand, options, costOf));
  if (expression.kind === "or") {
    return all.every((anchors) => anchors !== undefined) ? all.flat() : undefined;
  }
  const [first, ...others] = all.filter((anchors) => anchors !== undefined);
  if (first === undefined || others.length === 0) {
    return first;
  }
  const cost = (anchors: readonly PlacedAnchor[]): number =>
    anchors.reduce((sum, anchor) => sum + costOf(anchor), 0);
  let best = { anchors: first, cost: cost(first) };
  for (const anchors of others) {
    const its = cost(anchors);
    if (its < best.cost) best = { anchors, cost: its };
  }
  return best.anchors;
}

/** Guesses how often events have an anchor; exact texts are rare, numbers and addresses are not. */
export function anchorCost(anchor: Anchor): number {
  switch (anchor.kind) {
    case "equals":
      return anchor.key.startsWith("#") ? 1000 : 10_000 / (100 + anchor.key.length ** 2);
    case "domain-suffix":
      return 20;
    case "literal":
      return 5000 / (100 + anchor.text.length ** 2);
    case "address-range":
      return 100;
  }
}

function anchorsOfComparison(
  comparison: Comparison,
  options: MatchOptions,
): readonly Anchor[] | undefined {
  const [literal] = comparison.literals;
  if (decoderOf(comparison) !== undefined) {
    return undefined; // what is indexed is the encoded text
  }
  const last = comparison.path.steps.findLast((step) => step.kind === "key")?.name ?? "";
  if (last === "type" || /_refs?$/.test(last)) {
    return undefined; // what an observation is made of: a store keeps neither types nor references
  }
  switch (comparison.operator) {
    case "=":
    case "IN": {
      const all = comparison.literals.map((one) => equalAnchor(comparison, one, options));
      return all.every((anchor) => anchor !== undefined) ? all : undefined;
    }
    case "LIKE": {
      if (literal?.kind !== "string") {
        return undefined;
      }
      const folded = foldsCase(comparison, options)
        ? foldLike(literal.value, textKindOf(comparison.path))
        : lowerText(literal.value);
      return literalAnchors([likeLiteral(folded)]);
    }
    case "MATCHES":
      return literal?.kind === "string"
        ? literalAnchors(regexLiterals(literal.value.normalize("NFC")))
        : undefined;
    case "ISSUBSET": {
      const range =
        literal?.kind === "string"
          ? parseAddress(withoutZone(plainDots(literal.value)))
          : undefined;
      return range === undefined ? undefined : [{ kind: "address-range", range }];
    }
    default:
      return undefined;
  }
}

function literalAnchors(texts: readonly string[] | undefined): readonly Anchor[] | undefined {
  return texts?.every((text) => text.length >= MIN_LITERAL) === true
    ? texts.map((text) => ({ kind: "literal", text }))
    : undefined;
}

function equalAnchor(
  comparison: Comparison,
  literal: Comparison["literals"][number],
  options: MatchOptions,
): Anchor | undefined {
  if (literal.kind === "integer" || literal.kind === "float") {
    return { kind: "equals", key: indexKey(Number(literal.value)) };
  }
  if (literal.kind !== "string") {
    return undefined;
  }
  const folds = foldsCase(comparison, options);
  const range = folds ? rangeOf(literal.value) : undefined;
  if (range !== undefined) {
    return { kind: "address-range", range };
  }
  const key = indexKey(literal.value);
  return folds && meansSubdomains(comparison, options)
    ? { kind: "domain-suffix", key }
    : { kind: "equals", key };
}
