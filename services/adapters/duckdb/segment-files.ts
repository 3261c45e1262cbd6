import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";

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

/** Lists a folder's segments in order, after clearing what an interrupted sealing left behind. */
export async function listSegments(folder: string): Promise<readonly SegmentFiles[]> {
  const ids = new Set<string>();
  for (const name of (await readdir(folder)).toSorted()) {
    const id = SEGMENT.exec(name)?.[1];
    if (id !== undefined) {
      ids.add(id);
    } else if (name.endsWith(".parquet.tmp")) {
      await rm(path.join(folder, name));
    }
  }
  const segments = [...ids].map((id) => segmentFiles(folder, id));
  for (const files of segments) {
    if (isSealed(files)) {
      await rm(files.journal, { force: true });
    }
  }
  return segments.filter((files) => isSealed(files) || existsSync(files.journal));
}

/** Removes a segment's journal once both Parquet files stand. */
export async function removeJournal(files: SegmentFiles): Promise<void> {
  await rm(files.journal, { force: true });
}
