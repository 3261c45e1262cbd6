import { indexKey } from "stix2-ts";

/** Domain names, each with something, found for themselves and for every name below them. */
export class DomainSuffixes<T> {
  readonly #names = new Map<string, T[]>();

  /** A dot at either end says nothing. */
  add(name: string, one: T): void {
    const key = domainKey(name);
    const there = this.#names.get(key);
    if (there === undefined) this.#names.set(key, [one]);
    else there.push(one);
  }

  *holding(host: string): Generator<T, void> {
    if (this.#names.size === 0) {
      return;
    }
    const key = indexKey(host);
    for (let at = 0; ;) {
      yield* this.#names.get(key.slice(at)) ?? [];
      const dot = key.indexOf(".", at);
      if (dot < 0) {
        return;
      }
      at = dot + 1;
    }
  }
}

/** The form in which names are compared: lower case, Punycode, no dot at either end. */
export function domainKey(name: string): string {
  return indexKey(name.replace(/^\.+|\.+$/g, ""));
}
