import { hash } from "node:crypto";
import type { Hash } from "../../core/ports.ts";

/** The first 128 bits of SHA-256. */
export const sha256Hash: Hash = (text) => hash("sha256", text, "hex").slice(0, 32);

/** SHA-256 of bytes, hexadecimal. */
export function contentHash(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
