/**
 * Coverage of one partition as a piecewise function: position → (revision, semantics).
 * "An event at position p has met every live pattern up to that revision, by those rules."
 */
import type { Piece } from "../records.ts";

/** Work done or to do: positions (from, to] × revisions (below, revision]. */
export interface Rectangle {
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  readonly below: number;
  readonly revision: number;
  readonly semantics: number;
  /** Covered before, by rules that have changed since. */
  readonly stale: boolean;
}

/** A row grows no longer than this: beyond it, neighbours merge to the lower coverage, which is always safe. */
export const MAX_PIECES = 64;

const NOTHING = { revision: 0, semantics: 0 };

/** Orders coverage: newer rules first, then the higher revision. */
function isLess(
  a: Pick<Piece, "revision" | "semantics">,
  b: Pick<Piece, "revision" | "semantics">,
): boolean {
  return a.semantics < b.semantics || (a.semantics === b.semantics && a.revision < b.revision);
}

function lower(a: Piece, b: Piece): Pick<Piece, "revision" | "semantics"> {
  return isLess(b, a) ? b : a;
}

/** Says what is covered at a position. */
export function coverageAt(pieces: readonly Piece[], position: number): Omit<Piece, "to"> {
  return pieces.find((piece) => position <= piece.to) ?? NOTHING;
}

/**
 * Joins finished work into a row. Monotone: coverage never falls. Where a row does not reach the
 * work's lower revision there would be a hole between the two, so nothing is credited there.
 */
export function advance(pieces: readonly Piece[], done: Rectangle): readonly Piece[] {
  const borders = new Set(pieces.map((piece) => piece.to));
  borders.add(done.from).add(done.to);
  const joined: Piece[] = [];
  let start = 0;
  for (const to of [...borders].toSorted((a, b) => a - b)) {
    if (to === 0) {
      continue;
    }
    const old = coverageAt(pieces, to);
    const inside = start >= done.from && to <= done.to;
    const reaches =
      done.below === 0 || (old.semantics === done.semantics && old.revision >= done.below);
    const better = inside && reaches && isLess(old, done);
    joined.push({
      to,
      revision: better ? done.revision : old.revision,
      semantics: better ? done.semantics : old.semantics,
    });
    start = to;
  }
  return forget(mergeEqual(joined));
}

function mergeEqual(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last?.revision === piece.revision && last.semantics === piece.semantics) {
      merged[merged.length - 1] = piece;
    } else {
      merged.push(piece);
    }
  }
  // Nothing is said about positions after the last covered one.
  while (merged.at(-1)?.revision === 0) {
    merged.pop();
  }
  return merged;
}

/** Shortens a row by merging the shortest piece with a neighbour, to the lower coverage of the two. */
function forget(pieces: readonly Piece[]): readonly Piece[] {
  let row = [...pieces];
  while (row.length > MAX_PIECES) {
    let shortest = 0;
    let length = Infinity;
    for (let i = 0; i + 1 < row.length; i++) {
      const span = (row[i + 1]?.to ?? 0) - (row[i - 1]?.to ?? 0);
      if (span < length) {
        length = span;
        shortest = i;
      }
    }
    const [a, b] = [row[shortest], row[shortest + 1]];
    if (a === undefined || b === undefined) {
      return row;
    }
    const kept = lower(a, b);
    row.splice(shortest, 2, { to: b.to, revision: kept.revision, semantics: kept.semantics });
    row = mergeEqual(row);
  }
  return row;
}

/** Coverage of a log that ends at `bound` now: what comes after it is new, whatever stood there before. */
export function cutAt(pieces: readonly Piece[], bound: number): readonly Piece[] {
  const inside = pieces.filter(({ to }) => to <= bound);
  const across = pieces[inside.length];
  const start = inside.at(-1)?.to ?? 0;
  return across === undefined || bound <= start ? inside : [...inside, { ...across, to: bound }];
}

/** Lists what a partition has not met: never more than one rectangle a piece, in order of position. */
export function uncovered(
  partition: string,
  pieces: readonly Piece[],
  bound: number,
  revision: number,
  semantics: number,
): readonly Rectangle[] {
  const todo: Rectangle[] = [];
  let from = 0;
  for (const piece of [...pieces, { to: bound, ...NOTHING }]) {
    const to = Math.min(piece.to, bound);
    if (to <= from) {
      continue;
    }
    const same = piece.semantics === semantics;
    // A worker with newer rules has been here: it is not for us to lower what it wrote.
    const ahead = piece.semantics > semantics;
    const below = same ? piece.revision : 0;
    if (!ahead && below < revision) {
      const stale = !same && piece.revision > 0;
      todo.push({ partition, from, to, below, revision, semantics, stale });
    }
    from = to;
  }
  return todo;
}

/** Measures coverage in events × revisions: `covered` by the current rules, `stale` by older ones, of `total`. */
export function measure(
  pieces: readonly Piece[],
  bound: number,
  revision: number,
  semantics: number,
): { readonly covered: number; readonly stale: number; readonly total: number } {
  let covered = 0;
  let stale = 0;
  let from = 0;
  for (const piece of pieces) {
    const area = (Math.min(piece.to, bound) - from) * Math.min(piece.revision, revision);
    if (area > 0 && piece.semantics >= semantics) {
      covered += area;
    } else if (area > 0) {
      stale += area;
    }
    from = Math.min(piece.to, bound);
  }
  return { covered, stale, total: bound * revision };
}
