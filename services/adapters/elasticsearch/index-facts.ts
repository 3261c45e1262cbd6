import { z } from "zod";
import type { EngineClient } from "./client.ts";

/** Settings of an index that decide how its shards are read. */
export interface IndexFacts {
  /** Documents become visible at this interval; undefined: never by themselves; 0: not known. */
  readonly refreshMs: number | undefined;
  /** Replicas are copied by segment; where it is not known, they may be. */
  readonly mayCopySegments: boolean;
  /** Two documents of a shard may have one number: those of an index made by shrinking another. */
  readonly mayShareNumbers: boolean;
  /** Documents have no numbers to read them by. */
  readonly lacksNumbers: boolean;
  /** It stands in a tier that is slow to search. */
  readonly isCold: boolean;
  /** Most hits that one search may give. */
  readonly window: number;
}

const answerShape = z.record(
  z.string(),
  z.object({
    settings: z.record(z.string(), z.unknown()),
    defaults: z.record(z.string(), z.unknown()).optional(),
  }),
);

const WINDOW = 10_000;
const UNKNOWN: IndexFacts = {
  refreshMs: 0,
  mayCopySegments: true,
  mayShareNumbers: true,
  lacksNumbers: false,
  isCold: false,
  window: WINDOW,
};

/** Asks for an index's settings; what may not be asked is taken for the worst. */
export async function askIndexFacts(client: EngineClient, index: string): Promise<IndexFacts> {
  const answer = await client.call({
    method: "GET",
    path: `/${encodeURIComponent(index)}/_settings`,
    query: { flat_settings: true },
    absent: [403, 404],
  });
  const one = answer === undefined ? undefined : answerShape.parse(answer)[index];
  if (one === undefined) {
    return UNKNOWN;
  }
  const setting = (name: string): string | undefined => {
    const value = one.settings[`index.${name}`];
    return typeof value === "string" ? value : undefined;
  };
  const window = Number(setting("max_result_window") ?? WINDOW);
  return {
    refreshMs: refreshMs(setting("refresh_interval") ?? "1s"),
    mayCopySegments: setting("replication.type") === "SEGMENT",
    mayShareNumbers: ["resize.source.uuid", "shrink.source.uuid"].some(
      (name) => setting(name) !== undefined,
    ),
    lacksNumbers: setting("disable_sequence_numbers") === "true",
    isCold: isCold(setting),
    window: Math.min(WINDOW, window),
  };
}

/** Cold and frozen tiers of Elasticsearch, frozen indices of 7, snapshots that are searched where they lie. */
function isCold(setting: (name: string) => string | undefined): boolean {
  const tier = setting("routing.allocation.include._tier_preference") ?? "";
  return (
    /^data_(?:cold|frozen)/.test(tier) ||
    setting("frozen") === "true" ||
    ["snapshot", "remote_snapshot"].includes(setting("store.type") ?? "")
  );
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function refreshMs(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Number(number) * factor;
}
