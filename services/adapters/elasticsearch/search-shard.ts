import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { EngineClient } from "./client.ts";

/** One shard, and which of its copies answers. */
export interface ShardTarget {
  readonly index: string;
  readonly shard: number;
  /** Reads the primary copy: replicas may lag behind. */
  readonly onPrimary: boolean;
}

export type Query = Readonly<Record<string, unknown>>;

const whole = z.object({
  timed_out: z.literal(false),
  terminated_early: z.boolean().optional(),
  _shards: z.object({ total: z.literal(1), successful: z.literal(1), failed: z.literal(0) }),
});

/**
 * Searches one shard. The answer is whole or it is an error: `store/partial-answer` where a shard failed, timed out or
 * is another number of shards than the one that was asked, `store/partition-unreadable` where the index is not open.
 */
export async function searchShard(
  client: EngineClient,
  { index, shard, onPrimary }: ShardTarget,
  body: Query,
): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await client.call({
      method: "POST",
      path: `/${encodeURIComponent(index)}/_search`,
      query: {
        preference: `_shards:${shard}${onPrimary ? "|_primary" : ""}`,
        allow_partial_search_results: false,
        ignore_unavailable: false,
        allow_no_indices: false,
        request_cache: false,
      },
      body,
    });
  } catch (error) {
    throw isNotOpen(error)
      ? unreadable(`${index}/${shard}`, "the index is not open", error)
      : error;
  }
  const parsed = whole.safeParse(answer);
  // OpenSearch 3 says it of whole aggregations that it takes from the index without a look at each document [measured:
  // every value and every count is there]. Of documents it would mean that some are missing.
  const isCut = parsed.data?.terminated_early === true && !(body["size"] === 0 && "aggs" in body);
  if (!parsed.success || isCut) {
    throw new ServiceError(
      "store/partial-answer",
      `${index}: shard ${shard} did not answer whole`,
      {
        retryable: true,
        facts: { index, shard },
      },
    );
  }
  return answer;
}

/** The failure of reading a partition that is not there, or not as far as was asked. */
export function unreadable(partition: string, reason: string, cause?: unknown): ServiceError {
  return new ServiceError("store/partition-unreadable", `partition ${partition}: ${reason}`, {
    cause,
    facts: { partition },
  });
}

function isNotOpen(error: unknown): boolean {
  if (!(error instanceof ServiceError)) {
    return false;
  }
  return error.facts["status"] === 404 || error.facts["type"] === "index_closed_exception";
}
