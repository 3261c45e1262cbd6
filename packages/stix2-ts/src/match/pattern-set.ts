import { hashBackwards, KEY } from "../index/key-hash.ts";
import { KeyIndex } from "../index/key-index.ts";
import { TextColumn } from "../index/text-column.ts";
import type { ComparisonExpression, ObjectPath, Pattern } from "../pattern/ast.ts";
import { parsePattern } from "../pattern/parse-pattern.ts";
import { AnchorIndex, type AnchorKinds } from "./anchor-index.ts";
import { anchorCost, anchorsOf, type Anchor, type PlacedAnchor } from "./anchors.ts";
import { compilePattern, singleObservations, type CompiledPattern } from "./compile-pattern.ts";
import { visitLeaves } from "./object-path.ts";
import { refuseUnobserved, type MatchOptions, type Observation, type Why } from "./observation.ts";

/** A pattern of a set that an observation satisfies, and why. */
export interface SetMatch {
  readonly id: string;
  readonly why: readonly Why[];
}

/** An operand of a pattern over several observations that an observation satisfies, and why. */
export interface SetParticipant {
  readonly id: string;
  /** Place of the operand in the pattern's `correlation.operands`. */
  readonly operand: number;
  readonly options: MatchOptions;
  readonly why: readonly Why[];
}

/** An object path at which anchors stand, and their kinds. */
export interface AnchoredPath {
  readonly path: ObjectPath;
  readonly kinds: AnchorKinds;
}

interface MutableAnchoredPath extends AnchoredPath {
  readonly kinds: Set<Anchor["kind"]>;
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
 * Many patterns, and which of them an observation satisfies, alone or as one of several. The cost follows the
 * observation's values, not the number of patterns, except for patterns without anchors. Patterns stand in
 * typed arrays, about 200 bytes each with their text and id, and are compiled when a value first points at them.
 */
export class PatternSet {
  #ids = new TextColumn();
  #texts = new TextColumn();
  #optionsOf = new Uint16Array(64);
  readonly #options: MatchOptions[] = [];
  #rowOf = new KeyIndex();
  #removed = new Set<number>();
  readonly #index = new AnchorIndex();
  #anchorless = new Set<number>();
  readonly #compiled = new Map<number, CompiledPattern>();
  readonly #values = new Map<string | number, readonly number[]>();
  readonly #found = new Set<number>();
  /** Where anchors stand, by a name of the place. */
  readonly #paths = new Map<string, MutableAnchoredPath>();
  #changes = 0;
  /** The operands of patterns over several observations, each a pattern of its own; made when first needed. */
  #operands: PatternSet | undefined;

  get size(): number {
    return this.#ids.length - this.#removed.size;
  }

  has(id: string): boolean {
    return this.#row(id) !== undefined;
  }

  ids(): readonly string[] {
    return this.#rows().map((row) => this.#ids.get(row));
  }

  /** About how many bytes the patterns and their index take, letters of texts and ids included. */
  get bytes(): number {
    return (
      this.#ids.bytes +
      this.#texts.bytes +
      this.#optionsOf.byteLength +
      this.#rowOf.bytes +
      this.#index.bytes +
      (this.#operands?.bytes ?? 0)
    );
  }

  /** Rises with each pattern added or removed: answers of `callsUp` hold as long as it stays. */
  get changes(): number {
    return this.#changes;
  }

  /** Where the values stand that call patterns and operands up; also of some that were removed. A path may come twice. */
  get anchoredPaths(): readonly AnchoredPath[] {
    return [...this.#paths.values(), ...(this.#operands?.anchoredPaths ?? [])];
  }

  /** What stands inside the `[ ]` of patterns and operands without anchors: they are tried on every observation. */
  unanchored(): readonly ComparisonExpression[] {
    const own = [...this.#anchorless].flatMap((row) =>
      (singleObservations(parsePattern(this.#texts.get(row)).root) ?? []).map(
        ({ expression }) => expression,
      ),
    );
    return [...own, ...(this.#operands?.unanchored() ?? [])];
  }

  /**
   * Whether a value calls up a pattern or an operand by an anchor of these kinds (all, where none are given); rarely yes
   * where it does not. An observation can satisfy only those that a value of it calls up which stands at one of
   * `anchoredPaths`, by a kind that is there, and those that are `unanchored`.
   */
  callsUp(value: string | number, kinds?: AnchorKinds): boolean {
    const found = this.#found;
    this.#index.collect(value, found, kinds);
    let isMet = false;
    for (const row of found) isMet ||= !this.#removed.has(row);
    found.clear();
    return isMet || this.#operands?.callsUp(value, kinds) === true;
  }

  /**
   * Adds a pattern under an id, in place of what had it. Patterns over several observations never match; of them,
   * `participantsOf` finds operands.
   * Throws StixError for a pattern that can't be evaluated; the set is then as it was.
   */
  add(id: string, { pattern, options }: SetPattern): void {
    const single = singleObservations(pattern.root);
    const several = single === undefined ? compilePattern(pattern, options).correlation : undefined;
    if (single?.some(({ expression }) => hasRegex(expression)) === true) {
      compilePattern(pattern, options); // throws now rather than at the first event
    }
    const costOf = (anchor: Anchor): number =>
      anchorCost(anchor) * (1 + this.#index.count(anchor, MANY_ROWS));
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
        this.#index.add(anchor, row);
        this.#notePath(anchor);
      }
    }
    for (const [operand, one] of several?.operands.entries() ?? []) {
      this.#operands ??= new PatternSet();
      this.#operands.add(operandId(operand, id), { pattern: one, options });
    }
    if (this.#values.size > 0) this.#values.clear();
    this.#changes += 1;
  }

  remove(id: string): void {
    const row = this.#row(id);
    if (row === undefined) {
      return;
    }
    for (let operand = 0; this.#operands?.has(operandId(operand, id)) === true; operand++) {
      this.#operands.remove(operandId(operand, id));
    }
    this.#changes += 1;
    this.#removed.add(row);
    this.#anchorless.delete(row);
    this.#compiled.delete(row);
    if (this.#removed.size > FEW_REMOVED && this.#removed.size * 3 > this.#ids.length) {
      this.#clearRemoved();
    }
  }

  /** Decides one pattern of the set; one over several observations is never satisfied, but its operands are tried. */
  test(id: string, observation: Observation): readonly Why[] | undefined {
    const row = this.#row(id);
    for (let operand = 0; this.#operands?.has(operandId(operand, id)) === true; operand++) {
      this.#operands.test(operandId(operand, id), observation);
    }
    return row === undefined ? undefined : this.#test(row, observation);
  }

  /** Every pattern that the observation satisfies, by id. */
  match(observation: Observation): readonly SetMatch[] {
    refuseUnobserved(observation);
    const found: SetMatch[] = [];
    for (const row of this.#candidates(observation)) {
      const why = this.#removed.has(row) ? undefined : this.#test(row, observation);
      if (why !== undefined) {
        found.push({ id: this.#ids.get(row), why });
      }
    }
    return found;
  }

  /**
   * Every operand of a pattern over several observations that the observation satisfies: where there is one, the pattern
   * may have a binding with this observation in it. Qualifiers are not looked at.
   */
  participantsOf(observation: Observation): readonly SetParticipant[] {
    refuseUnobserved(observation);
    const found = this.#operands?.match(observation) ?? [];
    return found.map(({ id, why }) => {
      const colon = id.indexOf(":");
      const pattern = id.slice(colon + 1);
      const row = this.#row(pattern) as number;
      const options = this.#options[this.#optionsOf[row] as number] as MatchOptions;
      return { id: pattern, operand: Number(id.slice(0, colon)), options, why };
    });
  }

  #notePath({ path, kind }: PlacedAnchor): void {
    const name = pathName(path);
    const known = this.#paths.get(name);
    if (known === undefined) this.#paths.set(name, { path, kinds: new Set([kind]) });
    else known.kinds.add(kind);
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
    const found = this.#found;
    this.#index.collect(leaf, found);
    const rows = found.size === 0 ? NOTHING : [...found];
    found.clear();
    if (typeof leaf === "number" || leaf.length <= VALUE_LETTERS) {
      if (this.#values.size >= VALUES_KEPT) {
        this.#values.clear();
      }
      this.#values.set(leaf, rows);
    }
    return rows;
  }

  #append(id: string, text: string, options: number): number {
    const row = this.#ids.length;
    this.#ids.push(id);
    this.#texts.push(text);
    if (row === this.#optionsOf.length) {
      const larger = new Uint16Array(Math.ceil(row * 1.25));
      larger.set(this.#optionsOf);
      this.#optionsOf = larger;
    }
    this.#optionsOf[row] = options;
    this.#rowOf.add(hashBackwards(KEY.equals, id), row);
    return row;
  }

  #row(id: string): number | undefined {
    const rows = new Set<number>();
    this.#rowOf.collect(hashBackwards(KEY.equals, id), rows);
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
    const [ids, texts] = [new TextColumn(), new TextColumn()];
    for (const row of this.#rows()) {
      rowOf[row] = ids.length;
      ids.push(this.#ids.get(row));
      texts.push(this.#texts.get(row));
      this.#optionsOf[ids.length - 1] = this.#optionsOf[row] as number; // never ahead of the row that is read
    }
    [this.#ids, this.#texts] = [ids, texts];
    this.#rowOf = this.#rowOf.renumbered(rowOf);
    this.#index.renumber(rowOf);
    this.#anchorless = new Set([...this.#anchorless].map((row) => rowOf[row] as number));
    this.#removed = new Set();
    this.#compiled.clear();
    this.#values.clear();
  }
}

/** Tells paths apart. */
function pathName({ objectType, steps }: ObjectPath): string {
  let name = objectType;
  for (const step of steps) {
    name += step.kind === "key" ? `.${step.name.length}:${step.name}` : `[${step.index}]`;
  }
  return name;
}

/** Under what an operand stands in the set of operands. */
function operandId(operand: number, id: string): string {
  return `${operand}:${id}`;
}

function hasRegex(node: ComparisonExpression): boolean {
  return node.kind === "comparison" ? node.operator === "MATCHES" : node.operands.some(hasRegex);
}
