import { StixError } from "../errors.ts";

/** Says where a pattern stops being one: `offset` counts UTF-16 units from 0, `line` and `column` from 1. */
export class PatternSyntaxError extends StixError {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** What could have stood there, for instance `["a literal"]`. */
  readonly expected: readonly string[];
  /** What stood there instead. */
  readonly found: string;
  /** The source line (cut to 120 characters around the error) and below it a caret. */
  readonly caret: string;

  constructor(text: string, offset: number, expected: readonly string[], found: string) {
    const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
    let line = 1;
    for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line++;
    const column = offset - lineStart + 1;
    super(
      "stix/pattern-syntax",
      `expected ${expected.join(" or ")} but found ${found} (line ${line}, column ${column})`,
    );
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.expected = expected;
    this.found = found;
    this.caret = caretOf(text, lineStart, offset);
  }
}

function caretOf(text: string, lineStart: number, offset: number): string {
  const newline = text.indexOf("\n", offset);
  const lineEnd = newline === -1 ? text.length : newline;
  const from = Math.max(lineStart, offset - 80);
  const to = Math.min(lineEnd, from + 120);
  const shown = text.slice(from, to).replaceAll(/[\t\r]/g, " ");
  return `${shown}\n${" ".repeat(offset - from)}^`;
}
