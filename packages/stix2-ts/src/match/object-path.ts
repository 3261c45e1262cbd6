import type { PathStep } from "../pattern/ast.ts";
import type { CyberObservable, MatchMode, Observation } from "./observation.ts";

/** A value that an object path leads to, and where it stands. */
export interface PathValue {
  readonly object: string;
  readonly steps: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * Follows an object path from one object (STIX 2.1 §9.7): lists by `[n]` and `[*]`, dictionaries, references.
 * In observable mode a list without index stands for its elements, and hash names have any usual spelling.
 */
export function pathValues(
  observation: Observation,
  object: string,
  path: readonly PathStep[],
  mode: MatchMode,
): readonly PathValue[] {
  const root = observation.objects[object];
  if (root === undefined) {
    return [];
  }
  const found: PathValue[] = [];
  const walk = (key: string, steps: readonly (string | number)[], value: unknown, at: number) => {
    const step = path[at];
    if (step === undefined) {
      if (Array.isArray(value) && mode === "observable") {
        for (const [i, element] of value.entries()) {
          walk(key, [...steps, i], element, at);
        }
      } else if (value !== undefined && value !== null) {
        found.push({ object: key, steps, value });
      }
      return;
    }
    if (Array.isArray(value)) {
      walkList(key, steps, value, at, step);
      return;
    }
    if (step.kind === "key" && typeof value === "object" && value !== null) {
      const name = propertyName(value, step.name, steps, mode);
      if (name !== undefined) {
        follow(key, [...steps, name], (value as Record<string, unknown>)[name], at + 1);
      }
    }
  };
  const walkList = (
    key: string,
    steps: readonly (string | number)[],
    list: readonly unknown[],
    at: number,
    step: PathStep,
  ) => {
    const isIndex = step.kind === "index";
    if (!isIndex && mode !== "observable") {
      return;
    }
    const next = isIndex ? at + 1 : at;
    for (const [i, element] of list.entries()) {
      if (!isIndex || step.index === "*" || step.index === i) {
        follow(key, [...steps, i], element, next);
      }
    }
  };
  /** A reference with more path behind it leads to the object that it names. */
  const follow = (key: string, steps: readonly (string | number)[], value: unknown, at: number) => {
    const property = steps.findLast((step) => typeof step === "string");
    const isReference =
      at < path.length &&
      path[at]?.kind === "key" &&
      typeof value === "string" &&
      typeof property === "string" &&
      /_refs?$/.test(property);
    if (isReference) {
      walk(value, [], observation.objects[value], at);
    } else {
      walk(key, steps, value, at);
    }
  };
  walk(object, [], root, 0);
  return found;
}

/** The own property that a step names; never one of the prototype. */
function propertyName(
  value: object,
  name: string,
  steps: readonly (string | number)[],
  mode: MatchMode,
): string | undefined {
  if (Object.hasOwn(value, name)) {
    return name;
  }
  if (mode !== "observable" || steps.at(-1) !== "hashes") {
    return undefined;
  }
  const wanted = hashName(name);
  return Object.keys(value).find((key) => hashName(key) === wanted);
}

/** A hash algorithm's name in the one spelling that all its usual ones share: `SHA-256`, `sha256`. */
export function hashName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Visits every string and number in an observation's objects; all objects are roots, so references need no following. */
export function visitLeaves(
  observation: Observation,
  visit: (leaf: string | number) => void,
): void {
  for (const key in observation.objects) {
    visitValue(observation.objects[key], visit);
  }
}

function visitValue(value: unknown, visit: (leaf: string | number) => void): void {
  if (typeof value === "string" || typeof value === "number") {
    visit(value);
  } else if (Array.isArray(value)) {
    for (const element of value) {
      visitValue(element, visit);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const key in value) {
      visitValue((value as CyberObservable)[key], visit);
    }
  }
}
