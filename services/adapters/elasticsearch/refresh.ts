import { z } from "zod";
import type { EngineClient } from "./client.ts";
import { statusOf } from "./failure.ts";
import { inLines, pathOf } from "./index-patterns.ts";
import { silentShards } from "./shard-stats.ts";

const answerShape = z.object({
  _shards: z.object({
    failed: z.number(),
    failures: z
      .array(z.object({ index: z.string().optional(), shard: z.number().optional() }))
      .optional(),
  }),
});

export interface Refreshed {
  /** Indices whose every running copy shows what it has. */
  readonly done: ReadonlySet<string>;
  /** Indices that we have no right to refresh. */
  readonly forbidden: ReadonlySet<string>;
  /** Indices that could not be refreshed, and why; others are not concerned. */
  readonly failed: ReadonlyMap<string, unknown>;
}

/** Refreshes indices, so that searches see all that their copies have. One that fails in part is in neither set. */
export async function refreshIndices(
  client: EngineClient,
  indices: readonly string[],
): Promise<Refreshed> {
  const done = new Set<string>();
  const forbidden = new Set<string>();
  const failed = new Map<string, unknown>();
  const refresh = async (names: readonly string[]): Promise<void> => {
    let answer: unknown;
    try {
      answer = await client.call({ method: "POST", path: `/${pathOf(names)}/_refresh` });
    } catch (error) {
      const status = statusOf((error as Error).cause);
      const [only, second] = names;
      if (only !== undefined && second !== undefined && isAboutOne(status)) {
        // One of them was closed, deleted or is not ours: each is asked alone.
        for (const name of names) {
          await refresh([name]);
        }
      } else if (only !== undefined && status === 403) {
        forbidden.add(only);
      } else if (only !== undefined && status === 500) {
        failed.set(only, error);
      } else if (!isAboutOne(status)) {
        throw error;
      }
      return;
    }
    const silent = silentShards(answerShape.parse(answer)._shards);
    for (const name of names) {
      if (![...silent].some((shard) => shard.startsWith(`${name}/`))) {
        done.add(name);
      }
    }
  };
  for (const names of inLines(indices)) {
    await refresh(names);
  }
  return { done, forbidden, failed };
}

function isAboutOne(status: number | undefined): boolean {
  return status === 400 || status === 403 || status === 404 || status === 500;
}
