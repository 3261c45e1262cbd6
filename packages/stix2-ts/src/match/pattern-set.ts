import { begin, finish, hashBackwards, hashed, KEY, mix } from "../index/key-hash.ts";
import { KeyIndex } from "../index/key-index.ts";
import { LiteralIndex } from "../index/literal-index.ts";
import { TextColumn } from "../index/text-column.ts";
import type { ComparisonExpression, Pattern } from "../pattern/ast.ts";
import { parsePattern } from "../pattern/parse-pattern.ts";
import { mask, parseAddress, type AddressRange } from "../value/address.ts";
import { indexKey } from "../value/fold.ts";
import { searchTexts } from "../value/spellings.ts";
import { anchorCost, anchorsOf, type Anchor } from "./anchors.ts";
import { compilePattern, singleObservations, type CompiledPattern } from "./compile-pattern.ts";
import { visitLeaves } from "./object-path.ts";
import type { MatchOptions, Observation, Why } from "./observation.ts";

export interface SetMatch {
  readonly id: string;
  readonly why: readonly Why[];
}

/** What is kept of a pattern: enough to compile it when an observation asks for it. */
export interface SetPattern {
  readonly pattern: Pattern;
  readonly options: MatchOptions;
}

/** Compiled patterns and values looked up that are kept at hand. */
const COMPILED_KEPT = 5000;
const VALUES_KEPT = 50_000;
/** Longer values hardly ever come twice. */
const VALUE_LETTERS = 200;
/** Removed rows are cleared away when they are this many, and a third of all. */
const FEW_REMOVED = 1000;

/** Rows under one anchor are counted up to here. */
const MANY_ROWS = 256;

const NOTHING: readonly number[] = [];

/**
 * Many single-observation patterns, and which of them an observation satisfies. The cost follows the
 * observation's values, not the number of patterns, except for patterns without anchors. Patterns stand in
 * typed arrays, about 200 bytes each with their text and id, and are compiled when a value first points at them.
 */
export class PatternSet {
  #ids = new TextColumn();
  #texts = new TextColumn();
  #optionsOf: number[] = [];
  readonly #options: MatchOptions[] = [];
  #rowOf = new KeyIndex();
  #removed = new Set<number>();
  #keys = new KeyIndex();
  #literals = new LiteralIndex();
  /** Prefix lengths of the ranges in the set, as family × 256 + prefix. */
  readonly #prefixes = new Set<number>();
  #hasSuffixes = false;
  #hasLiterals = false;
  #anchorless = new Set<number>();
  readonly #compiled = new Map<number, CompiledPattern>();
  readonly #values = new Map<string | number, readonly number[]>();

  get size(): number {
    return this.#ids.length - this.#removed.size;
  }

  has(id: string): boolean {
    return this.#row(id) !== undefined;
  }

  ids(): readonly string[] {
    return this.#rows().map((row) => this.#ids.get(row));
  }

  /** About how many bytes the patterns and their index take. */
  get bytes(): number {
    return (
      this.#ids.bytes +
      this.#texts.bytes +
      this.#optionsOf.length * 8 +
      this.#rowOf.bytes +
      this.#keys.bytes +
      this.#literals.bytes
    );
  }

  /**
   * Adds a pattern under an id, in place of what had it. Patterns over several observations never match.
   * Throws StixError for a pattern that can't be evaluated; the set is then as it was.
   */
  add(id: string, { pattern, options }: SetPattern): void {
    const single = singleObservations(pattern.root);
    if (single === undefined || single.some(({ expression }) => hasRegex(expression))) {
      compilePattern(pattern, options); // throws now rather than at the first event
    }
    const costOf = (anchor: Anchor): number => anchorCost(anchor) * (1 + this.#rowsUnder(anchor));
    const anchors = single?.map(({ expression }) => anchorsOf(expression, options, costOf));
    this.remove(id);
    const row = this.#append(id, pattern.text, this.#optionsNumber(options));
    for (const one of anchors ?? []) {
      if (one === undefined) {
        this.#anchorless.add(row);
      }
    }
    if (anchors !== undefined && !this.#anchorless.has(row)) {
      for (const anchor of anchors.flatMap((one) => one ?? [])) {
        this.#file(row, anchor);
      }
    }
    if (this.#values.size > 0) this.#values.clear();
  }

  remove(id: string): void {
    const row = this.#row(id);
    if (row === undefined) {
      return;
    }
    this.#removed.add(row);
    this.#anchorless.delete(row);
    this.#compiled.delete(row);
    if (this.#removed.size > FEW_REMOVED && this.#removed.size * 3 > this.#ids.length) {
      this.#clearRemoved();
    }
  }

  /** Decides one pattern of the set. */
  test(id: string, observation: Observation): readonly Why[] | undefined {
    const row = this.#row(id);
    return row === undefined ? undefined : this.#test(row, observation);
  }

  /** Every pattern that the observation satisfies, by id. */
  match(observation: Observation): readonly SetMatch[] {
    const found: SetMatch[] = [];
    for (const row of this.#candidates(observation)) {
      const why = this.#removed.has(row) ? undefined : this.#test(row, observation);
      if (why !== undefined) {
        found.push({ id: this.#ids.get(row), why });
      }
    }
    return found;
  }

  #test(row: number, observation: Observation): readonly Why[] | undefined {
    let compiled = this.#compiled.get(row);
    if (compiled === undefined) {
      const options = this.#options[this.#optionsOf[row] as number] as MatchOptions;
      compiled = compilePattern(parsePattern(this.#texts.get(row)), options);
      if (this.#compiled.size >= COMPILED_KEPT) {
        this.#compiled.clear();
      }
      this.#compiled.set(row, compiled);
    }
    return compiled.singleObservation ? compiled.test(observation) : undefined;
  }

  #candidates(observation: Observation): ReadonlySet<number> {
    const found = new Set(this.#anchorless);
    visitLeaves(observation, (leaf) => {
      for (const row of this.#rowsOf(leaf)) {
        found.add(row);
      }
    });
    return found;
  }

  #rowsOf(leaf: string | number): readonly number[] {
    const known = this.#values.get(leaf);
    if (known !== undefined) {
      return known;
    }
    const own = new Set<number>();
    this.#collect(leaf, own);
    const rows = own.size === 0 ? NOTHING : [...own];
    if (typeof leaf === "number" || leaf.length <= VALUE_LETTERS) {
      if (this.#values.size >= VALUES_KEPT) {
        this.#values.clear();
      }
      this.#values.set(leaf, rows);
    }
    return rows;
  }

  /** Rows that one value points at. */
  #collect(leaf: string | number, found: Set<number>): void {
    const key = indexKey(leaf);
    begin(KEY.suffix);
    for (let i = key.length - 1; i >= 0 && this.#hasSuffixes; i--) {
      const unit = key.charCodeAt(i);
      if (unit === DOT) {
        this.#collectSuffix(found);
      }
      mix(unit);
    }
    if (this.#hasSuffixes) {
      this.#collectSuffix(found);
    }
    hashBackwards(KEY.equals, key);
    this.#keys.collect(found);
    if (typeof leaf === "number") {
      return;
    }
    if (this.#hasLiterals) {
      this.#collectLiterals(leaf, found);
    }
    if (this.#prefixes.size > 0) {
      this.#collectRanges(leaf, found);
    }
  }

  /** Looks up what was taken in so far, and goes on from there. */
  #collectSuffix(found: Set<number>): void {
    const { lo, hi } = hashed;
    finish();
    this.#keys.collect(found);
    hashed.lo = lo;
    hashed.hi = hi;
  }

  #collectLiterals(leaf: string, found: Set<number>): void {
    const visit = (node: number): void => {
      literalKey(node);
      this.#keys.collect(found);
    };
    for (const text of searchTexts(leaf)) {
      this.#literals.search(text, visit);
    }
  }

  #collectRanges(leaf: string, found: Set<number>): void {
    const address = parseAddress(leaf);
    if (address === undefined) {
      return;
    }
    for (const code of this.#prefixes) {
      const prefix = code & 255;
      if (code >> 8 === address.family && prefix <= address.prefix) {
        const base = mask(address.family, address.base, prefix);
        rangeKey({ family: address.family, base, prefix });
        this.#keys.collect(found);
      }
    }
  }

  #file(row: number, anchor: Anchor): void {
    switch (anchor.kind) {
      case "equals":
        break;
      case "domain-suffix":
        this.#hasSuffixes = true;
        break;
      case "literal":
        this.#hasLiterals = true;
        this.#literals.add(anchor.text);
        break;
      case "address-range":
        this.#prefixes.add(anchor.range.family * 256 + anchor.range.prefix);
    }
    this.#hash(anchor);
    this.#keys.add(row);
  }

  /** How many patterns already wait under an anchor: each is tried when a value has it. */
  #rowsUnder(anchor: Anchor): number {
    this.#hash(anchor);
    return this.#keys.count(MANY_ROWS);
  }

  #hash(anchor: Anchor): void {
    switch (anchor.kind) {
      case "equals":
        hashBackwards(KEY.equals, anchor.key);
        break;
      case "domain-suffix":
        hashBackwards(KEY.suffix, anchor.key);
        break;
      case "literal":
        literalKey(this.#literals.find(anchor.text));
        break;
      case "address-range":
        rangeKey(anchor.range);
    }
  }

  #append(id: string, text: string, options: number): number {
    const row = this.#ids.length;
    this.#ids.push(id);
    this.#texts.push(text);
    this.#optionsOf.push(options);
    hashBackwards(KEY.equals, id);
    this.#rowOf.add(row);
    return row;
  }

  #row(id: string): number | undefined {
    const rows = new Set<number>();
    hashBackwards(KEY.equals, id);
    this.#rowOf.collect(rows);
    for (const row of rows) {
      if (!this.#removed.has(row) && this.#ids.equals(row, id)) {
        return row;
      }
    }
    return undefined;
  }

  #rows(): readonly number[] {
    const rows = Array.from({ length: this.#ids.length }, (_, row) => row);
    return rows.filter((row) => !this.#removed.has(row));
  }

  #optionsNumber(options: MatchOptions): number {
    const known = this.#options.findIndex(
      ({ mode, subdomains, regex }) =>
        mode === options.mode &&
        (subdomains ?? false) === (options.subdomains ?? false) &&
        regex === options.regex,
    );
    return known >= 0 ? known : this.#options.push(options) - 1;
  }

  /** Writes the columns and the index anew without the removed rows. */
  #clearRemoved(): void {
    const rowOf = new Int32Array(this.#ids.length).fill(-1);
    const [ids, texts, optionsOf] = [new TextColumn(), new TextColumn(), [] as number[]];
    for (const row of this.#rows()) {
      rowOf[row] = ids.length;
      ids.push(this.#ids.get(row));
      texts.push(this.#texts.get(row));
      optionsOf.push(this.#optionsOf[row] as number);
    }
    [this.#ids, this.#texts, this.#optionsOf] = [ids, texts, optionsOf];
    this.#rowOf = this.#rowOf.renumbered(rowOf);
    this.#keys = this.#keys.renumbered(rowOf);
    this.#anchorless = new Set([...this.#anchorless].map((row) => rowOf[row] as number));
    this.#removed = new Set();
    this.#compiled.clear();
    this.#values.clear();
  }
}

const DOT = 46;

function hasRegex(node: ComparisonExpression): boolean {
  return node.kind === "comparison" ? node.operator === "MATCHES" : node.operands.some(hasRegex);
}

function literalKey(node: number): void {
  begin(KEY.literal);
  mix(node);
  finish();
}

function rangeKey({ family, base, prefix }: AddressRange): void {
  begin(KEY.range);
  mix(family * 256 + prefix);
  for (let shift = family === 4 ? 0n : 96n; shift >= 0n; shift -= 32n) {
    mix(Number((base >> shift) & 0xffffffffn));
  }
  finish();
}
