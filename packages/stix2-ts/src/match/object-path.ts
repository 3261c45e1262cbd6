import type { PathStep } from "../pattern/ast.ts";
import type { CyberObservable, MatchMode, Observation } from "./observation.ts";
import { takeStep, type Steps } from "./steps.ts";

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

/** What one walk carries along. */
interface Walk {
  readonly observation: Observation;
  readonly passes: Passes;
  readonly trail: Trail | undefined;
  readonly steps: Steps | undefined;
  /**
   * Objects that references in lists have led to, with the step at which they did: the same steps lead from there to
   * the same values, so they are gone once. Else references in a circle would cost walks exponential in the path.
   */
  visited: Set<string> | undefined;
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
  readonly #lastFollow: number;

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
    this.#lastFollow = this.#follows.lastIndexOf(true);
  }

  /** Tells whether a value that the path leads to from this object passes; `steps` bounds what it may cost. */
  some(observation: Observation, object: CyberObservable, passes: Passes, steps?: Steps): boolean {
    return this.#walk(
      { observation, passes, trail: undefined, steps, visited: undefined },
      object,
      0,
    );
  }

  /** Gives the first value that passes, with its place. */
  first(
    observation: Observation,
    object: string,
    passes: Passes,
    steps?: Steps,
  ): PathValue | undefined {
    const trail: Trail = { object, steps: [] };
    let found: unknown;
    const keep = (value: unknown): boolean => {
      found = value;
      return passes(value);
    };
    const walk = { observation, passes: keep, trail, steps, visited: undefined };
    return this.#walk(walk, objectOf(observation, object), 0)
      ? { ...trail, value: found }
      : undefined;
  }

  /** Gives every value, with its place; one that several references lead to stands there once. */
  all(observation: Observation, object: string): readonly PathValue[] {
    const trail: Trail = { object, steps: [] };
    const found: PathValue[] = [];
    const keep = (value: unknown): boolean => {
      found.push({ object: trail.object, steps: [...trail.steps], value });
      return false;
    };
    const walk = { observation, passes: keep, trail, steps: undefined, visited: undefined };
    this.#walk(walk, objectOf(observation, object), 0);
    return found;
  }

  #walk(walk: Walk, start: unknown, from: number): boolean {
    const { observation, trail } = walk;
    let value = start;
    for (let at = from; at < this.#steps.length; at++) {
      if (typeof value === "string" && this.#follows[at] === true) {
        if (walk.visited !== undefined && !isNew(walk.visited, `${at} ${value}`)) return false;
        if (trail !== undefined) [trail.object, trail.steps] = [value, []];
        value = objectOf(observation, value);
      }
      if (typeof value !== "object" || value === null) return false;
      if (Array.isArray(value)) {
        return this.#walkList(walk, value, at);
      }
      const step = this.#steps[at] as PathStep;
      const name = step.kind === "key" ? this.#nameIn(value, step.name, at) : undefined;
      if (name === undefined) return false;
      trail?.steps.push(name);
      value = (value as Readonly<Record<string, unknown>>)[name];
    }
    if (value === undefined || value === null) return false;
    return this.#isObservable && Array.isArray(value)
      ? this.#walkList(walk, value, this.#steps.length)
      : walk.passes(value);
  }

  /** Goes on with the elements that the step at hand names; in observable mode without one, with all. */
  #walkList(walk: Walk, list: readonly unknown[], at: number): boolean {
    const step = this.#steps[at];
    const isIndex = step?.kind === "index";
    if (!isIndex && !this.#isObservable) return false;
    if (at <= this.#lastFollow) walk.visited ??= new Set();
    const { trail } = walk;
    const [object, steps] = [trail?.object ?? "", trail?.steps ?? []];
    for (const [i, element] of list.entries()) {
      if (!isIndex || step.index === "*" || step.index === i) {
        if (walk.steps !== undefined) takeStep(walk.steps);
        if (trail !== undefined) [trail.object, trail.steps] = [object, [...steps, i]];
        if (this.#walk(walk, element, isIndex ? at + 1 : at)) return true;
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

/** Puts a text into a set; false where it was there. */
function isNew(set: Set<string>, text: string): boolean {
  const before = set.size;
  return set.add(text).size > before;
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
  } else if (typeof value === "bigint") {
    visit(Number(value)); // as literals are looked up: coarse, and never too narrow
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
