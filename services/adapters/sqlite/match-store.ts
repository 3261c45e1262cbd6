import { groupOf } from "../../core/alert/group.ts";
import type { MatchStore } from "../../core/ports.ts";
import type { FoldedGroup, GroupKey, LoggedMatch, MatchRecord } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

/** Matches kept with an alert as evidence. */
const SAMPLES = 3;

export class SqliteMatchStore implements MatchStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(matches: readonly MatchRecord[]): Promise<number> {
    return this.#database.transaction(() => {
      let added = 0;
      for (const match of matches) {
        const { patternKey, host, value } = groupOf(match);
        added += this.#database.run(
          `INSERT INTO match (id, pattern_key, host, value, time, record) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO NOTHING`,
          match.id,
          patternKey,
          host,
          value,
          match.time,
          JSON.stringify(match),
        );
      }
      return added;
    });
  }

  async tail(after: number, limit: number): Promise<readonly LoggedMatch[]> {
    return this.#database
      .all("SELECT * FROM match WHERE number > ? ORDER BY number LIMIT ?", after, limit)
      .map(toMatch);
  }

  async groups(pattern: string): Promise<readonly GroupKey[]> {
    // Read from a record of each: a column can't give back half a surrogate pair, where a long value was cut.
    return this.#database
      .all(
        `SELECT record FROM match WHERE number IN
           (SELECT min(number) FROM match WHERE pattern_key = ? GROUP BY host, value)
         ORDER BY number`,
        pattern,
      )
      .map((row) => groupOf(fromJson<MatchRecord>(row["record"])));
  }

  async heldBack(
    pattern: string,
    settled: readonly string[] = [],
  ): Promise<readonly LoggedMatch[]> {
    return this.#database
      .all(
        `SELECT * FROM match WHERE pattern_key = ? AND held_back IS NOT NULL
           AND held_back NOT IN (SELECT value FROM json_each(?)) ORDER BY number`,
        pattern,
        JSON.stringify(settled),
      )
      .map(toMatch);
  }

  async dispose(ids: readonly string[], heldBack: string | undefined): Promise<void> {
    this.#database.transaction(() => {
      for (const id of ids) {
        this.#database.run("UPDATE match SET held_back = ? WHERE id = ?", heldBack ?? null, id);
      }
    });
  }

  async fold(group: GroupKey, after: number, to: number): Promise<FoldedGroup> {
    const where = `FROM match WHERE pattern_key = ? AND host = ? AND value = ?
      AND number > ? AND number <= ? AND held_back IS NULL`;
    const key = [group.patternKey, group.host, group.value, after, to] as const;
    const row = this.#database.get(
      `SELECT count(*) AS count, min(time) AS first, max(time) AS last ${where}`,
      ...key,
    );
    const samples = this.#database
      .all(`SELECT * ${where} ORDER BY time, number LIMIT ${SAMPLES}`, ...key)
      .map(toMatch);
    return {
      count: Number(row?.["count"] ?? 0),
      firstSeen: Number(row?.["first"] ?? 0),
      lastSeen: Number(row?.["last"] ?? 0),
      samples,
    };
  }

  async count(): Promise<{ matches: number; heldBack: number }> {
    const row = this.#database.get("SELECT count(*) AS n, count(held_back) AS held FROM match");
    return { matches: Number(row?.["n"]), heldBack: Number(row?.["held"]) };
  }

  async heldBackBy(): Promise<ReadonlyMap<string, number>> {
    const rows = this.#database.all(
      "SELECT held_back, count(*) AS n FROM match WHERE held_back IS NOT NULL GROUP BY held_back",
    );
    return new Map(rows.map((row) => [String(row["held_back"]), Number(row["n"])] as const));
  }
}

function toMatch(row: Record<string, unknown>): LoggedMatch {
  return {
    ...fromJson<MatchRecord>(row["record"]),
    number: Number(row["number"]),
    heldBack: typeof row["held_back"] === "string" ? row["held_back"] : undefined,
  };
}
