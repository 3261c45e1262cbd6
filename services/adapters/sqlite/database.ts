import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { messageOf, ServiceError } from "../../core/errors.ts";
import { SCHEMA } from "./schema.ts";

type Row = Record<string, unknown>;

/** A SQLite database with what the stores need of it: cached statements, transactions, errors with a code. */
export class Database {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  constructor(path: string) {
    this.#path = path;
    this.#database = this.#guard(() => {
      const database = new DatabaseSync(path);
      // Every commit is on disk before it is acknowledged: coverage must never outlive its matches.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      return database;
    });
    this.#guard(() => this.#migrate());
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#guard(() => this.#prepare(sql).all(...values) as Row[]);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values) as Row | undefined);
  }

  /** Runs a statement; returns how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...values).changes));
  }

  /** Runs all of it or nothing. */
  transaction<T>(work: () => T): T {
    return this.#guard(() => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        // A full disk has SQLite roll back by itself; a second ROLLBACK would fail and hide why.
        if (this.#database.isTransaction) {
          this.#database.exec("ROLLBACK");
        }
        throw error;
      }
    });
  }

  /** Rows for a list of keys of any length, each row once; `sql` has one `IN (…)` written as `IN (?*)`. */
  allIn(sql: string, keys: readonly string[]): Row[] {
    // A key named twice might stand in two chunks, and its rows with it.
    const distinct = [...new Set(keys)];
    const chunks: Row[][] = [];
    for (let at = 0; at < distinct.length; at += CHUNK) {
      const json = JSON.stringify(distinct.slice(at, at + CHUNK));
      chunks.push(this.all(sql.replace("(?*)", "(SELECT value FROM json_each(?))"), json));
    }
    return chunks.flat();
  }

  close(): void {
    this.#database.close();
  }

  #prepare(sql: string): ReturnType<DatabaseSync["prepare"]> {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #migrate(): void {
    const found = this.#database.prepare("PRAGMA user_version").get() as { user_version: number };
    if (found.user_version > SCHEMA.length) {
      throw new ServiceError("state/too-new", `${this.#path} was written by a newer stixsweep`, {
        facts: { path: this.#path, version: found.user_version },
      });
    }
    for (const [at, step] of SCHEMA.entries()) {
      if (at >= found.user_version) {
        this.#database.exec(`BEGIN; ${step}; PRAGMA user_version = ${at + 1}; COMMIT`);
      }
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof ServiceError) {
        throw error;
      }
      const reason = messageOf(error);
      throw new ServiceError("state/unusable", `${this.#path}: ${reason}`, {
        cause: error,
        facts: { path: this.#path },
      });
    }
  }
}

const CHUNK = 10_000;

/** Reads a JSON column. */
export function fromJson<T>(value: unknown): T {
  return JSON.parse(String(value)) as T;
}
