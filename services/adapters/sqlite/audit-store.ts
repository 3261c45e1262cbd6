import type { AuditStore } from "../../core/ports.ts";
import type { AuditEntry, AuditFilter } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteAuditStore implements AuditStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ at, by, action, subject, detail }: AuditEntry): Promise<void> {
    this.#database.run(
      "INSERT INTO audit (at, by, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
      at,
      by,
      action,
      subject,
      JSON.stringify(detail),
    );
  }

  async list(
    { by, action, subject, since, until }: AuditFilter,
    before: number,
    limit: number,
  ): Promise<readonly (AuditEntry & { number: number })[]> {
    const rows = this.#database.all(
      `SELECT * FROM audit WHERE (?1 = 0 OR number < ?1) AND (?2 IS NULL OR by = ?2)
         AND (?3 IS NULL OR action = ?3) AND (?4 IS NULL OR subject = ?4)
         AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
       ORDER BY number DESC LIMIT ?7`,
      before,
      by ?? null,
      action ?? null,
      subject ?? null,
      since ?? null,
      until ?? null,
      limit,
    );
    return rows.map((row) => ({
      number: Number(row["number"]),
      at: Number(row["at"]),
      by: String(row["by"]),
      action: String(row["action"]),
      subject: String(row["subject"]),
      detail: fromJson<AuditEntry["detail"]>(row["detail"]),
    }));
  }
}
