import { ServiceError } from "../errors.ts";
import type { ApiKeyStore, Clock, KeySecrets } from "../ports.ts";
import type { ApiKeyRecord } from "../records.ts";
import type { Token } from "./token.ts";

/** Makes the record of the key that the settings name: scope admin, no expiry. */
export function pinnedKey({ id, secret }: Token, secrets: KeySecrets, now: Clock): ApiKeyRecord {
  return {
    id,
    name: "ADMIN_API_KEY",
    hash: secrets.hash(secret),
    scopes: ["admin"],
    createdAt: now(),
    expiresAt: undefined,
    lastUsedAt: undefined,
    revokedAt: undefined,
  };
}

/**
 * A store of keys with one more, which is good as long as the settings name it. It is never written: a start with
 * another one replaces it, a start without takes it away, and nothing of it is left.
 */
export class PinnedKeys implements ApiKeyStore {
  readonly #store: ApiKeyStore;
  #pinned: ApiKeyRecord;

  constructor(store: ApiKeyStore, pinned: ApiKeyRecord) {
    this.#store = store;
    this.#pinned = pinned;
  }

  async any(): Promise<boolean> {
    return true;
  }

  async add(key: ApiKeyRecord): Promise<boolean> {
    return key.id === this.#pinned.id ? false : this.#store.add(key);
  }

  async get(id: string): Promise<ApiKeyRecord | undefined> {
    return id === this.#pinned.id ? this.#pinned : this.#store.get(id);
  }

  async list(): Promise<readonly ApiKeyRecord[]> {
    const stored = await this.#store.list();
    return [this.#pinned, ...stored.filter(({ id }) => id !== this.#pinned.id)];
  }

  /** Throws `api/key-in-settings` for the pinned key: the next start would bring it back. */
  async revoke(id: string, at: number): Promise<boolean> {
    if (id === this.#pinned.id) {
      throw new ServiceError(
        "api/key-in-settings",
        `key ${id} stands in the settings: change or remove ADMIN_API_KEY and start again`,
      );
    }
    return this.#store.revoke(id, at);
  }

  async touch(id: string, at: number): Promise<void> {
    if (id === this.#pinned.id) {
      this.#pinned = { ...this.#pinned, lastUsedAt: Math.max(this.#pinned.lastUsedAt ?? at, at) };
    } else {
      await this.#store.touch(id, at);
    }
  }
}
