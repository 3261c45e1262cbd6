import type { Issue } from "../check/issue.ts";
import { StixError } from "../errors.ts";

/** Says that an object which was to be made breaks the specification; `issues` say where. */
export class InvalidObjectError extends StixError {
  readonly issues: readonly Issue[];

  constructor(type: string, issues: readonly Issue[]) {
    const errors = issues.filter(({ severity }) => severity === "error");
    const first = errors.slice(0, 3).map(({ pointer, message }) => `${pointer}: ${message}`);
    super("stix/object-invalid", `The ${type} is not valid STIX 2.1. ${first.join(" ")}`);
    this.issues = issues;
  }
}
