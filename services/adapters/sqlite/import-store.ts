import type { ImportStore } from "../../core/ports.ts";
import type { ImportEntry, ImportRecord } from "../../core/records.ts";
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

  async putPart(id: string, part: number, entries: readonly ImportEntry[]): Promise<void> {
    this.#database.run(
      "INSERT OR REPLACE INTO import_part VALUES (?, ?, ?)",
      id,
      part,
      JSON.stringify(entries),
    );
  }

  async parts(id: string): Promise<ReadonlyMap<number, readonly ImportEntry[]>> {
    const rows = this.#database.all(
      "SELECT part, entries FROM import_part WHERE import = ? ORDER BY part",
      id,
    );
    return new Map(
      rows.map((row) => [Number(row["part"]), fromJson<ImportEntry[]>(row["entries"])] as const),
    );
  }

  async dropParts(id: string): Promise<void> {
    this.#database.run("DELETE FROM import_part WHERE import = ?", id);
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
