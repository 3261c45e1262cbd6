import { z } from "zod";
import type { EngineClient } from "./client.ts";

const state = z.object({
  metadata: z.object({
    "index-graveyard": z.object({
      tombstones: z.array(z.object({ index: z.object({ index_uuid: z.string() }) })),
    }),
  }),
});

/**
 * UUIDs of indices that were deleted, as far back as the cluster remembers (500 by default). Absence is no evidence: a
 * key may lack the right to see an index. Empty without the cluster right `monitor`.
 */
export async function deletedUuids(client: EngineClient): Promise<ReadonlySet<string>> {
  const answer = await client.call({
    method: "GET",
    path: "/_cluster/state/metadata",
    query: { filter_path: "metadata.index-graveyard" },
    absent: [401, 403],
  });
  const parsed = state.safeParse(answer);
  return new Set(
    parsed.data?.metadata["index-graveyard"].tombstones.map(({ index }) => index.index_uuid),
  );
}
