import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { EngineClient } from "./client.ts";

/** A shard as its copies report it. */
export interface ShardLog {
  readonly index: string;
  readonly uuid: string;
  readonly shard: number;
  readonly history: string;
  /** The least global checkpoint of its copies: every operation up to here is on all of them. -1: none. */
  readonly checkpoint: number;
  /** The highest number that the primary has; below what was read before, the log was cut. */
  readonly highest: number;
  /** Node of the primary; another one after a failover. */
  readonly node: string;
}

const copy = z.object({
  routing: z.object({ state: z.string(), primary: z.boolean(), node: z.string().nullish() }),
  seq_no: z.object({ global_checkpoint: z.number(), max_seq_no: z.number() }).optional(),
  commit: z.object({ user_data: z.object({ history_uuid: z.string().optional() }) }).optional(),
});

const shards = z.object({
  failed: z.number(),
  failures: z
    .array(z.object({ index: z.string().optional(), shard: z.number().optional() }))
    .optional(),
});

const stats = z.object({
  _shards: shards,
  indices: z
    .record(
      z.string(),
      z.object({ uuid: z.string(), shards: z.record(z.string(), z.array(copy)).optional() }),
    )
    .optional(),
});

const FILTER = [
  "_shards",
  "indices.*.uuid",
  "indices.*.shards.*.routing",
  "indices.*.shards.*.seq_no",
  "indices.*.shards.*.commit.user_data.history_uuid",
].join(",");

/**
 * Lists the shards behind a name, a pattern, an alias or a data stream that can be read now: those of open indices
 * whose primary runs and whose copies have all answered. Undefined where the right to ask is missing.
 */
export async function listShards(
  client: EngineClient,
  path: string,
): Promise<readonly ShardLog[] | undefined> {
  const answer = await client.call({
    method: "GET",
    path: `/${path}/_stats/docs`,
    query: {
      level: "shards",
      expand_wildcards: "open",
      ignore_unavailable: true,
      allow_no_indices: true,
      filter_path: FILTER,
    },
    absent: [403, 404],
  });
  if (answer === undefined) {
    return undefined;
  }
  const { _shards, indices = {} } = stats.parse(answer);
  const silent = silentShards(_shards);
  return Object.entries(indices).flatMap(([index, { uuid, shards: byNumber = {} }]) =>
    Object.entries(byNumber).flatMap(([number, copies]) => {
      const log = logOf(index, uuid, Number(number), copies);
      return log === undefined || silent.has(`${index}/${number}`) ? [] : [log];
    }),
  );
}

/** Shards of which a copy gave no answer: what it has is not known, so they are not listed. */
export function silentShards({ failed, failures = [] }: z.infer<typeof shards>): Set<string> {
  if (failed > 0 && failures.length === 0) {
    throw new ServiceError("store/partial-answer", `${failed} shards gave no answer`, {
      retryable: true,
      facts: { failed },
    });
  }
  return new Set(failures.map(({ index = "", shard = 0 }) => `${index}/${shard}`));
}

function logOf(
  index: string,
  uuid: string,
  shard: number,
  copies: readonly z.infer<typeof copy>[],
): ShardLog | undefined {
  // A copy that is still being built takes no search; when it does, it has all that the others have.
  const running = copies.filter(({ routing }) => routing.state !== "INITIALIZING");
  const primary = running.find(({ routing }) => routing.primary);
  const history = primary?.commit?.user_data.history_uuid;
  const checkpoints = running.map(({ seq_no }) => seq_no?.global_checkpoint);
  const highest = primary?.seq_no?.max_seq_no;
  if (history === undefined || highest === undefined) {
    return undefined;
  }
  if (!checkpoints.every((one) => one !== undefined)) {
    return undefined;
  }
  const node = primary?.routing.node ?? "";
  return { index, uuid, shard, history, checkpoint: Math.min(...checkpoints), highest, node };
}
