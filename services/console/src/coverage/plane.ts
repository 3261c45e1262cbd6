/** The plane of coverage as rectangles: events across, pattern revisions upwards, both from 0 to 1. Pure. */
import type { CoveragePartition } from "../api/answers.ts";

export interface Rectangle {
  readonly x: number;
  readonly width: number;
  /** From the bottom. */
  readonly height: number;
  /** Met by rules that are not today's: it is swept again. */
  readonly isStale: boolean;
}

/** Below each is what has met; what lies above, and right of the last, has not. */
export function rectangles(
  { pieces, bound }: Pick<CoveragePartition, "pieces" | "bound">,
  revision: number,
  semantics: number,
): readonly Rectangle[] {
  if (bound === 0 || revision === 0) return [];
  let from = 0;
  return pieces.flatMap((piece) => {
    const to = Math.min(piece.to, bound);
    const [x, width] = [from / bound, (to - from) / bound];
    from = Math.max(from, to);
    const height = Math.min(piece.revision, revision) / revision;
    return width <= 0 || height <= 0
      ? []
      : [{ x, width, height, isStale: piece.semantics !== semantics }];
  });
}
