import type { Bookmarks } from "../../core/ports.ts";
import type { Database } from "./database.ts";

export class SqliteBookmarks implements Bookmarks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(name: string): Promise<number> {
    const row = this.#database.get("SELECT value FROM bookmark WHERE name = ?", name);
    return Number(row?.["value"] ?? 0);
  }

  async set(name: string, value: number): Promise<void> {
    this.#database.run("INSERT OR REPLACE INTO bookmark VALUES (?, ?)", name, value);
  }

  async dirty(): Promise<readonly string[]> {
    return this.#database
      .all("SELECT pattern FROM dirty ORDER BY pattern")
      .map((row) => String(row["pattern"]));
  }

  async soil(patterns: readonly string[]): Promise<void> {
    this.#each("INSERT OR IGNORE INTO dirty VALUES (?)", patterns);
  }

  async clean(patterns: readonly string[]): Promise<void> {
    this.#each("DELETE FROM dirty WHERE pattern = ?", patterns);
  }

  #each(sql: string, patterns: readonly string[]): void {
    this.#database.transaction(() => {
      for (const pattern of patterns) {
        this.#database.run(sql, pattern);
      }
    });
  }
}
