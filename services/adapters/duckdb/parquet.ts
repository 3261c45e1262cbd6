import { open, rename } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance, listValue, type DuckDBConnection } from "@duckdb/node-api";
import { ServiceError } from "../../core/errors.ts";
import type { StoredEvent } from "../../core/ports.ts";
import type { SegmentFiles } from "./segment-files.ts";

/** Needles asked for in one query. */
const KEYS_A_QUERY = 50_000;
const BATCH = 1000;

/** Sealed segments: written from a journal, read and searched through DuckDB. */
export class ParquetSegments {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<ParquetSegments> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "2",
      memory_limit: "1GB",
    });
    return new ParquetSegments(instance, await instance.connect());
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** Writes both Parquet files of a journal; each gets its name only when it is whole and on disk, the events last. */
  async seal(files: SegmentFiles): Promise<void> {
    const source = `read_json(${sql(files.journal)}, format = 'newline_delimited',
      maximum_object_size = 134217728,
      columns = {n: 'INTEGER', l: 'VARCHAR', s: 'VARCHAR', i: 'INTEGER', k: 'BIGINT[]', d: 'JSON'})`;
    await this.#write(`SELECT unnest(k) AS h, n FROM ${source} ORDER BY h, n`, files.keys);
    await this.#write(`SELECT n, l, s, i, d::VARCHAR AS d FROM ${source} ORDER BY n`, files.events);
  }

  /** The number of events, and the last line of each source. */
  async facts(files: SegmentFiles): Promise<{ count: number; sources: Map<string, number> }> {
    const rows = await this.#rows(
      `SELECT s, max(i) AS i, count(*) AS n FROM read_parquet(${sql(files.events)}) GROUP BY s`,
      files,
    );
    return {
      count: rows.reduce((sum, row) => sum + Number(row["n"]), 0),
      sources: new Map(rows.map((row) => [String(row["s"]), Number(row["i"])] as const)),
    };
  }

  async *read(
    files: SegmentFiles,
    from: number,
    to: number,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    for (let at = from; at < to; at += BATCH) {
      const end = Math.min(at + BATCH, to);
      const rows = await this.#rows(
        `SELECT n, l, d FROM read_parquet(${sql(files.events)}) WHERE n > ${at} AND n <= ${end} ORDER BY n`,
        files,
      );
      if (rows.length !== end - at) {
        throw damaged(files.id, `${rows.length} of ${end - at} events read`);
      }
      yield rows.map(toStored);
    }
  }

  async *search(
    files: SegmentFiles,
    from: number,
    to: number,
    hashes: readonly number[],
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const positions = new Set<number>();
    for (let at = 0; at < hashes.length; at += KEYS_A_QUERY) {
      const needles = listValue(hashes.slice(at, at + KEYS_A_QUERY).map(BigInt));
      const found = await this.#rows(
        `SELECT DISTINCT n FROM read_parquet(${sql(files.keys)})
         WHERE n > ${from} AND n <= ${to} AND h IN (SELECT unnest($1::BIGINT[]))`,
        files,
        [needles],
      );
      for (const row of found) {
        positions.add(Number(row["n"]));
      }
    }
    const ordered = [...positions].toSorted((a, b) => a - b);
    for (let at = 0; at < ordered.length; at += BATCH) {
      const part = ordered.slice(at, at + BATCH);
      const rows = await this.#rows(
        `SELECT n, l, d FROM read_parquet(${sql(files.events)})
         WHERE n >= ${part[0]} AND n <= ${part.at(-1)} AND n IN (${part.join(",")}) ORDER BY n`,
        files,
      );
      if (rows.length !== part.length) {
        throw damaged(files.id, `${rows.length} of ${part.length} events found`);
      }
      yield rows.map(toStored);
    }
  }

  async #write(query: string, file: string): Promise<void> {
    const temporary = `${file}.tmp`;
    await this.#connection.run(
      `COPY (${query}) TO ${sql(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10240)`,
    );
    await syncPath(temporary);
    await rename(temporary, file);
    await syncPath(path.dirname(file));
  }

  async #rows(
    query: string,
    files: SegmentFiles,
    values: Parameters<DuckDBConnection["runAndReadAll"]>[1] = [],
  ): Promise<Record<string, unknown>[]> {
    try {
      return (await this.#connection.runAndReadAll(query, values)).getRowObjects();
    } catch (error) {
      throw damaged(files.id, error instanceof Error ? error.message : String(error), error);
    }
  }
}

function toStored(row: Record<string, unknown>): StoredEvent {
  const document: unknown = JSON.parse(String(row["d"]));
  return { position: Number(row["n"]), locator: String(row["l"]), document };
}

function damaged(segment: string, reason: string, cause?: unknown): ServiceError {
  return new ServiceError("events/segment-damaged", `segment ${segment}: ${reason}`, {
    cause,
    facts: { segment },
  });
}

function sql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Brings a file, or a folder's list of names, to disk. */
export async function syncPath(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
