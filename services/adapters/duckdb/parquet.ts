import { rename } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance, listValue, type DuckDBConnection } from "@duckdb/node-api";
import { messageOf, ServiceError } from "../../core/errors.ts";
import type { Picker, StoredEvent } from "../../core/ports.ts";
import { pickedOf } from "./picked.ts";
import { syncPath, unwritable, type SegmentFiles } from "./segment-files.ts";

/** Needles asked for in one query. */
const KEYS_A_QUERY = 50_000;
const BATCH = 1000;
/** Rows of a row group, and of one query: a group is unpacked once, not once a batch. */
const GROUP = 10_240;
const LEAST_OBJECT_BYTES = 32 * 1024 * 1024;

/** Sealed segments: written from a journal, read and searched through DuckDB. */
export class ParquetSegments {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** Sealing has its own, so that readers don't wait for it. */
  readonly #sealing: DuckDBConnection;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    sealing: DuckDBConnection,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#sealing = sealing;
  }

  static async open(folder: string): Promise<ParquetSegments> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "2",
      memory_limit: "1GB",
      temp_directory: path.join(folder, "spill"),
      autoinstall_known_extensions: "false",
    });
    return new ParquetSegments(instance, await instance.connect(), await instance.connect());
  }

  close(): void {
    this.#connection.closeSync();
    this.#sealing.closeSync();
    this.#instance.closeSync();
  }

  /** Writes both Parquet files of a journal; each gets its name only when it is whole and on disk, the events last. */
  async seal(files: SegmentFiles, count: number, longestLine: number): Promise<void> {
    const source = `read_json(${sql(files.journal)}, format = 'newline_delimited',
      maximum_object_size = ${Math.max(LEAST_OBJECT_BYTES, longestLine + 1)}, hive_partitioning = false,
      columns = {n: 'INTEGER', l: 'VARCHAR', s: 'VARCHAR', i: 'INTEGER', v: 'INTEGER', k: 'BIGINT[]', d: 'JSON'})`;
    try {
      const keys = await this.#write(
        `SELECT unnest(k) AS h, n FROM ${source} ORDER BY h, n`,
        files.keys,
      );
      const events = await this.#write(
        `SELECT n, l, s, i, v, d::VARCHAR AS d FROM ${source} ORDER BY n`,
        files.events,
      );
      const written = await this.#sealing.runAndReadAll(
        `SELECT count(DISTINCT n) AS n, max(n) AS last FROM ${parquet(events)}`,
      );
      const row = written.getRowObjects()[0];
      if (Number(row?.["n"]) !== count || Number(row?.["last"]) !== count) {
        throw damaged(files.id, `${String(row?.["n"])} of ${count} events written`);
      }
      await publish(keys, files.keys);
      await publish(events, files.events);
    } catch (error) {
      throw error instanceof ServiceError ? error : unwritable(files.events, error);
    }
  }

  /** The number of events, the last line of each source, and the oldest rules that keys were made by. */
  async facts(
    files: SegmentFiles,
  ): Promise<{ count: number; sources: Map<string, number>; oldestKeys: number }> {
    const rows = await this.#rows(
      `SELECT s, max(i) AS i, count(*) AS n, min(v) AS v FROM ${parquet(files.events)} GROUP BY s`,
      files,
    );
    return {
      count: rows.reduce((sum, row) => sum + Number(row["n"]), 0),
      oldestKeys: rows.reduce((least, row) => Math.min(least, Number(row["v"])), Infinity),
      sources: new Map(rows.map((row) => [String(row["s"]), Number(row["i"])] as const)),
    };
  }

  async *read(
    files: SegmentFiles,
    from: number,
    to: number,
    picker?: Picker,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    for (let at = from; at < to;) {
      const end = Math.min(at - (at % GROUP) + GROUP, to);
      const rows = await this.#rows(
        `SELECT n, l, d FROM ${parquet(files.events)} WHERE n > ${at} AND n <= ${end} ORDER BY n`,
        files,
      );
      yield* batches(rows, end - at, files.id, picker);
      at = end;
    }
  }

  async *search(
    files: SegmentFiles,
    from: number,
    to: number,
    hashes: readonly number[],
    picker?: Picker,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const positions = new Set<number>();
    for (let at = 0; at < hashes.length; at += KEYS_A_QUERY) {
      const needles = listValue(hashes.slice(at, at + KEYS_A_QUERY).map(BigInt));
      const found = await this.#rows(
        `SELECT DISTINCT n FROM ${parquet(files.keys)}
         WHERE n > ${from} AND n <= ${to} AND h IN (SELECT unnest($1::BIGINT[]))`,
        files,
        [needles],
      );
      for (const row of found) {
        positions.add(Number(row["n"]));
      }
    }
    const ordered = [...positions].toSorted((a, b) => a - b);
    for (let at = 0; at < ordered.length; at += GROUP) {
      const part = ordered.slice(at, at + GROUP);
      const rows = await this.#rows(
        `SELECT n, l, d FROM ${parquet(files.events)}
         WHERE n >= ${part[0]} AND n <= ${part.at(-1)} AND n IN (SELECT unnest($1::BIGINT[])) ORDER BY n`,
        files,
        [listValue(part.map(BigInt))],
      );
      yield* batches(rows, part.length, files.id, picker);
    }
  }

  async #write(query: string, file: string): Promise<string> {
    const temporary = `${file}.tmp`;
    await this.#sealing.run(
      `COPY (${query}) TO ${sql(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP})`,
    );
    return temporary;
  }

  async #rows(
    query: string,
    files: SegmentFiles,
    values: Parameters<DuckDBConnection["runAndReadAll"]>[1] = [],
  ): Promise<Record<string, unknown>[]> {
    try {
      return (await this.#connection.runAndReadAll(query, values)).getRowObjects();
    } catch (error) {
      throw damaged(files.id, messageOf(error), error);
    }
  }
}

/** Gives a written file its name, once it is on disk. */
async function publish(temporary: string, file: string): Promise<void> {
  await syncPath(temporary);
  await rename(temporary, file);
  await syncPath(path.dirname(file));
}

function* batches(
  rows: readonly Record<string, unknown>[],
  expected: number,
  segment: string,
  picker: Picker | undefined,
): Generator<readonly StoredEvent[], void> {
  if (rows.length !== expected) {
    throw damaged(segment, `${rows.length} of ${expected} events read`);
  }
  for (let at = 0; at < rows.length; at += BATCH) {
    const part = rows.slice(at, at + BATCH);
    const texts = part.map((row) => String(row["d"]));
    yield pickedOf(texts, picker).flatMap((place) => toStored(part[place]));
  }
}

function toStored(row: Record<string, unknown> | undefined): StoredEvent[] {
  if (row === undefined) return [];
  const document: unknown = JSON.parse(String(row["d"]));
  return [{ position: Number(row["n"]), locator: String(row["l"]), document }];
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

/** A folder called `n=1` must not become a column. */
function parquet(file: string): string {
  return `read_parquet(${sql(file)}, hive_partitioning = false)`;
}
