import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf, ServiceError } from "../../core/errors.ts";

/**
 * Takes a data folder for this process alone. The lock is the operating system's, held through an open
 * transaction: it goes with the process, however that ends. Throws `state/locked` or `state/unusable`.
 */
export function lockFolder(folder: string): { release: () => void } {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new DatabaseSync(path.join(folder, "lock.sqlite"));
    database.exec(
      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS lock (x)",
    );
  } catch (error) {
    database?.close();
    const reason = messageOf(error);
    const isHeld = reason.includes("locked");
    throw new ServiceError(
      isHeld ? "state/locked" : "state/unusable",
      isHeld
        ? `DATA_DIR ${folder} is in use by another stixsweep`
        : `DATA_DIR ${folder} can't be used: ${reason}`,
      { cause: error, facts: { path: folder } },
    );
  }
  const held = database;
  return { release: () => held.close() };
}
