import { hashName, type ObjectPath, type PathStep } from "stix2-ts";
import { observableByKey, observables, propertiesAt } from "./observables.ts";
import type { ObservableRule } from "./observable-rule.ts";
import { perPath } from "./per-path.ts";
import { sysmonFields } from "./sysmon-fields.ts";

const ids: readonly number[] = [...sysmonFields.keys()];

/** A property's path as steps: keys, and `[]` for a place in a list. */
const segments = new Map<string, readonly string[]>();
function segmentsOf(path: string): readonly string[] {
  let found = segments.get(path);
  if (found === undefined) {
    found = path.replaceAll("[]", ".[]").split(".");
    segments.set(path, found);
  }
  return found;
}

/** True where the steps name the property, or a dictionary or list that holds it; a list stands for its elements. */
function leadsTo(path: string, steps: readonly PathStep[]): boolean {
  const names = segmentsOf(path);
  let at = 0;
  for (const step of steps) {
    if (step.kind === "key" && names[at] === "[]") at++;
    const name = names[at];
    if (name === undefined) return false;
    const isNamed =
      step.kind === "index"
        ? name === "[]"
        : names[at - 1] === "hashes"
          ? hashName(step.name) === hashName(name)
          : step.name === name;
    if (!isNamed) return false;
    at++;
  }
  return true;
}

function isMetBy(rule: ObservableRule, eventId: number, steps: readonly PathStep[]): boolean {
  const properties = propertiesAt(rule, eventId);
  const [step, ...rest] = steps;
  if (properties.length === 0 || step === undefined) return false;
  if (step.kind === "key" && step.name === "type" && rest.length === 0) return true;
  if (properties.some(({ path }) => leadsTo(path, steps))) return true;
  const { refs = {} } = rule;
  const name = step.kind === "key" && Object.hasOwn(refs, step.name) ? step.name : undefined;
  if (name === undefined) return false;
  const isList = rest[0]?.kind === "index";
  const inner = isList ? rest.slice(1) : rest;
  return (refs[name] ?? []).some((key) => {
    const target = observableByKey.get(key);
    if (target === undefined || propertiesAt(target, eventId).length === 0) return false;
    return inner.length === 0 || isMetBy(target, eventId, inner);
  });
}

/**
 * Lists the event ids at which an object path can have a value, references followed, hash names in any spelling;
 * empty where no Sysmon event can meet it. Does not count what enrichment by ProcessGuid may add to an event.
 */
export const eventIdsFor = perPath((path: ObjectPath): ReadonlySet<number> => {
  const rules = observables.filter(({ type }) => type === path.objectType);
  return new Set(ids.filter((id) => rules.some((rule) => isMetBy(rule, id, path.steps))));
});
