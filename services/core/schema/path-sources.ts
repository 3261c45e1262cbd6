import { hashName, type ObjectPath } from "stix2-ts";
import { observables } from "./observables.ts";
import type { ObservableRule } from "./observable-rule.ts";
import type { Transform } from "./transforms.ts";

/** A canonical field and the conversion by which it gives a property: where a value of an object comes from. */
export type Source = `${string} ${Transform}`;

export function sourceOf(from: string, as: Transform): Source {
  return `${from} ${as}`;
}

const byKey: ReadonlyMap<string, ObservableRule> = new Map(observables.map((r) => [r.key, r]));
const known = new Map<string, ReadonlySet<Source>>();
const KNOWN_PATHS = 2000;

/**
 * Lists the sources from which a value at an object path can come, references followed. May list others, never fewer:
 * places in lists are not looked at.
 */
export function sourcesOf({ objectType, steps }: ObjectPath): ReadonlySet<Source> {
  const keys = steps.flatMap((step) => (step.kind === "key" ? [step.name] : []));
  const name = JSON.stringify([objectType, keys]);
  let found = known.get(name);
  if (found === undefined) {
    const all = new Set<Source>();
    for (const rule of observables) {
      if (rule.type === objectType) collect(rule, keys, all);
    }
    found = all;
    // Paths come from strangers: what most of them name is few.
    if (known.size >= KNOWN_PATHS) known.clear();
    known.set(name, found);
  }
  return found;
}

function collect(rule: ObservableRule, keys: readonly string[], found: Set<Source>): void {
  for (const { path, from, as } of rule.properties) {
    if (leadsTo(path, keys)) found.add(sourceOf(from, as));
  }
  const [first = "", ...rest] = keys;
  if (rest.length === 0 || !Object.hasOwn(rule.refs ?? {}, first)) return;
  for (const key of rule.refs?.[first] ?? []) {
    const target = byKey.get(key);
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
