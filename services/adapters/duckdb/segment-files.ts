import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { messageOf, ServiceError } from "../../core/errors.ts";

/** The files of one segment: a journal while it grows, two Parquet files once it is sealed. */
export interface SegmentFiles {
  readonly id: string;
  readonly journal: string;
  readonly events: string;
  readonly keys: string;
}

const SEGMENT = /^(\d{6}-[0-9a-f]{8})\.(?:ndjson|events\.parquet|keys\.parquet)$/;

export function segmentFiles(folder: string, id: string): SegmentFiles {
  const file = (ending: string) => path.join(folder, `${id}.${ending}`);
  return {
    id,
    journal: file("ndjson"),
    events: file("events.parquet"),
    keys: file("keys.parquet"),
  };
}

/** A segment is sealed from the moment its events file has its name: the keys file got its own before. */
export function isSealed(files: SegmentFiles): boolean {
  return existsSync(files.events) && existsSync(files.keys);
}

/** Whether there is still something to read: files can be taken away under a running service. */
export function isPresent(files: SegmentFiles): boolean {
  return isSealed(files) || existsSync(files.journal);
}

/** The name after another; its random half keeps a folder that was restored from reusing a name. */
export function newId(last: string | undefined): string {
  const counter = Number(last?.slice(0, 6) ?? 0) + 1;
  return `${String(counter).padStart(6, "0")}-${randomBytes(4).toString("hex")}`;
}

/** Lists a folder's segments in order, after clearing what an interrupted sealing left behind. */
export async function listSegments(folder: string): Promise<readonly SegmentFiles[]> {
  const ids = new Set<string>();
  for (const name of (await readdir(folder)).toSorted()) {
    const id = SEGMENT.exec(name)?.[1];
    if (id !== undefined) {
      ids.add(id);
    } else if (name.endsWith(".parquet.tmp")) {
      await rm(path.join(folder, name), { force: true });
    }
  }
  const segments = [...ids].map((id) => segmentFiles(folder, id));
  for (const files of segments) {
    if (isSealed(files)) {
      await rm(files.journal, { force: true });
    } else if (existsSync(files.journal)) {
      // Keys without events: the journal is still what counts, and grows on.
      await rm(files.keys, { force: true });
    }
  }
  return segments.filter(isPresent);
}

/** Removes a segment's journal once both Parquet files stand. */
export async function removeJournal(files: SegmentFiles): Promise<void> {
  await rm(files.journal, { force: true });
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

/** The failure of a write, with the system's code (`ENOSPC`, `EACCES`) where there is one. */
export function unwritable(file: string, cause: unknown): ServiceError {
  const reason = messageOf(cause);
  const code = cause instanceof Error && "code" in cause ? { cause: String(cause.code) } : {};
  return new ServiceError("events/unwritable", `${file}: ${reason}`, {
    cause,
    facts: { file, ...code },
  });
}
