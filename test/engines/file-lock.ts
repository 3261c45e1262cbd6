import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** Runs a work while no other process of this machine runs one under the same lock file. */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  while (!take(file)) {
    await new Promise((done) => setTimeout(done, 100));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    // Not `instanceof`: within jest the errors of Node are of another realm.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
  }
  if (!isHeld(file)) {
    rmSync(file, { force: true });
  }
  return false;
}

/** A lock whose owner is gone is none. A file without a pid was made this very moment. */
function isHeld(file: string): boolean {
  let owner: number;
  try {
    owner = Number(readFileSync(file, "utf8"));
  } catch {
    return false;
  }
  if (owner === 0) {
    return true;
  }
  try {
    process.kill(owner, 0);
    return true;
  } catch {
    return false;
  }
}
