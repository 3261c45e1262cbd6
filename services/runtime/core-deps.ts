/** What every composition gives to the core, whatever stands behind its ports. */
import { readFeed } from "../../feeds/formats/index.ts";
import { contentHash, sha256Hash } from "../adapters/crypto/hash.ts";
import { keySecrets } from "../adapters/crypto/key-secrets.ts";
import { re2 } from "../adapters/regex/re2.ts";
import { PinnedKeys, pinnedKey } from "../core/access/pinned-keys.ts";
import type { Token } from "../core/access/token.ts";
import { importFeed, type ImportDeps } from "../core/ingest/import-feed.ts";
import { makeCompiler } from "../core/match/compile.ts";
import type { State } from "../core/ports.ts";
import type { ImportRecord } from "../core/records.ts";
import type { Config } from "./config.ts";

export const coreDeps = {
  hash: sha256Hash,
  now: (): number => Date.now(),
  elapsed: (): number => performance.now(),
  compile: makeCompiler(re2),
} as const;

export function importDeps(config: Config, state: State): ImportDeps {
  const options = { mode: config.MATCH_MODE, subdomains: config.SUBDOMAINS };
  return { ...coreDeps, state, read: readFeed, options };
}

/** Imports a feed file in this process. */
export async function importBytes(
  deps: ImportDeps,
  feed: string,
  name: string,
  bytes: Uint8Array,
): Promise<ImportRecord> {
  return importFeed(deps, { feed, name, bytes, content: contentHash(bytes) });
}

/** A state with the key that the settings name among its keys, if they name one. */
export function withAdminKey<S extends State>(state: S, adminKey: Token | undefined): S {
  if (adminKey === undefined) {
    return state;
  }
  const pinned = pinnedKey(adminKey, keySecrets, coreDeps.now);
  return { ...state, apiKeys: new PinnedKeys(state.apiKeys, pinned) };
}
