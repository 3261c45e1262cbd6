import { readAlert } from "../../core/alert/read-alert.ts";
import type { AlertStore } from "../../core/ports.ts";
import type { AlertFilter, AlertRecord, GroupKey } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteAlertStore implements AlertStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(id: string): Promise<AlertRecord | undefined> {
    return toAlert(this.#database.get("SELECT record FROM alert WHERE id = ?", id));
  }

  async latest(group: GroupKey): Promise<AlertRecord | undefined> {
    return toAlert(
      this.#database.get(
        `SELECT record FROM alert WHERE pattern_key = ? AND host = ? AND value = ?
         ORDER BY generation DESC LIMIT 1`,
        group.patternKey,
        group.host,
        group.value,
      ),
    );
  }

  async compareAndSet(alert: AlertRecord): Promise<boolean> {
    const record = JSON.stringify({ ...alert, version: alert.version + 1 });
    const { group } = alert;
    const changed =
      alert.version === 0
        ? this.#database.run(
            `INSERT INTO alert (id, version, pattern_key, host, value, generation, status, severity,
               first_seen, last_seen, record) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING`,
            alert.id,
            group.patternKey,
            group.host,
            group.value,
            alert.generation,
            alert.status,
            alert.severity,
            alert.firstSeen,
            alert.lastSeen,
            record,
          )
        : this.#database.run(
            `UPDATE alert SET version = version + 1, status = ?, severity = ?, first_seen = ?,
               last_seen = ?, record = ? WHERE id = ? AND version = ?`,
            alert.status,
            alert.severity,
            alert.firstSeen,
            alert.lastSeen,
            record,
            alert.id,
            alert.version,
          );
    return changed === 1;
  }

  async list(
    filter: AlertFilter,
    after: number,
    limit: number,
    descending: boolean,
  ): Promise<readonly (AlertRecord & { number: number })[]> {
    const order = descending ? "DESC" : "ASC";
    return this.#database
      .all(
        `SELECT number, record FROM alert WHERE number ${descending ? "<" : ">"} ?1
           AND (?2 IS NULL OR host = ?2)
           AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3)))
           AND (?4 IS NULL OR severity = ?4) AND (?5 IS NULL OR last_seen >= ?5)
           AND (?6 IS NULL OR first_seen < ?6)
           AND (?7 IS NULL OR pattern_key IN (SELECT pattern_key FROM indicator WHERE id = ?7))
           AND (?8 IS NULL OR record ->> 'assignee' = ?8)
           AND (?9 IS NULL OR ?9 IN (SELECT value FROM json_each(record, '$.tags')))
         ORDER BY number ${order} LIMIT ?10`,
        descending && after === 0 ? Number.MAX_SAFE_INTEGER : after,
        filter.host?.toLowerCase() ?? null,
        filter.statuses === undefined ? null : JSON.stringify(filter.statuses),
        filter.severity ?? null,
        filter.since ?? null,
        filter.until ?? null,
        filter.indicator ?? null,
        filter.assignee ?? null,
        filter.tag ?? null,
        limit,
      )
      .map((row) => ({
        ...readAlert(fromJson<AlertRecord>(row["record"])),
        number: Number(row["number"]),
      }));
  }

  async count(): Promise<number> {
    return Number(this.#database.get("SELECT count(*) AS n FROM alert")?.["n"]);
  }
}

function toAlert(row: Record<string, unknown> | undefined): AlertRecord | undefined {
  return row === undefined ? undefined : readAlert(fromJson<AlertRecord>(row["record"]));
}
