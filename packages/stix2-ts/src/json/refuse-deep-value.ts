import { StixError } from "../errors.ts";

const MAX_VALUES = 100_000_000;

/** Throws StixError `stix/too-deep` for a value that is nested too deeply or contains itself; walks without recursion. */
export function refuseDeepValue(value: unknown, maxDepth: number): void {
  let values = 0;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== "object" || one === null) continue;
      if (depth >= maxDepth) {
        throw new StixError("stix/too-deep", `The value is nested deeper than ${maxDepth} levels.`);
      }
      for (const entry of Object.values(one)) {
        if (typeof entry === "object" && entry !== null) next.push(entry);
      }
    }
    values += next.length;
    if (values > MAX_VALUES) {
      throw new StixError("stix/too-large", `The value has more than ${MAX_VALUES} parts.`);
    }
    level = next;
  }
}
