import type { Term } from "../terms/term.ts";
import type { XmlElement } from "../xml/xml-tree.ts";
import type { Criteria } from "./criteria.ts";
import { type ReadProperty, readProperty } from "./property.ts";

/** What the reading of one object needs. */
export interface ObjectContext {
  /** Names the object among all of the indicator: what is said of it must hold for one observation. */
  readonly scope: string;
  /** What was done to values, in words. */
  readonly repairs: Set<string>;
}

/** A property's meaning; `change` is done to its values first. */
export interface Field {
  readonly term: (scope: string) => Term;
  readonly change?: (value: string) => string;
}

/** What some properties mean together, and which of the object's elements were read. */
export interface Taken {
  readonly criteria: readonly Criteria[];
  readonly read: ReadonlySet<XmlElement>;
}

/** How the properties of a type of object are read. Whatever is not named here is lost. */
export interface ObjectRules {
  /** By the names that lead to a property, `/` between them. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Properties that narrow little and that no event shows: left out, and said. Of elements in elements too. */
  readonly leftOut?: readonly string[];
  readonly take?: (properties: XmlElement, context: ObjectContext) => Taken;
}

export const NOTHING: Taken = { criteria: [], read: new Set() };

export function fieldOf(term: (scope: string) => Term, change?: (value: string) => string): Field {
  return change === undefined ? { term } : { term, change };
}

/** Reads a property by its field. */
export function readField(
  element: XmlElement,
  { term, change }: Field,
  what: string,
  { scope, repairs }: ObjectContext,
): Criteria {
  const how: ReadProperty = { term: term(scope), repairs, what, ...(change && { change }) };
  return readProperty(element, how);
}

/** Puts what two readings took together. */
export function together(...parts: readonly Taken[]): Taken {
  return {
    criteria: parts.flatMap(({ criteria }) => criteria),
    read: new Set(parts.flatMap(({ read }) => [...read])),
  };
}
