import { hashName, type ObjectPath } from "stix2-ts";
import { observableByKey, observables } from "./observables.ts";
import type { ObservableRule } from "./observable-rule.ts";
import { perPath } from "./per-path.ts";
import type { Transform } from "./transforms.ts";

/** A canonical field and the conversion by which it gives a property: where a value of an object comes from. */
export type Source = `${string} ${Transform}`;

export function sourceOf(from: string, as: Transform): Source {
  return `${from} ${as}`;
}

/**
 * Lists the sources from which a value at an object path can come, references followed. May list others, never fewer:
 * places in lists are not looked at.
 */
export const sourcesOf = perPath(({ objectType, steps }: ObjectPath): ReadonlySet<Source> => {
  const keys = steps.flatMap((step) => (step.kind === "key" ? [step.name] : []));
  const found = new Set<Source>();
  for (const rule of observables) {
    if (rule.type === objectType) collect(rule, keys, found);
  }
  return found;
});

function collect(rule: ObservableRule, keys: readonly string[], found: Set<Source>): void {
  for (const { path, from, as } of rule.properties) {
    if (leadsTo(path, keys)) found.add(sourceOf(from, as));
  }
  const [first = "", ...rest] = keys;
  if (rest.length === 0 || !Object.hasOwn(rule.refs ?? {}, first)) return;
  for (const key of rule.refs?.[first] ?? []) {
    const target = observableByKey.get(key);
    if (target !== undefined) collect(target, rest, found);
  }
}

/** Whether the keys name the property, or a dictionary or list that holds it. */
function leadsTo(path: string, keys: readonly string[]): boolean {
  const names = path.replaceAll("[]", "").split(".");
  return keys.every((key, i) =>
    names[i - 1] === "hashes" ? hashName(key) === hashName(names[i] ?? "") : key === names[i],
  );
}
