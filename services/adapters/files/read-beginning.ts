import { open } from "node:fs/promises";
import { messageOf, ServiceError } from "../../core/errors.ts";

const BYTES = 4096;

/** The first line of a file, or the first 4 KiB of it: what tells one log from another of the same name. */
export async function readBeginning(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(BYTES), 0, BYTES, null);
      const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
      return buffer.subarray(0, end < 0 ? bytesRead : end);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new ServiceError("events/unreadable", `${file}: ${messageOf(error)}`, {
      cause: error,
      facts: { file },
    });
  }
}
