/** Gives line and column, both from 1, of an offset in UTF-16 units. */
export function textPosition(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/** Writes a position for people. */
export function formatPosition(line: number, column: number): string {
  return `line ${line}, column ${column}`;
}
