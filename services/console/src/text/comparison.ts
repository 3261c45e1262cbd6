/** Reads a comparison of a pattern, so that it can be said in words and shown in the value that met it. */

export interface Comparison {
  readonly path: string;
  readonly operator: Operator;
  readonly negated: boolean;
  /** What the path is compared with, as the pattern writes it. */
  readonly constant: string;
}

export const OPERATORS = [
  "=", "!=", "<=", ">=", "<", ">", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET",
] as const; // prettier-ignore
export type Operator = (typeof OPERATORS)[number];

const SHAPE =
  /^(\S+)\s+(NOT\s+)?(=|!=|<>|<=|>=|<|>|IN|LIKE|MATCHES|ISSUBSET|ISSUPERSET)\s+(\S[^]*)$/;

/** Reads a comparison; undefined for one of another form, which is then shown as it is. */
export function readComparison(text: string): Comparison | undefined {
  const [, path, not, sign, constant] = SHAPE.exec(text) ?? [];
  const operator = OPERATORS.find((one) => one === (sign === "<>" ? "!=" : sign));
  return path === undefined || operator === undefined || constant === undefined
    ? undefined
    : { path, operator, negated: not !== undefined, constant };
}

/** An object path in the form in which words for it are listed: no quotes, no list steps. */
export function plainPath(path: string): string {
  return path.replaceAll("'", "").replaceAll(/\[[^\]]*\]/g, "");
}

export type Range = readonly [from: number, to: number];

/**
 * Where in a value its match is seen. Of LIKE the parts between wildcards, as far as they are found in order; of all
 * else, and where that is not certain, the whole value: a regex of strangers is not run in the analyst's browser.
 */
export function highlight(comparison: Comparison | undefined, value: string): readonly Range[] {
  const whole: readonly Range[] = [[0, value.length]];
  if (comparison?.operator !== "LIKE" || comparison.negated) {
    return whole;
  }
  const literal = unquoted(comparison.constant);
  if (literal === undefined) {
    return whole;
  }
  const ranges: Range[] = [];
  const [inValue, parts] = [value.toLowerCase(), literal.toLowerCase().split(/[%_]+/)];
  // Where lower case is longer or shorter, places in it are none in the value.
  if (inValue.length !== value.length) return whole;
  let from = 0;
  for (const part of parts.filter((one) => one !== "")) {
    const at = inValue.indexOf(part, from);
    if (at < 0) return whole;
    ranges.push([at, at + part.length]);
    from = at + part.length;
  }
  return ranges.length > 0 ? ranges : whole;
}

function unquoted(constant: string): string | undefined {
  const inner = /^'([^]*)'$/.exec(constant)?.[1];
  return inner?.replaceAll(/\\([\\'])/g, "$1");
}
