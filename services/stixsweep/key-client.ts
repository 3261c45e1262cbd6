import { z } from "zod";
import type { KeyDescription } from "../api/keys.ts";
import { SCOPES } from "../core/access/scopes.ts";
import type { ApiClient } from "./api-client.ts";
import type { KeyDesk, WantedKey } from "./key-desk.ts";

const time = z.string().nullable();
const description = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time,
  revokedAt: time,
});

/** Works through the API of a server that runs. */
export class ApiKeyDesk implements KeyDesk {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  async add(wanted: WantedKey): Promise<KeyDescription & { token: string }> {
    const added = description.extend({ token: z.string() });
    return this.#api.ask("POST", "keys", added, JSON.stringify(wanted));
  }

  async list(): Promise<readonly KeyDescription[]> {
    return (await this.#api.ask("GET", "keys", z.object({ keys: z.array(description) }))).keys;
  }

  async revoke(id: string): Promise<KeyDescription> {
    return this.#api.ask("DELETE", `keys/${encodeURIComponent(id)}`, description);
  }
}
