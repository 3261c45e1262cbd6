import type { ImportStore } from "../../core/ports.ts";
import type { ImportRecord } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteImportStore implements ImportStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(record: ImportRecord): Promise<void> {
    this.#database.run(
      `INSERT INTO import (id, record) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
      record.id,
      JSON.stringify(record),
    );
  }

  async get(id: string): Promise<ImportRecord | undefined> {
    const row = this.#database.get("SELECT record FROM import WHERE id = ?", id);
    return row === undefined ? undefined : fromJson<ImportRecord>(row["record"]);
  }

  async list(
    after: number,
    limit: number,
  ): Promise<readonly (ImportRecord & { number: number })[]> {
    return this.#database
      .all(
        "SELECT number, record FROM import WHERE number > ? ORDER BY number LIMIT ?",
        after,
        limit,
      )
      .map((row) => ({
        ...fromJson<ImportRecord>(row["record"]),
        number: Number(row["number"]),
      }));
  }
}
