/** Longest part of a request line that may be names: engines refuse lines beyond 4,096 bytes. */
const LINE = 3000;

/** Index names as a part of a path. */
export function pathOf(names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(name)).join(",");
}

/** Splits names so that each part fits into a request line. */
export function inLines(names: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let length = Infinity;
  for (const name of names) {
    const bytes = encodeURIComponent(name).length + 1;
    if (length + bytes > LINE) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(name);
    length += bytes;
  }
  return parts;
}
