/** What every composition gives to the core, whatever stands behind its ports. */
import { readFeed } from "../../feeds/formats/index.ts";
import { contentHash, sha256Hash } from "../adapters/crypto/hash.ts";
import { keySecrets } from "../adapters/crypto/key-secrets.ts";
import { re2 } from "../adapters/regex/re2.ts";
import { WarningListFolder } from "../adapters/warning-lists/warning-list-folder.ts";
import { PinnedKeys, pinnedKey } from "../core/access/pinned-keys.ts";
import type { Token } from "../core/access/token.ts";
import { importFeed, type ImportDeps } from "../core/ingest/import-feed.ts";
import { makeCompiler } from "../core/match/compile.ts";
import type { State } from "../core/ports.ts";
import type { ImportRecord } from "../core/records.ts";
import type { WarningLists } from "../core/suppress/warning-lists.ts";
import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";

export const coreDeps = {
  hash: sha256Hash,
  now: (): number => Date.now(),
  elapsed: (): number => performance.now(),
  compile: makeCompiler(re2),
  regex: re2,
} as const;

const WARNINGLISTS_PAUSE_MS = 10_000;

/** The warning lists of a folder, looked at anew every ten seconds. */
export function warningListsOf(
  config: Config,
  logger: Pick<Logger, "warn">,
): () => Promise<WarningLists> {
  const lists = new WarningListFolder({
    folder: config.WARNINGLISTS_DIR,
    holding: config.WARNINGLISTS_HOLD,
    regex: re2,
    elapsed: coreDeps.elapsed,
    pauseMs: WARNINGLISTS_PAUSE_MS,
    problem: (message) => logger.warn(message),
  });
  return async () => lists.current();
}

export function importDeps(
  config: Config,
  state: State,
  warningLists: () => Promise<WarningLists>,
): ImportDeps {
  const options = { mode: config.MATCH_MODE, subdomains: config.SUBDOMAINS };
  return { ...coreDeps, state, read: readFeed, options, warningLists };
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
