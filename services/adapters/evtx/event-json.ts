/**
 * A record as JSON, in the form of the evtx programs: `Event.System`, `Event.EventData` with a key for each named `Data`,
 * attributes under `#attributes`, and text beside those under `#text`.
 */
import type { Element, Fragment, Part, Value } from "./binary-xml.ts";
import { DamagedError } from "./byte-reader.ts";
import type { Scalar } from "./values.ts";

export type Json = Scalar | readonly Scalar[] | { readonly [key: string]: Json };

/** Parts of one record. Templates may name one value often, and so write much with few bytes. */
const MOST_PARTS = 20_000;
/** Characters of one record. A chunk has 65,536 bytes. */
const MOST_CHARACTERS = 1_000_000;

interface Budget {
  parts: number;
  characters: number;
}

export function eventJson(fragment: Fragment): Json {
  const budget = { parts: MOST_PARTS, characters: MOST_CHARACTERS };
  return { [fragment.element.name]: elementJson(fragment.element, fragment.values, budget) };
}

function elementJson(element: Element, values: readonly Value[], budget: Budget): Json {
  const attributes: Record<string, Json> = {};
  for (const { name, parts } of element.attributes) {
    const { content } = expand(parts, values, budget);
    if (content !== undefined) {
      add(attributes, name, content);
    }
  }
  const { content, children } = expand(element.parts, values, budget);
  const hasAttributes = Object.keys(attributes).length > 0;
  if (!hasAttributes && Object.keys(children).length === 0) {
    return content ?? null;
  }
  return {
    ...(hasAttributes && { "#attributes": attributes }),
    ...(content !== undefined && { "#text": content }),
    ...children,
  };
}

interface Expanded {
  /** One value as it is, or texts in a row. */
  readonly content: Scalar | readonly Scalar[] | undefined;
  readonly children: Record<string, Json>;
}

function expand(parts: readonly Part[], values: readonly Value[], budget: Budget): Expanded {
  const contents: (Scalar | readonly Scalar[])[] = [];
  const children: Record<string, Json> = {};
  for (const part of parts) {
    spend(budget, part);
    if (part.kind === "text") {
      contents.push(part.text);
    } else if (part.kind === "element") {
      addElement(children, part.element, values, budget);
    } else if (part.kind === "fragment") {
      addElement(children, part.fragment.element, part.fragment.values, budget);
    } else {
      const value = values[part.index] ?? null;
      if (isFragment(value)) {
        addElement(children, value.element, value.values, budget);
      } else if (value !== null) {
        budget.characters -= sizeOf(value);
        contents.push(value);
      }
    }
  }
  return { content: contents.length > 1 ? contents.flat().join("") : contents[0], children };
}

/** `<Data Name="Image">` is what its name says. */
function addElement(
  children: Record<string, Json>,
  element: Element,
  values: readonly Value[],
  budget: Budget,
): void {
  const named = element.name === "Data" ? nameOf(element, values, budget) : undefined;
  if (named === undefined) {
    add(children, element.name, elementJson(element, values, budget));
  } else {
    add(children, named, elementJson({ ...element, attributes: [] }, values, budget));
  }
}

function nameOf(element: Element, values: readonly Value[], budget: Budget): string | undefined {
  const attribute = element.attributes.find(({ name }) => name === "Name");
  const content = attribute && expand(attribute.parts, values, budget).content;
  return typeof content === "string" ? content : undefined;
}

/** A name that is taken is numbered: nothing is lost. */
function add(to: Record<string, Json>, name: string, value: Json): void {
  let key = name;
  for (let number = 1; Object.hasOwn(to, key); number++) {
    key = `${name}_${number}`;
  }
  // As a value of its own, whatever it is called.
  Object.defineProperty(to, key, { value, enumerable: true, configurable: true, writable: true });
}

function spend(budget: Budget, part: Part): void {
  budget.parts -= 1;
  budget.characters -= part.kind === "text" ? part.text.length : 0;
  if (budget.parts < 0 || budget.characters < 0) {
    throw new DamagedError("it holds more than an event can");
  }
}

function sizeOf(value: Scalar | readonly Scalar[]): number {
  if (typeof value === "string") return value.length;
  return Array.isArray(value) ? value.reduce<number>((sum, one) => sum + sizeOf(one as Scalar), 0) : 8; // prettier-ignore
}

function isFragment(value: Value): value is Fragment {
  return typeof value === "object" && value !== null && "element" in value;
}
