/** Writes milliseconds since 1970 as RFC 3339; null for what no calendar holds, which one odd event may carry. */
export function isoTime(ms: number | undefined): string | null {
  if (ms === undefined) {
    return null;
  }
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
