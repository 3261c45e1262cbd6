import { StixError } from "../errors.ts";

/** A place in a text: `offset` counts UTF-16 units from 0, `line` and `column` from 1. */
export interface TextPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Says where a text stops being JSON, or goes beyond a limit. */
export class JsonTextError extends StixError implements TextPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;

  constructor(
    code: "stix/json-syntax" | "stix/json-truncated" | "stix/too-deep",
    what: string,
    position: TextPosition,
    options?: ErrorOptions,
  ) {
    super(code, `${what} (line ${position.line}, column ${position.column})`, options);
    this.offset = position.offset;
    this.line = position.line;
    this.column = position.column;
  }
}

/** Finds line and column of an offset. */
export function textPosition(text: string, offset: number): TextPosition {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { offset, line, column: offset - start + 1 };
}
