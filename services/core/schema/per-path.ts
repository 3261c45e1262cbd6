import type { ObjectPath } from "stix2-ts";

/** Answers kept: paths come from strangers, and what most of them name is few. */
const KEPT = 2000;

/** Makes a function of an object path that works each answer out once; feeds name the same few paths again and again. */
export function perPath<T>(make: (path: ObjectPath) => T): (path: ObjectPath) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (path) => {
    const name = JSON.stringify([path.objectType, path.steps]);
    let found = known.get(name);
    if (found === undefined) {
      found = { answer: make(path) };
      if (known.size >= KEPT) known.clear();
      known.set(name, found);
    }
    return found.answer;
  };
}
