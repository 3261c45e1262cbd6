import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { KeySecrets } from "../../core/ports.ts";

const HASH_BYTES = 32;

export const keySecrets: KeySecrets = {
  make: () => ({ id: randomBytes(8).toString("hex"), secret: randomBytes(32).toString("hex") }),
  hash: (secret) => hash("sha256", secret, "hex"),
  matches: (secret, stored) => {
    const given = Buffer.from(hash("sha256", secret, "hex"), "hex");
    const known = Buffer.from(stored, "hex");
    // A stored hash of another length is broken, not secret; timingSafeEqual would throw.
    return known.length === HASH_BYTES && timingSafeEqual(given, known);
  },
};
