/** Files in a zip, as if it were a folder: `evidence.zip/C/Windows/…/log.evtx`. */
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { openPromise, type Entry, type ZipFile } from "yauzl";

/** Entries that are looked at. */
const MOST_ENTRIES = 1_000_000;
/** A file that is larger than this, and so many times larger than what is packed of it, is made to fill disks. */
const SUSPICIOUS_BYTES = 1 << 30;
const SUSPICIOUS_RATIO = 200;

export interface ZipEntries {
  /** Paths within the zip. */
  readonly names: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Lists the files of a zip that `isWanted` takes; throws where it is none, or damaged. */
export async function listZip(
  zip: string,
  isWanted: (name: string) => boolean,
): Promise<ZipEntries> {
  const names: string[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const opened = await openPromise(zip, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of entriesOf(opened)) {
      const { fileName: name } = entry;
      if (name.endsWith("/")) continue;
      const reason = isWanted(name) ? refusal(entry) : "not a kind of file that is read";
      if (reason === undefined) names.push(name);
      else skipped.push({ name, reason });
    }
  } finally {
    opened.close();
  }
  return { names, skipped };
}

/** Whether a path leads into a zip, and to which file in it. */
export async function insideZip(
  path: string,
): Promise<{ readonly zip: string; readonly name: string } | undefined> {
  for (const { index } of path.matchAll(/\.zip(?=[/\\])/gi)) {
    const zip = path.slice(0, index + ".zip".length);
    const info = await stat(zip).catch(() => undefined);
    if (info?.isFile() === true) {
      return { zip, name: path.slice(zip.length + 1) };
    }
  }
  return undefined;
}

/** Reads a file of a zip, unpacked; `close` when done with it. */
export async function openInZip(
  zip: string,
  name: string,
): Promise<{ readonly bytes: Readable; readonly close: () => void }> {
  const opened = await openPromise(zip, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of entriesOf(opened)) {
      if (entry.fileName === name) {
        const reason = refusal(entry);
        if (reason !== undefined) throw new Error(reason);
        const bytes = await opened.openReadStreamPromise(entry);
        return { bytes, close: () => (bytes.destroy(), opened.close()) };
      }
    }
    throw new Error(`the zip has no ${name}`);
  } catch (error) {
    opened.close();
    throw error;
  }
}

function refusal(entry: Entry): string | undefined {
  const { compressedSize, uncompressedSize } = entry;
  if (entry.isEncrypted()) {
    return "encrypted";
  }
  const isBomb =
    uncompressedSize > SUSPICIOUS_BYTES && uncompressedSize > compressedSize * SUSPICIOUS_RATIO;
  return isBomb ? `${uncompressedSize} bytes packed into ${compressedSize}` : undefined;
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry, void> {
  let count = 0;
  for await (const entry of zip.eachEntry()) {
    count += 1;
    if (count > MOST_ENTRIES) throw new Error(`more than ${MOST_ENTRIES} entries`);
    yield entry;
  }
}
