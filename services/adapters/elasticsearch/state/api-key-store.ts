import type { ApiKeyStore } from "../../../core/ports.ts";
import type { ApiKeyRecord } from "../../../core/records.ts";
import { documentId, fromText, toText } from "./document.ts";
import type { StateIndex } from "./state-index.ts";

const KEY = "api-key";

interface Numbered extends ApiKeyRecord {
  readonly number: number;
}

/** A document a key; people make them, so they are few. */
export class ElasticsearchApiKeyStore implements ApiKeyStore {
  readonly #index: StateIndex;

  constructor(index: StateIndex) {
    this.#index = index;
  }

  async any(): Promise<boolean> {
    await this.#index.refresh();
    return (await this.#index.count({ term: { kind: KEY } })) > 0;
  }

  async add(key: ApiKeyRecord): Promise<boolean> {
    const number = (await this.#all()).length + 1;
    const source = { kind: KEY, record: toText({ ...key, number }) };
    return this.#index.writeOne({ id: documentId(KEY, key.id), action: "create", source });
  }

  async get(id: string): Promise<ApiKeyRecord | undefined> {
    const found = await this.#index.readOne(documentId(KEY, id));
    return found === undefined ? undefined : toKey(fromText<Numbered>(found));
  }

  async list(): Promise<readonly ApiKeyRecord[]> {
    return (await this.#all()).map(toKey);
  }

  async revoke(id: string, at: number): Promise<boolean> {
    return this.#change(id, (key) => ({ ...key, revokedAt: key.revokedAt ?? at }));
  }

  async touch(id: string, at: number): Promise<void> {
    await this.#change(id, (key) => ({ ...key, lastUsedAt: Math.max(key.lastUsedAt ?? at, at) }));
  }

  async #change(id: string, change: (key: Numbered) => Numbered): Promise<boolean> {
    for (;;) {
      const found = await this.#index.readOne(documentId(KEY, id));
      if (found === undefined) {
        return false;
      }
      const record = toText(change(fromText<Numbered>(found)));
      const source = { kind: KEY, record };
      if (await this.#index.writeOne({ id: found.id, action: "index", source, onlyAt: found })) {
        return true;
      }
    }
  }

  async #all(): Promise<readonly Numbered[]> {
    await this.#index.refresh();
    const found = await this.#index.all({ term: { kind: KEY } });
    return found
      .map((document) => fromText<Numbered>(document))
      .toSorted((a, b) => a.number - b.number || a.createdAt - b.createdAt);
  }
}

function toKey({ number: _number, ...key }: Numbered): ApiKeyRecord {
  return {
    ...key,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    revokedAt: key.revokedAt,
  };
}
