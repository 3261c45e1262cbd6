import type { RecordStore, Versioned } from "../../core/ports.ts";
import type { RecordKinds } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteRecordStore implements RecordStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list<K extends keyof RecordKinds>(kind: K): Promise<readonly Versioned<RecordKinds[K]>[]> {
    return this.#database
      .all("SELECT * FROM record WHERE kind = ? ORDER BY id", kind)
      .map((row) => toVersioned<RecordKinds[K]>(row));
  }

  async get<K extends keyof RecordKinds>(
    kind: K,
    id: string,
  ): Promise<Versioned<RecordKinds[K]> | undefined> {
    const row = this.#database.get("SELECT * FROM record WHERE kind = ? AND id = ?", kind, id);
    return row && toVersioned<RecordKinds[K]>(row);
  }

  async compareAndSet<K extends keyof RecordKinds>(
    kind: K,
    { id, version, record }: Versioned<RecordKinds[K]>,
  ): Promise<boolean> {
    const text = JSON.stringify(record);
    const changed =
      version === 0
        ? this.#database.run("INSERT OR IGNORE INTO record VALUES (?, ?, 1, ?)", kind, id, text)
        : this.#database.run(
            `UPDATE record SET version = version + 1, record = ?
             WHERE kind = ? AND id = ? AND version = ?`,
            text,
            kind,
            id,
            version,
          );
    return changed === 1;
  }

  async remove(kind: keyof RecordKinds, id: string, version: number): Promise<boolean> {
    const sql = "DELETE FROM record WHERE kind = ? AND id = ? AND version = ?";
    return this.#database.run(sql, kind, id, version) === 1;
  }
}

function toVersioned<T>(row: Record<string, unknown>): Versioned<T> {
  return {
    id: String(row["id"]),
    version: Number(row["version"]),
    record: fromJson<T>(row["record"]),
  };
}
