import type { Scope } from "../../core/access/scopes.ts";
import type { ApiKeyStore } from "../../core/ports.ts";
import type { ApiKeyRecord } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteApiKeyStore implements ApiKeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async any(): Promise<boolean> {
    return this.#database.get("SELECT 1 FROM api_key LIMIT 1") !== undefined;
  }

  async add(key: ApiKeyRecord): Promise<boolean> {
    const added = this.#database.run(
      `INSERT INTO api_key (id, name, hash, scopes, created_at, expires_at, last_used_at, revoked_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      key.id,
      key.name,
      key.hash,
      JSON.stringify(key.scopes),
      key.createdAt,
      key.expiresAt ?? null,
      key.lastUsedAt ?? null,
      key.revokedAt ?? null,
    );
    return added === 1;
  }

  async get(id: string): Promise<ApiKeyRecord | undefined> {
    const row = this.#database.get("SELECT * FROM api_key WHERE id = ?", id);
    return row === undefined ? undefined : toKey(row);
  }

  async list(): Promise<readonly ApiKeyRecord[]> {
    return this.#database.all("SELECT * FROM api_key ORDER BY number").map(toKey);
  }

  async revoke(id: string, at: number): Promise<boolean> {
    const sql = "UPDATE api_key SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?";
    return this.#database.run(sql, at, id) === 1;
  }

  async touch(id: string, at: number): Promise<void> {
    this.#database.run(
      "UPDATE api_key SET last_used_at = max(coalesce(last_used_at, ?1), ?1) WHERE id = ?2",
      at,
      id,
    );
  }
}

function toKey(row: Record<string, unknown>): ApiKeyRecord {
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    hash: String(row["hash"]),
    scopes: fromJson<Scope[]>(row["scopes"]),
    createdAt: Number(row["created_at"]),
    expiresAt: time(row["expires_at"]),
    lastUsedAt: time(row["last_used_at"]),
    revokedAt: time(row["revoked_at"]),
  };
}

function time(value: unknown): number | undefined {
  return value === null ? undefined : Number(value);
}
