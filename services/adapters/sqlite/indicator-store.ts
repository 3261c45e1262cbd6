import type { IndicatorStore } from "../../core/ports.ts";
import type { IndicatorFilter, IndicatorRecord } from "../../core/records.ts";
import { fromJson, type Database } from "./database.ts";

export class SqliteIndicatorStore implements IndicatorStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async upsert(
    indicators: readonly IndicatorRecord[],
  ): Promise<{ created: number; updated: number; unchanged: number; left: readonly string[] }> {
    return this.#database.transaction(() => {
      const counts = { created: 0, updated: 0, unchanged: 0 };
      const left = new Set<string>();
      for (const indicator of indicators) {
        const { outcome, before } = this.#put(indicator);
        counts[outcome] += 1;
        if (before !== undefined && before !== indicator.patternKey) left.add(before);
      }
      return { ...counts, left: [...left] };
    });
  }

  async byPattern(keys: readonly string[]): Promise<readonly IndicatorRecord[]> {
    return this.#database
      .allIn("SELECT record FROM indicator WHERE pattern_key IN (?*) ORDER BY number", keys)
      .map((row) => fromJson<IndicatorRecord>(row["record"]));
  }

  async list(
    filter: IndicatorFilter,
    after: number,
    limit: number,
  ): Promise<readonly (IndicatorRecord & { number: number })[]> {
    const { feed = null, id = null, patternKey = null } = filter;
    return this.#database
      .all(
        `SELECT number, record FROM indicator WHERE number > ?1
           AND (?2 IS NULL OR feed = ?2) AND (?3 IS NULL OR id = ?3)
           AND (?4 IS NULL OR pattern_key = ?4)
         ORDER BY number LIMIT ?5`,
        after,
        feed,
        id,
        patternKey,
        limit,
      )
      .map((row) => ({
        ...fromJson<IndicatorRecord>(row["record"]),
        number: Number(row["number"]),
      }));
  }

  async count(): Promise<number> {
    return Number(this.#database.get("SELECT count(*) AS n FROM indicator")?.["n"]);
  }

  async countByFeed(): Promise<ReadonlyMap<string, number>> {
    const rows = this.#database.all("SELECT feed, count(*) AS n FROM indicator GROUP BY feed");
    return new Map(rows.map((row) => [String(row["feed"]), Number(row["n"])]));
  }

  async dueBetween(from: number, to: number): Promise<readonly string[]> {
    return this.#database
      .all(
        "SELECT DISTINCT pattern_key FROM indicator WHERE valid_from > ? AND valid_from <= ?",
        from,
        to,
      )
      .map((row) => String(row["pattern_key"]));
  }

  /** Writes an indicator; `before`: the pattern of the one that it replaced. */
  #put(indicator: IndicatorRecord): {
    readonly outcome: "created" | "updated" | "unchanged";
    readonly before?: string;
  } {
    const record = JSON.stringify(indicator);
    const known = this.#database.get(
      "SELECT number, modified, pattern_key, record FROM indicator WHERE feed = ? AND id = ?",
      indicator.feed,
      indicator.id,
    );
    if (known === undefined) {
      this.#database.run(
        `INSERT INTO indicator (feed, id, pattern_key, modified, valid_from, record)
         VALUES (?, ?, ?, ?, ?, ?)`,
        indicator.feed,
        indicator.id,
        indicator.patternKey,
        indicator.modified,
        indicator.validFrom ?? null,
        record,
      );
      return { outcome: "created" };
    }
    // An older version that arrives late does not undo a newer one.
    if (
      known["record"] === record ||
      timeOf(String(known["modified"])) > timeOf(indicator.modified)
    ) {
      return { outcome: "unchanged" };
    }
    this.#database.run(
      `UPDATE indicator SET pattern_key = ?, modified = ?, valid_from = ?, record = ? WHERE number = ?`,
      indicator.patternKey,
      indicator.modified,
      indicator.validFrom ?? null,
      record,
      Number(known["number"]),
    );
    return { outcome: "updated", before: String(known["pattern_key"]) };
  }
}

/** As text, `…00.5Z` sorts before `…00Z`; a feed that gives no time is older than any that does. */
function timeOf(modified: string): number {
  const time = Date.parse(modified);
  return Number.isNaN(time) ? -Infinity : time;
}
