import { messageOf, ServiceError } from "../../core/errors.ts";
import { openBytes } from "./open-bytes.ts";

const BYTES = 4096;

/** The first line of a file, or the first 4 KiB of it: what tells one log from another of the same name. */
export async function readBeginning(file: string): Promise<Uint8Array> {
  try {
    const bytes = await openBytes(file);
    try {
      const buffer = Buffer.alloc(BYTES);
      const length = await bytes.read(buffer);
      const end = buffer.subarray(0, length).indexOf(0x0a);
      return buffer.subarray(0, end < 0 ? length : end);
    } finally {
      await bytes.close();
    }
  } catch (error) {
    throw new ServiceError("events/unreadable", `${file}: ${messageOf(error)}`, {
      cause: error,
      facts: { file },
    });
  }
}
