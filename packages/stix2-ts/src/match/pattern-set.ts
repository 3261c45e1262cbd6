import { mask, parseAddress, type AddressRange } from "../value/address.ts";
import { foldText, indexKey } from "../value/fold.ts";
import { MIN_LITERAL, type Anchor } from "./anchors.ts";
import type { CompiledPattern } from "./compile-pattern.ts";
import { leaves } from "./object-path.ts";
import type { Observation, Why } from "./observation.ts";

export interface SetMatch {
  readonly id: string;
  readonly why: readonly Why[];
}

/** Ids by key; most keys have one id, so a list is made only for the second. */
class Index {
  readonly #ids = new Map<string, string | Set<string>>();

  get size(): number {
    return this.#ids.size;
  }

  add(key: string, id: string): void {
    const known = this.#ids.get(key);
    if (known === undefined) {
      this.#ids.set(key, id);
    } else if (typeof known === "string") {
      if (known !== id) {
        this.#ids.set(key, new Set([known, id]));
      }
    } else {
      known.add(id);
    }
  }

  remove(key: string, id: string): void {
    const known = this.#ids.get(key);
    if (known === id) {
      this.#ids.delete(key);
    } else if (known instanceof Set) {
      known.delete(id);
      if (known.size === 0) {
        this.#ids.delete(key);
      }
    }
  }

  collect(key: string, into: Set<string>): void {
    const known = this.#ids.get(key);
    if (typeof known === "string") {
      into.add(known);
    } else if (known !== undefined) {
      for (const id of known) {
        into.add(id);
      }
    }
  }
}

/**
 * Many single-observation patterns, and which of them an observation satisfies. The cost follows the
 * observation's values, not the number of patterns, except for patterns without anchors.
 */
export class PatternSet {
  readonly #patterns = new Map<string, CompiledPattern>();
  readonly #equals = new Index();
  readonly #suffixes = new Index();
  readonly #grams = new Index();
  /** By family and prefix length: masked address → ids. */
  readonly #ranges = new Map<string, { readonly range: AddressRange; readonly ids: Index }>();
  readonly #anchorless = new Set<string>();

  get size(): number {
    return this.#patterns.size;
  }

  has(id: string): boolean {
    return this.#patterns.has(id);
  }

  ids(): readonly string[] {
    return [...this.#patterns.keys()];
  }

  /** Adds a pattern under an id, in place of what had it. Patterns over several observations never match. */
  add(id: string, compiled: CompiledPattern): void {
    this.remove(id);
    this.#patterns.set(id, compiled);
    if (compiled.singleObservation) {
      this.#file(id, compiled, "add");
    }
  }

  remove(id: string): void {
    const compiled = this.#patterns.get(id);
    if (compiled !== undefined) {
      this.#patterns.delete(id);
      this.#file(id, compiled, "remove");
    }
  }

  /** Decides one pattern of the set. */
  test(id: string, observation: Observation): readonly Why[] | undefined {
    const compiled = this.#patterns.get(id);
    return compiled?.singleObservation === true ? compiled.test(observation) : undefined;
  }

  /** Every pattern that the observation satisfies, by id. */
  match(observation: Observation): readonly SetMatch[] {
    const found: SetMatch[] = [];
    for (const id of this.#candidates(observation)) {
      const why = this.test(id, observation);
      if (why !== undefined) {
        found.push({ id, why });
      }
    }
    return found;
  }

  #file(id: string, { anchors }: CompiledPattern, action: "add" | "remove"): void {
    if (anchors === undefined) {
      this.#anchorless[action === "add" ? "add" : "delete"](id);
      return;
    }
    for (const anchor of anchors) {
      this.#fileAnchor(id, anchor, action);
    }
  }

  #fileAnchor(id: string, anchor: Anchor, action: "add" | "remove"): void {
    switch (anchor.kind) {
      case "equals":
        this.#equals[action](anchor.key, id);
        return;
      case "domain-suffix":
        this.#suffixes[action](anchor.key, id);
        return;
      case "literal":
        this.#grams[action](anchor.text.slice(0, MIN_LITERAL), id);
        return;
      case "address-range": {
        const { family, prefix, base } = anchor.range;
        const name = `${family}/${prefix}`;
        const ids = this.#ranges.get(name)?.ids ?? new Index();
        this.#ranges.set(name, { range: anchor.range, ids });
        ids[action](base.toString(16), id);
      }
    }
  }

  #candidates(observation: Observation): ReadonlySet<string> {
    const found = new Set(this.#anchorless);
    for (const leaf of leaves(observation)) {
      const key = indexKey(leaf);
      this.#equals.collect(key, found);
      if (typeof leaf === "string") {
        this.#collectText(leaf, key, found);
      }
    }
    return found;
  }

  #collectText(leaf: string, key: string, found: Set<string>): void {
    if (this.#suffixes.size > 0) {
      for (let at = 0; at >= 0; at = key.indexOf(".", at) + 1 || -1) {
        this.#suffixes.collect(key.slice(at), found);
      }
    }
    if (this.#grams.size > 0) {
      const folded = foldText(leaf);
      for (let at = 0; at + MIN_LITERAL <= folded.length; at++) {
        this.#grams.collect(folded.slice(at, at + MIN_LITERAL), found);
      }
    }
    if (this.#ranges.size > 0) {
      const address = parseAddress(leaf);
      for (const { range, ids } of address === undefined ? [] : this.#ranges.values()) {
        if (range.family === address?.family && range.prefix <= address.prefix) {
          ids.collect(mask(address.family, address.base, range.prefix).toString(16), found);
        }
      }
    }
  }
}
