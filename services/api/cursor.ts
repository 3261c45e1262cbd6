import { Problem } from "./problem.ts";

/** Where a page ended, opaque to the reader. */
export function toCursor(number: number | undefined): string | null {
  return number === undefined ? null : Buffer.from(`n${number}`).toString("base64url");
}

/** The number a cursor stands for; 0 without one. Throws a 400 for one that is not ours. */
export function fromCursor(cursor: string | undefined): number {
  if (cursor === undefined) {
    return 0;
  }
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  if (!/^n\d{1,15}$/.test(text)) {
    throw new Problem(400, "api/bad-cursor", "cursor: not one that this API gave");
  }
  return Number(text.slice(1));
}
