/** So many characters at the beginning of a part are looked up at once. */
const HEAD = 4;
/** Longer values are looked through up to here. */
const LONGEST = 8192;

/** Parts of texts, each with something: a text is looked through once, whatever the number of parts. */
export class Substrings<T> {
  readonly #heads = new Map<string, { readonly part: string; readonly one: T }[]>();
  readonly #lengths = new Set<number>();

  /** False for a part that is empty: every text holds it. */
  add(part: string, one: T): boolean {
    if (part === "") {
      return false;
    }
    const head = part.slice(0, HEAD);
    this.#lengths.add(head.length);
    const there = this.#heads.get(head);
    if (there === undefined) this.#heads.set(head, [{ part, one }]);
    else there.push({ part, one });
    return true;
  }

  /** What stands with the parts that a text holds; the same may come again. */
  *within(text: string): Generator<T, void> {
    if (this.#heads.size === 0) {
      return;
    }
    const cut = text.slice(0, LONGEST);
    for (let at = 0; at < cut.length; at++) {
      for (const length of this.#lengths) {
        for (const { part, one } of this.#heads.get(cut.slice(at, at + length)) ?? []) {
          if (cut.startsWith(part, at)) yield one;
        }
      }
    }
  }
}
