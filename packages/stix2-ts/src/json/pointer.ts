/** Writes steps into a value as a JSON Pointer (RFC 6901 §3); no step is the whole value, written as "". */
export function jsonPointer(steps: readonly (string | number)[]): string {
  return steps
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
