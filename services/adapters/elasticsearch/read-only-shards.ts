/** What can be known of shards with no right but `read`: by searches alone. Not exact: see `store/not-exact`. */
import { z } from "zod";
import type { EngineClient } from "./client.ts";
import { searchShard, type ShardTarget } from "./search-shard.ts";
import type { ShardLog } from "./shard-stats.ts";

const resolved = z.object({
  indices: z.array(z.object({ name: z.string(), attributes: z.array(z.string()) })),
  aliases: z.array(z.object({ indices: z.array(z.string()) })).optional(),
  data_streams: z.array(z.object({ backing_indices: z.array(z.string()) })).optional(),
});
const total = z.object({ _shards: z.object({ total: z.number() }) });
const oneHit = z.object({
  hits: z.object({
    hits: z.array(z.object({ _id: z.string(), sort: z.tuple([z.number()]) })),
  }),
});

/** Lists open shards by searching them. The log's name is the index's, and the id of its first document. */
export async function listByReading(
  client: EngineClient,
  path: string,
): Promise<readonly ShardLog[]> {
  const answer = await client.call({
    method: "GET",
    path: `/_resolve/index/${path}`,
    query: { expand_wildcards: "open" },
    absent: [403, 404],
  });
  if (answer === undefined) {
    return [];
  }
  const { indices, aliases = [], data_streams = [] } = resolved.parse(answer);
  const closed = new Set(indices.filter(isClosed).map(({ name }) => name));
  const names = new Set([
    ...indices.map(({ name }) => name),
    ...aliases.flatMap((alias) => alias.indices),
    ...data_streams.flatMap((stream) => stream.backing_indices),
  ]);
  const logs: ShardLog[] = [];
  for (const index of names.difference(closed)) {
    const count = await client.call({
      method: "POST",
      path: `/${encodeURIComponent(index)}/_search`,
      body: { size: 0, track_total_hits: false },
      absent: [400, 403, 404],
    });
    const shards = count === undefined ? 0 : total.parse(count)._shards.total;
    for (let shard = 0; shard < shards; shard++) {
      const log = await readLog(client, { index, shard, onPrimary: false });
      if (log !== undefined) {
        logs.push(log);
      }
    }
  }
  return logs;
}

function isClosed({ attributes }: { readonly attributes: readonly string[] }): boolean {
  return attributes.includes("closed");
}

async function readLog(client: EngineClient, target: ShardTarget): Promise<ShardLog | undefined> {
  const ends = await Promise.all(
    (["asc", "desc"] as const).map(async (order) => {
      const body = { size: 1, sort: [{ _seq_no: order }], _source: false, track_total_hits: false };
      return oneHit.parse(await searchShard(client, target, body)).hits.hits[0];
    }),
  );
  const [first, last] = ends;
  if (first === undefined || last === undefined) {
    return undefined;
  }
  return {
    index: target.index,
    uuid: `~${target.index}`,
    shard: target.shard,
    history: `${first.sort[0]}~${encodeURIComponent(first._id)}`,
    checkpoint: last.sort[0],
    highest: last.sort[0],
    node: "",
  };
}
