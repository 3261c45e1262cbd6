import { setImmediate } from "node:timers/promises";
import type { OperandHitStore } from "../../core/ports.ts";
import type { LoggedHit, OperandHit } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteOperandHitStore implements OperandHitStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(hits: readonly OperandHit[]): Promise<number> {
    return this.#database.transaction(() => {
      let added = 0;
      for (const hit of hits) {
        added += this.#database.run(
          `INSERT INTO operand_hit (id, pattern_key, scope, operand, time, record)
           VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
          hit.id,
          hit.patternKey,
          hit.scope,
          hit.operand,
          hit.time,
          JSON.stringify(hit),
        );
      }
      return added;
    });
  }

  async tail(after: number, limit: number): Promise<readonly LoggedHit[]> {
    return this.#database
      .all(
        "SELECT number, record FROM operand_hit WHERE number > ? ORDER BY number LIMIT ?",
        after,
        limit,
      )
      .map(toLogged);
  }

  async operands(pattern: string, scope: string): Promise<readonly number[]> {
    return this.#database
      .all(
        "SELECT DISTINCT operand FROM operand_hit WHERE pattern_key = ? AND scope = ? ORDER BY operand",
        pattern,
        scope,
      )
      .map((row) => Number(row["operand"]));
  }

  async of(
    pattern: string,
    scope: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<readonly LoggedHit[]> {
    // Nothing else here waits for anything: between one look and the next, others have their turn.
    await setImmediate();
    return this.#database
      .all(
        `SELECT number, record FROM operand_hit WHERE pattern_key = ? AND scope = ? AND time BETWEEN ? AND ?
         LIMIT ?`,
        pattern,
        scope,
        from,
        to,
        limit,
      )
      .map(toLogged);
  }
}

function toLogged(row: Record<string, unknown>): LoggedHit {
  return { ...fromJson<OperandHit>(row["record"]), number: Number(row["number"]) };
}
