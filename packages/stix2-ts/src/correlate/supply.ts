import type { Arrangement } from "./arrangement.ts";
import { Candidates, capacity, type Interval } from "./candidates.ts";
import type { SearchBudget } from "./search-budget.ts";
import { leastSlots, slotCount, type Node } from "./slot-tree.ts";

/** What a list of observations offers to the leaves of a pattern, times left aside. */
export class Supply {
  /** The observations that each leaf takes. */
  readonly #all: readonly Candidates[];
  /** Of them, those that can stand for every `[ ]` of the pattern at once: they never run out. */
  readonly #plenty: readonly Candidates[];
  /** How many the others come to, for each leaf. */
  readonly #few: readonly number[];
  readonly #total: number;

  constructor(
    observations: readonly Interval[],
    placesOf: readonly (readonly number[])[],
    root: Node,
  ) {
    const enough = slotCount(root);
    const count = (place: number): number => capacity(observations[place] as Interval);
    const sum = (places: Iterable<number>): number =>
      [...places].reduce((all, place) => all + count(place), 0);
    this.#all = placesOf.map((places) => new Candidates(observations, places));
    this.#plenty = placesOf.map(
      (places) =>
        new Candidates(
          observations,
          places.filter((place) => count(place) >= enough),
        ),
    );
    this.#few = placesOf.map((places) => sum(places.filter((place) => count(place) < enough)));
    this.#total = sum(new Set(placesOf.flat()));
  }

  /** The candidates of a slot. */
  of({ leaf, ofPlenty }: Arrangement["slots"][number]): Candidates {
    return (ofPlenty ? this.#plenty : this.#all)[leaf] as Candidates;
  }

  /** The tree without what these observations are too few for; undefined when nothing is left. */
  prune(root: Node): Node | undefined {
    return leastSlots(root) > this.#total ? undefined : this.#pruned(root);
  }

  #pruned(node: Node): Node | undefined {
    switch (node.kind) {
      case "leaf":
      case "plenty":
        return this.#all[node.leaf]?.length === 0 ? undefined : node;
      case "any": {
        const operands = this.#prunedAll(node.operands);
        return operands.length === 0 ? undefined : { ...node, operands };
      }
      case "all":
      case "sequence": {
        const operands = this.#prunedAll(node.operands);
        return operands.length < node.operands.length ? undefined : { ...node, operands };
      }
      case "ruled": {
        const inner = this.#pruned(node.node);
        return inner && { ...node, node: inner };
      }
      case "repeats": {
        const inner = this.#pruned(node.node);
        return inner?.kind === "leaf"
          ? this.#repeated(inner.leaf, node.times)
          : inner && { ...node, node: inner };
      }
    }
  }

  #prunedAll(nodes: readonly Node[]): readonly Node[] {
    return nodes.map((node) => this.#pruned(node)).filter((node) => node !== undefined);
  }

  /**
   * So many copies of a leaf. Where those that run out are too few, an observation of plenty is among them, and can
   * stand for all but one at its one instant: two slots then have the same answers, whatever the number of copies.
   */
  #repeated(leaf: number, times: number): Node | undefined {
    const node: Node = { kind: "leaf", leaf };
    if (times <= (this.#few[leaf] as number)) return { kind: "repeats", node, times };
    if (this.#plenty[leaf]?.length === 0) return undefined;
    return times > 2 ? { kind: "plenty", leaf } : { kind: "repeats", node, times };
  }

  /** Whether each slot can have an observation of its own (a flow from observations to leaves is large enough). */
  isEnoughFor({ slots }: Arrangement, budget: SearchBudget): boolean {
    const needs = new Map<Candidates, number>();
    for (const slot of slots) {
      const list = this.of(slot);
      needs.set(list, (needs.get(list) ?? 0) + 1);
    }
    // Where each list, in the order of their sizes, has room for what the smaller ones may have taken, all is well.
    let taken = 0;
    const isPlain = [...needs]
      .toSorted(([a], [b]) => a.total - b.total)
      .every(([list, need]) => {
        taken += need;
        return list.total >= taken;
      });
    return isPlain || flows(needs, budget);
  }
}

/** Gives each list what it needs, moving what others took where that makes room (augmenting paths). */
function flows(needs: ReadonlyMap<Candidates, number>, budget: SearchBudget): boolean {
  const left = new Map<number, number>();
  const takers = new Map<number, Map<Candidates, number>>();
  for (const list of needs.keys()) {
    for (const [index, place] of list.places.entries()) left.set(place, list.capacity(index));
  }
  const take = (list: Candidates, place: number, by: number): void => {
    const its = takers.get(place) ?? new Map<Candidates, number>();
    its.set(list, (its.get(list) ?? 0) + by);
    takers.set(place, its);
  };
  const serve = (list: Candidates): boolean => {
    /** How each place was come to: a list that wants it, and the place that this list would let go. */
    const cameBy = new Map<
      number,
      { readonly list: Candidates; readonly from: number | undefined }
    >();
    const seen = new Set<Candidates>([list]);
    const queue: { readonly list: Candidates; readonly from: number | undefined }[] = [
      { list, from: undefined },
    ];
    for (const step of queue) {
      for (const place of step.list.places) {
        budget.take(1);
        if (cameBy.has(place)) continue;
        cameBy.set(place, step);
        const free = left.get(place) as number;
        if (free > 0) {
          left.set(place, free - 1);
          let at: number | undefined = place;
          while (at !== undefined) {
            const way = cameBy.get(at) as (typeof queue)[number];
            take(way.list, at, 1);
            if (way.from !== undefined) take(way.list, way.from, -1);
            at = way.from;
          }
          return true;
        }
        for (const [other, count] of takers.get(place) ?? []) {
          if (count > 0 && !seen.has(other)) {
            seen.add(other);
            queue.push({ list: other, from: place });
          }
        }
      }
    }
    return false;
  };
  for (const [list, need] of needs) {
    for (let i = 0; i < need; i++) {
      if (!serve(list)) return false;
    }
  }
  return true;
}
