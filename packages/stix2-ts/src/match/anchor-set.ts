import { indexKey } from "../value/fold.ts";
import { AnchorIndex } from "./anchor-index.ts";
import type { Anchor } from "./anchors.ts";

/** An anchor that more values than one key's can have. */
export type WideAnchor = Exclude<Anchor, { readonly kind: "equals" }>;

/**
 * Anchors of many patterns taken together: what to look for in a store, so that no event that satisfies one of the patterns
 * is left out.
 */
export class AnchorSet {
  readonly #index = new AnchorIndex();
  readonly #keys = new Set<string>();
  readonly #wide: WideAnchor[] = [];
  readonly #found = new Set<number>();

  /** A set of exact values, by their `indexKey`. */
  static ofKeys(keys: Iterable<string>): AnchorSet {
    const set = new AnchorSet();
    for (const key of keys) set.add({ kind: "equals", key });
    return set;
  }

  /** Exact values, by their `indexKey`. */
  get keys(): ReadonlySet<string> {
    return this.#keys;
  }

  /** All others: ranges, suffixes, texts within values. */
  get wide(): readonly WideAnchor[] {
    return this.#wide;
  }

  get size(): number {
    return this.#keys.size + this.#wide.length;
  }

  add(anchor: Anchor): void {
    if (anchor.kind === "equals") {
      if (this.#keys.has(anchor.key)) return;
      this.#keys.add(anchor.key);
    } else this.#wide.push(anchor);
    this.#index.add(anchor, 0);
  }

  /** Whether a value of an observation may have one of the anchors: never no where it has, rarely yes where it has not. */
  meets(value: string | number): boolean {
    if (this.#wide.length === 0) return this.#keys.has(indexKey(value));
    this.#index.collect(value, this.#found);
    const isMet = this.#found.size > 0;
    this.#found.clear();
    return isMet;
  }
}
