import { begin, finish, hashBackwards, KEY, mix } from "../index/key-hash.ts";
import { KeyIndex } from "../index/key-index.ts";
import { LiteralIndex } from "../index/literal-index.ts";
import {
  families,
  mask,
  parseAddress,
  plainV4,
  withoutZone,
  type AddressRange,
} from "../value/address.ts";
import { foldPlain, hasReadings, indexKey, plainDots } from "../value/fold.ts";
import { searchTexts } from "../value/spellings.ts";
import type { Anchor } from "./anchors.ts";

/** Some kinds of anchors. */
export type AnchorKinds = ReadonlySet<Anchor["kind"]>;

const EVERY_KIND: AnchorKinds = new Set<Anchor["kind"]>([
  "equals",
  "address-range",
  "domain-suffix",
  "literal",
]);

/** Rows by the anchors that they wait for: which of them a value calls up. */
export class AnchorIndex {
  #keys = new KeyIndex();
  readonly #literals = new LiteralIndex();
  /** Prefix lengths of the ranges that were filed, as family × 256 + prefix. */
  readonly #prefixes = new Set<number>();
  #hasSuffixes = false;
  #hasLiterals = false;

  get bytes(): number {
    return this.#keys.bytes + this.#literals.bytes;
  }

  /** Files a row under an anchor. */
  add(anchor: Anchor, row: number): void {
    if (anchor.kind === "domain-suffix") this.#hasSuffixes = true;
    if (anchor.kind === "address-range") {
      this.#prefixes.add(anchor.range.family * 256 + anchor.range.prefix);
    }
    if (anchor.kind === "literal") {
      this.#hasLiterals = true;
      this.#literals.add(anchor.text);
    }
    this.#keys.add(this.#hash(anchor), row);
  }

  /** How many rows already wait for an anchor, counted up to a limit: each is tried when a value has it. */
  count(anchor: Anchor, limit: number): number {
    return this.#keys.count(this.#hash(anchor), limit);
  }

  /**
   * Puts the rows that a value calls up, by anchors of some kinds, into a set; a few others may be among them, of other
   * kinds too.
   */
  collect(value: string | number, found: Set<number>, kinds: AnchorKinds = EVERY_KIND): void {
    const v4 = typeof value === "string" ? plainV4(value) : -1;
    if (v4 >= 0) {
      this.#collectV4(String(value), v4, found, kinds);
      return;
    }
    const plain = typeof value === "string" ? foldPlain(value) : undefined;
    const key = plain ?? indexKey(value);
    this.#keys.collect(hashBackwards(KEY.equals, key), found);
    if (this.#hasSuffixes && kinds.has("domain-suffix")) this.#collectSuffixes(key, found);
    if (typeof value === "number") return;
    if (this.#hasLiterals && kinds.has("literal")) {
      const isPlain = plain !== undefined && !hasReadings(plain);
      this.#collectLiterals(isPlain ? [plain] : searchTexts(value), found);
    }
    if (this.#prefixes.size > 0 && kinds.has("address-range")) this.#collectRanges(value, found);
  }

  /** As for any value, for the commonest spelling of an address: by numbers alone. */
  #collectV4(text: string, address: number, found: Set<number>, kinds: AnchorKinds): void {
    const key = `ip4:${address.toString(16)}`;
    this.#keys.collect(hashBackwards(KEY.equals, key), found);
    if (this.#hasSuffixes && kinds.has("domain-suffix")) this.#collectSuffixes(key, found);
    if (this.#hasLiterals && kinds.has("literal")) this.#collectLiterals([text], found);
    if (!kinds.has("address-range")) return;
    for (const code of this.#prefixes) {
      if (code >> 8 === 4) {
        const size = 2 ** (32 - (code & 255));
        const base = Math.floor(address / size) * size;
        this.#keys.collect(finish(mix(mix(begin(KEY.range), code), base | 0)), found);
      }
    }
  }

  /** Renumbers the rows; one below 0 is left out. */
  renumber(rowOf: Int32Array): void {
    this.#keys = this.#keys.renumbered(rowOf);
  }

  #collectSuffixes(key: string, found: Set<number>): void {
    let hash = begin(KEY.suffix);
    for (let i = key.length - 1; i >= 0; i--) {
      const unit = key.charCodeAt(i);
      if (unit === DOT) this.#keys.collect(finish(hash), found);
      hash = mix(hash, unit);
    }
    this.#keys.collect(finish(hash), found);
  }

  #collectLiterals(texts: readonly string[], found: Set<number>): void {
    const visit = (node: number): void => this.#keys.collect(literalHash(node), found);
    for (const text of texts) {
      this.#literals.search(text, visit);
    }
  }

  #collectRanges(value: string, found: Set<number>): void {
    const address = parseAddress(withoutZone(plainDots(value)));
    if (address === undefined) {
      return;
    }
    for (const one of families(address)) {
      for (const code of this.#prefixes) {
        const prefix = code & 255;
        if (code >> 8 === one.family && prefix <= one.prefix) {
          const base = mask(one.family, one.base, prefix);
          this.#keys.collect(rangeHash({ family: one.family, base, prefix }), found);
        }
      }
    }
  }

  #hash(anchor: Anchor): number {
    switch (anchor.kind) {
      case "equals":
        return hashBackwards(KEY.equals, anchor.key);
      case "domain-suffix":
        return hashBackwards(KEY.suffix, anchor.key);
      case "literal":
        return literalHash(this.#literals.find(anchor.text));
      case "address-range":
        return rangeHash(anchor.range);
    }
  }
}

const DOT = 46;

function literalHash(node: number): number {
  return finish(mix(begin(KEY.literal), node));
}

function rangeHash({ family, base, prefix }: AddressRange): number {
  let hash = mix(begin(KEY.range), family * 256 + prefix);
  for (let shift = family === 4 ? 0n : 96n; shift >= 0n; shift -= 32n) {
    hash = mix(hash, Number((base >> shift) & 0xffffffffn));
  }
  return finish(hash);
}
