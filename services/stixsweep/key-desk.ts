import { addKey, type AccessDeps } from "../core/access/access.ts";
import type { Scope } from "../core/access/scopes.ts";
import { ServiceError } from "../core/errors.ts";
import type { AuditStore } from "../core/ports.ts";
import { describeKey, newKey, type KeyDescription } from "../api/keys.ts";
import { readFields } from "../api/query.ts";

export interface WantedKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339. */
  readonly expiresAt?: string;
}

/** Where keys are made and revoked: the data folder, or the API of the server that holds it. */
export interface KeyDesk {
  add(wanted: WantedKey): Promise<KeyDescription & { readonly token: string }>;
  list(): Promise<readonly KeyDescription[]>;
  revoke(id: string): Promise<KeyDescription>;
}

/** Works on a data folder, with the checks that the API makes. Its first key may have any scope: here is always a way in. */
export class FolderKeyDesk implements KeyDesk {
  readonly #deps: AccessDeps & { readonly audit: AuditStore };

  constructor(deps: AccessDeps & { readonly audit: AuditStore }) {
    this.#deps = deps;
  }

  async add(wanted: WantedKey): Promise<KeyDescription & { token: string }> {
    const { name, scopes, expiresAt } = readFields(newKey, wanted, "api/invalid-body");
    const { key, token } = await addKey(this.#deps, { name, scopes, expiresAt });
    await this.#keep("keys add", key.id, { name, scopes });
    return { ...describeKey(key), token };
  }

  async list(): Promise<readonly KeyDescription[]> {
    return (await this.#deps.apiKeys.list()).map(describeKey);
  }

  async revoke(id: string): Promise<KeyDescription> {
    await this.#deps.apiKeys.revoke(id, this.#deps.now());
    const key = await this.#deps.apiKeys.get(id);
    if (key === undefined) {
      throw new ServiceError("api/not-found", "there is no such key");
    }
    await this.#keep("keys revoke", id, {});
    return describeKey(key);
  }

  async #keep(action: string, subject: string, detail: object): Promise<void> {
    const { audit, now } = this.#deps;
    await audit.add({ at: now(), by: "local", action, subject, detail: { ...detail } });
  }
}
