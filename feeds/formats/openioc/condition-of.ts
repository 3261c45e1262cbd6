import type { Condition } from "../terms/condition.ts";
import type { IocItem } from "./ioc-document.ts";

const VERBS: ReadonlySet<string> = new Set<Condition["verb"]>([
  "is",
  "contains",
  "starts-with",
  "ends-with",
  "matches",
  "greater-than",
  "less-than",
]);

/** Reads an item's condition; `isnot` with `negate` is `is` again. Gives undefined for a condition OpenIOC does not know. */
export function conditionOf(item: IocItem): Condition | undefined {
  const not = item.condition === "isnot" || item.condition === "containsnot";
  const verb = not ? item.condition.slice(0, -3) : item.condition;
  if (!isVerb(verb)) return undefined;
  return {
    verb,
    negated: not !== item.negate,
    caseSensitive: item.preserveCase,
    value: item.value,
  };
}

function isVerb(verb: string): verb is Condition["verb"] {
  return VERBS.has(verb);
}
