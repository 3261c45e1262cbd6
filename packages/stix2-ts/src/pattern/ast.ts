/** The tree of a STIX pattern (STIX 2.1 §9). Frozen data; `span` counts UTF-16 units of the source text. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

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

export type PathStep =
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "index"; readonly index: number | "*" };

export interface ObjectPath {
  readonly objectType: string;
  readonly steps: readonly PathStep[];
}

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

export type ComparisonExpression =
  | Comparison
  | {
      readonly kind: "and" | "or";
      readonly operands: readonly ComparisonExpression[];
      readonly span: Span;
    };

export type Qualifier =
  | { readonly kind: "within"; readonly seconds: number }
  | { readonly kind: "repeats"; readonly times: number }
  | { readonly kind: "start-stop"; readonly start: string; readonly stop: string };

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

export interface Pattern {
  readonly text: string;
  readonly root: ObservationExpression;
}
