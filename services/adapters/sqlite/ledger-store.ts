import type { LedgerStore } from "../../core/ports.ts";
import type { LedgerException, LedgerRow, Piece, SweepCosts } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteLedgerStore implements LedgerStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async rows(): Promise<readonly LedgerRow[]> {
    return this.#database.all("SELECT * FROM ledger ORDER BY partition").map(toRow);
  }

  async row(partition: string): Promise<LedgerRow | undefined> {
    const row = this.#database.get("SELECT * FROM ledger WHERE partition = ?", partition);
    return row === undefined ? undefined : toRow(row);
  }

  async compareAndSet(row: LedgerRow): Promise<boolean> {
    const { partition, version, pieces, unreachableSince = null } = row;
    const [json, costs] = [JSON.stringify(pieces), JSON.stringify(row.costs)];
    const changed =
      version === 0
        ? this.#database.run(
            "INSERT OR IGNORE INTO ledger VALUES (?, 1, ?, ?, ?)",
            partition,
            json,
            unreachableSince,
            costs,
          )
        : this.#database.run(
            `UPDATE ledger SET version = version + 1, pieces = ?, unreachable_since = ?, costs = ?
             WHERE partition = ? AND version = ?`,
            json,
            unreachableSince,
            costs,
            partition,
            version,
          );
    return changed === 1;
  }

  async exceptions(): Promise<readonly LedgerException[]> {
    return this.#database.all("SELECT * FROM exception ORDER BY pattern, partition").map((row) => ({
      pattern: String(row["pattern"]),
      partition: String(row["partition"]),
      code: String(row["code"]),
      reason: String(row["reason"]),
      retryAt: row["retry_at"] === null ? undefined : Number(row["retry_at"]),
    }));
  }

  async except(exception: LedgerException): Promise<void> {
    const { pattern, partition, code, reason, retryAt = null } = exception;
    this.#database.run(
      "INSERT OR REPLACE INTO exception VALUES (?, ?, ?, ?, ?)",
      pattern,
      partition,
      code,
      reason,
      retryAt,
    );
  }

  async pardon(pattern: string, partition: string): Promise<void> {
    this.#database.run(
      "DELETE FROM exception WHERE pattern = ? AND partition = ?",
      pattern,
      partition,
    );
  }

  async forget(partitions: readonly string[]): Promise<void> {
    this.#database.transaction(() => {
      for (const partition of partitions) {
        this.#database.run("DELETE FROM ledger WHERE partition = ?", partition);
        this.#database.run("DELETE FROM exception WHERE partition = ?", partition);
      }
    });
  }
}

function toRow(row: Record<string, unknown>): LedgerRow {
  return {
    partition: String(row["partition"]),
    version: Number(row["version"]),
    pieces: fromJson<Piece[]>(row["pieces"]),
    unreachableSince:
      row["unreachable_since"] === null ? undefined : Number(row["unreachable_since"]),
    costs: fromJson<SweepCosts>(row["costs"]),
  };
}
