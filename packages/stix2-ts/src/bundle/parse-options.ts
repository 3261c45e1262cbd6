/** How parsing is bounded, and what costs an object its place. Each has a default that fits feeds. */
export interface ParseOptions {
  /** Deepest nesting of lists and objects: 200. Beyond it, parsing throws `stix/too-deep`. */
  readonly maxDepth?: number;
  /** Most objects in a bundle: 10,000,000. Beyond it, parsing throws `stix/too-large`. */
  readonly maxObjects?: number;
  /** Most issues that are kept of one object: 1,000. The rest is counted in one issue more, `stix/more-issues`. */
  readonly maxIssues?: number;
  /**
   * Codes of errors that are reported but do not reject an object: by default `HARMLESS_ERRORS`, which leave every property
   * readable. Give `[]` to reject whatever breaks a MUST.
   */
  readonly tolerate?: readonly string[];
  /** Whether objects of STIX 2.0 are lifted to 2.1: true, so that all that is returned has the types of 2.1. */
  readonly lift?: boolean;
}

/** Errors after which an object can be read as if nothing were wrong. */
export const HARMLESS_ERRORS: readonly string[] = [
  "stix/uuid-version",
  "stix/timestamp-precision",
  "stix/external-id",
];

/** The options with their defaults. */
export interface ParseSettings {
  readonly maxDepth: number;
  readonly maxObjects: number;
  readonly maxIssues: number;
  readonly tolerated: ReadonlySet<string>;
  readonly lift: boolean;
}

export function parseSettings(options: ParseOptions): ParseSettings {
  return {
    maxDepth: options.maxDepth ?? 200,
    maxObjects: options.maxObjects ?? 10_000_000,
    maxIssues: options.maxIssues ?? 1000,
    tolerated: new Set(options.tolerate ?? HARMLESS_ERRORS),
    lift: options.lift ?? true,
  };
}
