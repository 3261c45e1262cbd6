/** Files of a zip that is held in memory. */
import { fromBufferPromise } from "yauzl";
import { ServiceError } from "../../core/errors.ts";

const MOST_FILES = 10_000;

/** Unpacks all files of a zip, in order; throws where they are too many, or together larger than `maxBytes`. */
export async function unzip(
  zip: Buffer,
  name: string,
  maxBytes: number,
): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const files: { name: string; bytes: Uint8Array }[] = [];
  let left = maxBytes;
  const opened = await fromBufferPromise(zip, { lazyEntries: true });
  for await (const entry of opened.eachEntry()) {
    if (entry.fileName.endsWith("/")) {
      continue;
    }
    if (files.length >= MOST_FILES) {
      throw new ServiceError("http/too-large", `${name} holds more than ${MOST_FILES} files`);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of await opened.openReadStreamPromise(entry)) {
      const bytes = chunk as Uint8Array;
      left -= bytes.length;
      if (left < 0) {
        throw new ServiceError("http/too-large", `${name} unpacks to more than ${maxBytes} bytes`);
      }
      chunks.push(bytes);
    }
    files.push({ name: `${name}/${entry.fileName}`, bytes: Buffer.concat(chunks) });
  }
  return files;
}
