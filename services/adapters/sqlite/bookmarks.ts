import type { Bookmarks, DirtyPattern } from "../../core/ports.ts";
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

  async dirty(): Promise<readonly DirtyPattern[]> {
    return this.#database
      .all("SELECT pattern, mark FROM dirty ORDER BY pattern")
      .map((row) => ({ pattern: String(row["pattern"]), mark: String(row["mark"]) }));
  }

  async soil(patterns: readonly string[]): Promise<void> {
    this.#database.transaction(() => {
      for (const pattern of patterns) {
        this.#database.run("INSERT OR REPLACE INTO dirty (pattern) VALUES (?)", pattern);
      }
    });
  }

  async clean(marks: readonly DirtyPattern[]): Promise<void> {
    this.#database.transaction(() => {
      for (const { mark } of marks) {
        this.#database.run("DELETE FROM dirty WHERE mark = ?", Number(mark));
      }
    });
  }
}
