import { z } from "zod";
import type { EngineClient } from "./client.ts";

/** What engines do differently. Found by asking, here and nowhere else; nobody asks which engine it is. */
export interface Capabilities {
  /** A search may name the primary copy: replicas that are copied by segment lag behind the checkpoint. */
  readonly canNamePrimary: boolean;
  /** A value that was too long for its field leaves a mark in `_ignored`. */
  readonly marksOverlong: boolean;
  /** A `wildcard` field keeps its values in a form that can be listed, unless the mapping says otherwise. */
  readonly listsWildcard: boolean;
}

const root = z.object({ version: z.object({ distribution: z.string().optional() }) });

/** Asks an engine; one that does not say what it is (a key without cluster rights) is tried on an index. */
export async function askCapabilities(client: EngineClient, index: string): Promise<Capabilities> {
  const answer = await client.call({ method: "GET", path: "/", absent: [401, 403, 405] });
  const known = root.safeParse(answer);
  if (known.success) {
    const isOpenSearch = known.data.version.distribution === "opensearch";
    return {
      canNamePrimary: isOpenSearch,
      marksOverlong: !isOpenSearch,
      listsWildcard: !isOpenSearch,
    };
  }
  const tried = await client.call({
    method: "POST",
    path: `/${encodeURIComponent(index)}/_search`,
    query: { preference: "_primary" },
    body: { size: 0 },
    absent: [400],
  });
  return { canNamePrimary: tried !== undefined, marksOverlong: false, listsWildcard: false };
}
