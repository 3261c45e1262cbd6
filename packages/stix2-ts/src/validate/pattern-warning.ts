import type { Span } from "../pattern/ast.ts";

/** What is odd about a pattern that is in the grammar: it may be meant, and more often is a mistake. */
export interface PatternWarning {
  /** Stable; the list stands in the README. */
  readonly code:
    | "stix/pattern-unknown-type"
    | "stix/pattern-unknown-property"
    | "stix/pattern-impossible-path"
    | "stix/pattern-impossible-value"
    | "stix/pattern-impossible-time";
  readonly message: string;
  /** The comparison, or the part of the pattern that a qualifier or FOLLOWEDBY stands over. */
  readonly span: Span;
  /** Where the specification decides. */
  readonly section: string;
}
