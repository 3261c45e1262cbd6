/** The tree of a STIX pattern (STIX 2.1 §9). Frozen data; `span` counts UTF-16 units of the source text. */

/** A part of the text of a pattern: from `start` on, before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A constant of a pattern (STIX 2.1 §9.2). */
export type Literal =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "integer"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** RFC 3339 text as written; `t'…'`. */
  | { readonly kind: "timestamp"; readonly value: string }
  /** Hexadecimal digits, lower case; `h'…'`. */
  | { readonly kind: "hex"; readonly value: string }
  /** Base64 text; `b'…'`. */
  | { readonly kind: "binary"; readonly value: string };

/** A step of an object path: a key of a dictionary or an object, or elements of a list. */
export type PathStep =
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "index"; readonly index: number | "*" };

/** Where a comparison looks: from the objects of one type, step by step (STIX 2.1 §9.7). */
export interface ObjectPath {
  readonly objectType: string;
  readonly steps: readonly PathStep[];
}

/** What a comparison asks; `==` and `<>` are read as `=` and `!=`. */
export type ComparisonOperator =
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "IN"
  | "LIKE"
  | "MATCHES"
  | "ISSUBSET"
  | "ISSUPERSET"
  | "EXISTS";

/** One test of one path. `literals` has one entry, for IN any number, for EXISTS none. */
export interface Comparison {
  readonly kind: "comparison";
  readonly path: ObjectPath;
  readonly operator: ComparisonOperator;
  readonly negated: boolean;
  readonly literals: readonly Literal[];
  readonly span: Span;
}

/** What stands inside `[ ]`: comparisons joined by AND and OR (STIX 2.1 §9.6). */
export type ComparisonExpression =
  | Comparison
  | {
      readonly kind: "and" | "or";
      readonly operands: readonly ComparisonExpression[];
      readonly span: Span;
    };

/** What bounds an observation expression in time or number (STIX 2.1 §9.5.1). */
export type Qualifier =
  | { readonly kind: "within"; readonly seconds: number }
  | { readonly kind: "repeats"; readonly times: number }
  | { readonly kind: "start-stop"; readonly start: string; readonly stop: string };

/** `[ ]`s, joined and qualified (STIX 2.1 §9.5). */
export type ObservationExpression =
  /** `[ … ]`: satisfied by one observation. */
  | {
      readonly kind: "observation";
      readonly expression: ComparisonExpression;
      readonly span: Span;
    }
  | {
      readonly kind: "observation-and" | "observation-or" | "followed-by";
      readonly operands: readonly ObservationExpression[];
      readonly span: Span;
    }
  | {
      readonly kind: "qualified";
      readonly expression: ObservationExpression;
      readonly qualifier: Qualifier;
      readonly span: Span;
    };

/** A pattern: its text, and the tree that was read from it. */
export interface Pattern {
  readonly text: string;
  readonly root: ObservationExpression;
}
