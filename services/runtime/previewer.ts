import type { PatternSet } from "stix2-ts";
import { contentHash } from "../adapters/crypto/hash.ts";
import type { EventStore, Picker, State } from "../core/ports.ts";
import { previewFeed, type Preview } from "../core/preview/preview.ts";
import type { WarningLists } from "../core/suppress/warning-lists.ts";
import { Turns } from "../core/turns.ts";
import type { Config } from "./config.ts";
import { coreDeps, importDeps } from "./core-deps.ts";

/** Tells what importing a file would do; `since`: events before it are not counted. */
export type MakePreview = (name: string, bytes: Uint8Array, since: number) => Promise<Preview>;

/** Somebody waits for the answer, and the engine has other work. */
const LIMITS = { mostMs: 10_000, mostMatches: 200_000 };

/** Makes previews one after another: each may read much. */
export function makePreviewer(
  config: Config,
  state: State,
  events: EventStore,
  warningLists: () => Promise<WarningLists>,
  makePicker?: (set: PatternSet) => Picker,
): MakePreview {
  const turns = new Turns();
  const deps = {
    ...importDeps(config, state, warningLists),
    ...coreDeps,
    state,
    events,
    warningLists,
    ...(makePicker !== undefined && { makePicker }),
  };
  return async (name, bytes, since) =>
    turns.take(async () => {
      const file = { feed: "upload", name, bytes, content: contentHash(bytes) };
      return previewFeed(deps, file, { ...LIMITS, since });
    });
}
