/** A test of one value, as STIX can say it. */
export interface Test {
  readonly path: string;
  readonly operator: "=" | "<" | "<=" | ">" | ">=" | "LIKE" | "MATCHES" | "ISSUBSET";
  readonly literal: string;
  readonly negated: boolean;
}

/** How an item compares, free of the way a term spells it. */
export interface Condition {
  readonly verb:
    "is" | "contains" | "starts-with" | "ends-with" | "matches" | "greater-than" | "less-than";
  readonly negated: boolean;
  readonly caseSensitive: boolean;
  readonly value: string;
}

/** Writes a STIX string literal (STIX 2.1 §9.6): only the quote and the backslash are escaped. */
export function quote(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

export function escapeRegex(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Prints a test in pattern text. */
export function printTest({ path, operator, literal, negated }: Test): string {
  if (!negated) return `${path} ${operator} ${literal}`;
  return operator === "=" ? `${path} != ${literal}` : `${path} NOT ${operator} ${literal}`;
}

/**
 * Tests text. `before` is plain text that stands somewhere before the value (a key above it, a dot). LIKE can't escape its `%`
 * and `_`, so text that holds one becomes MATCHES. OpenIOC ignores case unless `preserve-case` says otherwise: `=` and LIKE
 * leave that to the matcher's mode; what must keep case becomes MATCHES, which always does; other MATCHES carry `(?i)`.
 */
export function textTest(path: string, condition: Condition, before = ""): Test | undefined {
  const { verb, negated, caseSensitive, value } = condition;
  if (verb === "greater-than" || verb === "less-than") return undefined;
  const flag = caseSensitive ? "" : "(?i)";
  if (verb === "matches")
    return { path, operator: "MATCHES", literal: quote(flag + value), negated };
  const openLeft = verb === "contains" || verb === "ends-with";
  const openRight = verb === "contains" || verb === "starts-with";
  if (!caseSensitive && !openLeft && !openRight && before === "") {
    return { path, operator: "=", literal: quote(value), negated };
  }
  const startsAnywhere = openLeft || before !== "";
  const gap = before !== "" && openLeft;
  if (caseSensitive || /[%_]/.test(before + value)) {
    const text = escapeRegex(before) + (gap ? ".*" : "") + escapeRegex(value);
    const regex = `${flag}${startsAnywhere ? "" : "^"}${text}${openRight ? "" : "$"}`;
    return { path, operator: "MATCHES", literal: quote(regex), negated };
  }
  const like = `${startsAnywhere ? "%" : ""}${before}${gap ? "%" : ""}${value}${openRight ? "%" : ""}`;
  return { path, operator: "LIKE", literal: quote(like), negated };
}

/** Tests a hash: `contains` with a whole hash is `is`. */
export function hashTest(path: string, condition: Condition, digits: number): Test | undefined {
  const value = condition.value.toLowerCase();
  const whole = new RegExp(`^[0-9a-f]{${digits}}$`).test(value);
  const verb = whole && condition.verb === "contains" ? "is" : condition.verb;
  return textTest(path, {
    ...condition,
    value: verb === "matches" ? condition.value : value,
    verb,
    caseSensitive: false,
  });
}

/** Tests a whole number; `contains` can only mean `is`. */
export function integerTests(path: string, condition: Condition): readonly Test[] | undefined {
  const { verb, negated } = condition;
  const range = /^\[?\s*(\d+)\s+TO\s+(\d+)\s*\]?$/i.exec(condition.value);
  if (range !== null && verb === "is" && !negated) {
    const [, low = "", high = ""] = range;
    return [
      { path, operator: ">=", literal: String(Number(low)), negated: false },
      { path, operator: "<=", literal: String(Number(high)), negated: false },
    ];
  }
  if (!/^\d{1,15}$/.test(condition.value)) return undefined;
  const literal = String(Number(condition.value));
  if (verb === "is" || verb === "contains") return [{ path, operator: "=", literal, negated }];
  if (verb === "greater-than") return [{ path, operator: ">", literal, negated }];
  if (verb === "less-than") return [{ path, operator: "<", literal, negated }];
  return undefined;
}

const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^(?=.*:.*:)[0-9a-f:.]+$/i;

/** Tests an address: a CIDR becomes ISSUBSET, `contains` with a whole IPv4 address is `is`, a part of one stays text. */
export function addressTest(path: string, condition: Condition): Test | undefined {
  const { verb, negated, value } = condition;
  const [address = "", bits] = value.split("/");
  if (bits !== undefined && /^\d{1,3}$/.test(bits) && (IPV4.test(address) || IPV6.test(address))) {
    if (verb !== "is" && verb !== "contains") return undefined;
    return { path, operator: "ISSUBSET", literal: quote(value), negated };
  }
  if (/[-/]|\bTO\b/i.test(value) && verb !== "matches") return undefined; // a range, which a pattern can't say of text
  const whole = IPV4.test(value) && verb === "contains";
  return textTest(path, { ...condition, caseSensitive: false, ...(whole ? { verb: "is" } : {}) });
}
