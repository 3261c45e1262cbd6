import { childOf, elementsOf, type XmlElement } from "../xml/xml-tree.ts";
import { type Criteria, groupOf, leftOut, lostPart } from "./criteria.ts";
import { isObservable } from "./families.ts";
import { readProperties } from "./read-object.ts";

/** Most elements that the observables of one file are read from: a reference may stand in many places, and lead to others. */
const MOST_READ = 2_000_000;
/** Most observables of one indicator. */
const MOST_OBSERVABLES = 20_000;
/** Deepest chain of references and compositions. */
const DEEPEST = 100;

/** Reads the observables of one file. */
export interface Observables {
  /** Reads one, following references. `repairs` takes what was done to values. */
  read(observables: readonly XmlElement[], repairs: Set<string>): Criteria;
  /** Those that some reading led to. */
  isUsed(observable: XmlElement): boolean;
}

interface Reading {
  readonly repairs: Set<string>;
  readonly above: Set<XmlElement>;
  count: number;
}

/** Indexes observables and objects by their ids; the first of several with one id stands. */
export function indexObservables(root: XmlElement): Observables {
  const observables = new Map<string, XmlElement>();
  const objects = new Map<string, XmlElement>();
  for (const element of elementsOf(root)) {
    const id = element.attributes.get("id");
    if (id === undefined) continue;
    if (isObservable(element) && !observables.has(id)) observables.set(id, element);
    else if (/^(?:Associated_|Related_)?Object$/.test(element.local) && !objects.has(id))
      objects.set(id, element);
  }
  const used = new Set<XmlElement>();
  let left = MOST_READ;
  let things = 0;

  function readOne(given: XmlElement, reading: Reading): Criteria {
    const found = follow(given, "idref", observables);
    if (found === undefined) return unknownReference(given, "idref");
    used.add(found);
    reading.count += 1;
    left -= 1;
    if (left < 0 || reading.count > MOST_OBSERVABLES)
      return lostPart("feed/too-complex", `too many observables (${given.where})`);
    if (reading.above.has(found) || reading.above.size >= DEEPEST) {
      return lostPart("feed/reference-unknown", `an observable that contains itself, or is nested too deep (${found.where})`); // prettier-ignore
    }
    reading.above.add(found);
    const criteria = readContent(found, reading);
    reading.above.delete(found);
    const isInverted = isNegated(found) !== (found !== given && isNegated(given));
    return isInverted ? groupOf("and", [criteria], true) : criteria;
  }

  function readContent(observable: XmlElement, reading: Reading): Criteria {
    const composition = childOf(observable, "Observable_Composition");
    if (composition !== undefined) {
      const operator = composition.attributes.get("operator")?.toUpperCase();
      const parts = composition.children.filter(isObservable);
      if (operator !== "AND" && operator !== "OR") {
        return lostPart("feed/condition-unsupported", `a composition without AND or OR (${composition.where})`); // prettier-ignore
      }
      if (parts.length === 0)
        return lostPart("feed/value-missing", `an empty composition (${composition.where})`);
      return groupOf(
        operator === "AND" ? "and" : "or",
        parts.map((part) => readOne(part, reading)),
      );
    }
    const object = childOf(observable, "Object");
    if (object !== undefined) return readObject(object, reading);
    const event = childOf(observable, "Event");
    return event === undefined
      ? lostPart("feed/value-missing", `an observable without object (${observable.where})`)
      : lostPart("feed/condition-unsupported", `an event of actions (${event.where}): only objects are read`); // prettier-ignore
  }

  function readObject(given: XmlElement, { repairs }: Reading): Criteria {
    const object = follow(given, "idref", objects);
    if (object === undefined) return unknownReference(given, "idref");
    const properties = childOf(object, "Properties");
    if (properties === undefined) {
      return lostPart("feed/value-missing", `an object without properties (${object.where})`);
    }
    const whole = resolved(properties, 0);
    things += 1;
    const context = { scope: `${things}`, repairs };
    const criteria = readProperties(whole, context);
    const related = childOf(object, "Related_Objects");
    if (related === undefined || related.children.length === 0) return criteria;
    const text = `${related.children.length} related objects (${related.where}): what stands beside the object is not asked for`; // prettier-ignore
    return groupOf("and", [criteria, leftOut(text)]);
  }

  /** Puts the properties of the object that `object_reference` names into the place of the reference. */
  function resolved(element: XmlElement, depth: number): XmlElement {
    left -= 1;
    if (depth > DEEPEST || left < 0) return element;
    const reference = element.attributes.get("object_reference");
    if (reference !== undefined && element.children.length === 0) {
      const target = objects.get(reference);
      const properties = target === undefined ? undefined : childOf(target, "Properties");
      if (properties !== undefined) return resolved({ ...properties, local: element.local }, depth + 1); // prettier-ignore
    }
    const children = element.children.map((child) => resolved(child, depth + 1));
    return children.every((child, i) => child === element.children[i])
      ? element
      : { ...element, children };
  }

  return {
    read(list, repairs) {
      const reading: Reading = { repairs, above: new Set(), count: 0 };
      return groupOf(
        "or",
        list.map((one) => readOne(one, reading)),
      );
    },
    isUsed: (observable) => used.has(observable),
  };
}

/** The element, or the one that its reference names; undefined where the file has none of that id. */
function follow(
  element: XmlElement,
  attribute: string,
  index: ReadonlyMap<string, XmlElement>,
): XmlElement | undefined {
  const reference = element.attributes.get(attribute);
  return reference === undefined ? element : index.get(reference);
}

function unknownReference(element: XmlElement, attribute: string): Criteria {
  const id = element.attributes.get(attribute)?.slice(0, 200) ?? "";
  return lostPart("feed/reference-unknown", `${id} (${element.where}): the file does not have it`);
}

function isNegated({ attributes }: XmlElement): boolean {
  return /^(?:true|1)$/i.test(attributes.get("negate") ?? "");
}

/** Observables that stand for themselves, outside of indicators and compositions. */
export function* ownObservables(root: XmlElement): Generator<XmlElement> {
  const enters = ({ local }: XmlElement) => local !== "Indicator" && local !== "Observable";
  for (const element of elementsOf(root, enters)) {
    if (isObservable(element) && !element.attributes.has("idref")) yield element;
  }
}
