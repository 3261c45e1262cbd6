/**
 * What is wrong with an object. An error breaks a MUST of the specification, a warning a SHOULD, or uses what is deprecated
 * or custom.
 */
export interface Issue {
  readonly severity: "error" | "warning";
  /** Stable, for instance `stix/property-missing`; listed in the project's page of error codes. */
  readonly code: string;
  /** Where, as a JSON Pointer (RFC 6901) into what was given; "" is the whole. */
  readonly pointer: string;
  /** The section that is broken, for instance `2.1 §4.7`. */
  readonly section: string;
  /** For people; may change. */
  readonly message: string;
}
