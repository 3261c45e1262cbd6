import type { PatternStore } from "../../core/ports.ts";
import type { PatternInput, PatternOptions, PatternRecord } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

/** Records of one part of the changes. */
const PAGE = 5000;

export class SqlitePatternStore implements PatternStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async activate(patterns: readonly PatternInput[]): Promise<number> {
    return this.#database.transaction(() => {
      let changed = 0;
      for (const { key, pattern, options } of patterns) {
        const known = this.#database.get("SELECT live FROM pattern WHERE key = ?", key);
        if (known?.["live"] === 1) {
          continue;
        }
        this.#database.run(
          `INSERT INTO pattern (key, pattern, options, live, revision) VALUES (?, ?, ?, 1, ?)
           ON CONFLICT (key) DO UPDATE SET live = 1, revision = excluded.revision`,
          key,
          pattern,
          JSON.stringify(options),
          this.#nextRevision(),
        );
        changed += 1;
      }
      return changed;
    });
  }

  async retire(keys: readonly string[]): Promise<number> {
    return this.#touch(keys, 0);
  }

  async reregister(keys: readonly string[]): Promise<void> {
    this.#touch(keys, 1);
  }

  async bound(): Promise<number> {
    return Number(this.#database.get("SELECT last FROM revision")?.["last"] ?? 0);
  }

  async *changes(from: number, to: number): AsyncGenerator<readonly PatternRecord[], void> {
    const sql =
      "SELECT * FROM pattern WHERE revision > ? AND revision <= ? ORDER BY revision LIMIT ?";
    for (let after = from; ;) {
      const records = this.#database.all(sql, after, to, PAGE).map(toRecord);
      const last = records.at(-1);
      if (last === undefined) return;
      yield records;
      after = last.revision;
    }
  }

  async find(keys: readonly string[]): Promise<readonly PatternRecord[]> {
    return this.#database.allIn("SELECT * FROM pattern WHERE key IN (?*)", keys).map(toRecord);
  }

  /** Gives live patterns a new revision, and the state asked for. */
  #touch(keys: readonly string[], live: 0 | 1): number {
    return this.#database.transaction(() => {
      let changed = 0;
      for (const key of keys) {
        const known = this.#database.get("SELECT live FROM pattern WHERE key = ?", key);
        if (known?.["live"] === 1) {
          changed += this.#database.run(
            "UPDATE pattern SET live = ?, revision = ? WHERE key = ?",
            live,
            this.#nextRevision(),
            key,
          );
        }
      }
      return changed;
    });
  }

  #nextRevision(): number {
    const row = this.#database.get("UPDATE revision SET last = last + 1 RETURNING last");
    return Number(row?.["last"]);
  }
}

function toRecord(row: Record<string, unknown>): PatternRecord {
  return {
    key: String(row["key"]),
    pattern: String(row["pattern"]),
    options: fromJson<PatternOptions>(row["options"]),
    live: row["live"] === 1,
    revision: Number(row["revision"]),
  };
}
