import type { PathStep } from "../pattern/ast.ts";
import type { CyberObservable, MatchMode, Observation } from "./observation.ts";

/** A value that an object path leads to, and where it stands. */
export interface PathValue {
  readonly object: string;
  readonly steps: readonly (string | number)[];
  readonly value: unknown;
}

/** Where a walk stands, kept only for those who ask for reasons. */
interface Trail {
  object: string;
  steps: (string | number)[];
}

type Passes = (value: unknown) => boolean;

/** Accepts any value: a path that leads to one exists. */
export const anyValue: Passes = () => true;

/**
 * An object path made ready to be followed (STIX 2.1 §9.7): lists by `[n]` and `[*]`, dictionaries, references.
 * In observable mode a list without index stands for its elements, and hash names have any usual spelling.
 */
export class PathWalk {
  readonly #steps: readonly PathStep[];
  readonly #isObservable: boolean;
  /** Whether a text met before the n-th step names an object to go on from. */
  readonly #follows: readonly boolean[];

  constructor(path: readonly PathStep[], mode: MatchMode) {
    this.#steps = path.map((step) =>
      step.kind === "key" ? { kind: "key", name: interned(step.name) } : step,
    );
    this.#isObservable = mode === "observable";
    let isReference = false;
    this.#follows = path.map((step) => {
      const follows = isReference && step.kind === "key";
      if (step.kind === "key") isReference = /_refs?$/.test(step.name);
      return follows;
    });
  }

  /** Tells whether a value that the path leads to from this object passes. */
  some(observation: Observation, object: CyberObservable, passes: Passes): boolean {
    return this.#walk(observation, object, 0, passes, undefined);
  }

  /** Gives the first value that passes, with its place. */
  first(observation: Observation, object: string, passes: Passes): PathValue | undefined {
    const trail: Trail = { object, steps: [] };
    let found: unknown;
    const keep = (value: unknown): boolean => {
      found = value;
      return passes(value);
    };
    return this.#walk(observation, objectOf(observation, object), 0, keep, trail)
      ? { ...trail, value: found }
      : undefined;
  }

  /** Gives every value, with its place. */
  all(observation: Observation, object: string): readonly PathValue[] {
    const trail: Trail = { object, steps: [] };
    const found: PathValue[] = [];
    const keep = (value: unknown): boolean => {
      found.push({ object: trail.object, steps: [...trail.steps], value });
      return false;
    };
    this.#walk(observation, objectOf(observation, object), 0, keep, trail);
    return found;
  }

  #walk(
    observation: Observation,
    start: unknown,
    from: number,
    passes: Passes,
    trail: Trail | undefined,
  ): boolean {
    let value = start;
    for (let at = from; at < this.#steps.length; at++) {
      if (typeof value === "string" && this.#follows[at] === true) {
        if (trail !== undefined) [trail.object, trail.steps] = [value, []];
        value = objectOf(observation, value);
      }
      if (typeof value !== "object" || value === null) return false;
      if (Array.isArray(value)) {
        return this.#walkList(observation, value, at, passes, trail);
      }
      const step = this.#steps[at] as PathStep;
      const name = step.kind === "key" ? this.#nameIn(value, step.name, at) : undefined;
      if (name === undefined) return false;
      trail?.steps.push(name);
      value = (value as Readonly<Record<string, unknown>>)[name];
    }
    if (value === undefined || value === null) return false;
    return this.#isObservable && Array.isArray(value)
      ? this.#walkList(observation, value, this.#steps.length, passes, trail)
      : passes(value);
  }

  /** Goes on with the elements that the step at hand names; in observable mode without one, with all. */
  #walkList(
    observation: Observation,
    list: readonly unknown[],
    at: number,
    passes: Passes,
    trail: Trail | undefined,
  ): boolean {
    const step = this.#steps[at];
    const isIndex = step?.kind === "index";
    if (!isIndex && !this.#isObservable) return false;
    const [object, steps] = [trail?.object ?? "", trail?.steps ?? []];
    for (const [i, element] of list.entries()) {
      if (!isIndex || step.index === "*" || step.index === i) {
        if (trail !== undefined) [trail.object, trail.steps] = [object, [...steps, i]];
        if (this.#walk(observation, element, isIndex ? at + 1 : at, passes, trail)) return true;
      }
    }
    return false;
  }

  /** The own property that a step names; never one of the prototype. */
  #nameIn(value: object, name: string, at: number): string | undefined {
    if (Object.hasOwn(value, name)) return name;
    const before = this.#steps[at - 1];
    if (!this.#isObservable || before?.kind !== "key" || before.name !== "hashes") return undefined;
    const wanted = hashName(name);
    return Object.keys(value).find((key) => hashName(key) === wanted);
  }
}

function objectOf({ objects }: Observation, key: string): CyberObservable | undefined {
  return Object.hasOwn(objects, key) ? objects[key] : undefined;
}

/** The same text in the form that engines keep property names in: looked up and compared at once. */
export function interned(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}

/** Follows an object path from one object and gives every value it leads to. */
export function pathValues(
  observation: Observation,
  object: string,
  path: readonly PathStep[],
  mode: MatchMode,
): readonly PathValue[] {
  return new PathWalk(path, mode).all(observation, object);
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
