import { CsvError, parse } from "csv-parse/sync";
import type { CsvLayout } from "../../../services/core/feeds/csv-layout.ts";
import { FeedError } from "../feed-error.ts";

/** Longest row, in bytes: an unclosed quote takes no more of the file with it. */
const LONGEST_ROW = 64 * 1024;
/** Read at a time, so that going on behind a broken row costs little. */
const BLOCK = 256 * 1024;
const MOST_ROWS = 5_000_000;
/** Most broken rows that reading goes on behind; a file with more is no CSV of this layout. */
const MOST_BROKEN = 1000;

type Signs = Pick<CsvLayout, "delimiter" | "comment">;

export interface CsvRow {
  /** The line that it begins on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface BrokenRow {
  readonly line: number;
  readonly reason: string;
}

export interface CsvRows {
  readonly rows: readonly CsvRow[];
  readonly broken: readonly BrokenRow[];
}

/** Cuts CSV into rows. A row that is broken is reported, and reading goes on at the line behind its first. */
export function csvRows(given: string, signs: Signs): CsvRows {
  const text = given.includes("\r") ? given.replace(/\r\n?/g, "\n") : given;
  const rows: CsvRow[] = [];
  const broken: BrokenRow[] = [];
  let from = 0;
  let before = 0; // lines in front of `from`
  while (from < text.length) {
    const block = blockAt(text, from);
    const isLast = from + block.length === text.length;
    const { fault, lines: whole } = readBlock(block, before, signs, rows);
    if (fault === undefined) {
      before += linesIn(block);
      from += block.length;
      continue;
    }
    const { offset, lines } = rowStart(block, whole, signs.comment);
    from += offset;
    before += lines;
    // A quote that the block's end leaves open may be closed in the next one, which begins with this row.
    if (fault.code === "CSV_QUOTE_NOT_CLOSED" && !isLast && offset > 0) continue;
    broken.push({ line: before + 1, reason: reasonOf(fault) });
    if (broken.length > MOST_BROKEN) {
      const reason = `More than ${MOST_BROKEN} rows are broken, the last at line ${before + 1}.`;
      throw new FeedError("feed/row-broken", reason, `line ${before + 1}`, { cause: fault });
    }
    from = behindLine(text, from);
    before += 1;
  }
  return { rows, broken };
}

/** Text from an offset to the end of a line. */
function blockAt(text: string, from: number): string {
  const end = from + BLOCK;
  if (end >= text.length) return text.slice(from);
  const cut = text.lastIndexOf("\n", end - 1);
  return text.slice(from, cut < from ? end : cut + 1);
}

/** Reads the rows of a block up to the first broken one; `lines` are those of the rows before it. */
function readBlock(block: string, before: number, signs: Signs, rows: CsvRow[]) {
  let lines = 0;
  try {
    parse(block, {
      ...parsing(signs),
      on_record: (fields: string[], at) => {
        lines = at.lines;
        const own = fields.reduce((sum, field) => sum + linesIn(field), 0);
        rows.push({ line: before + lines - own, fields });
        if (rows.length > MOST_ROWS) {
          throw new FeedError("feed/too-large", `The file has more than ${MOST_ROWS} rows.`);
        }
        return null;
      },
    });
    return { fault: undefined, lines };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fault: error, lines };
  }
}

function parsing({ delimiter, comment }: Signs) {
  return {
    delimiter,
    ...(comment !== undefined && { comment, comment_no_infix: true }),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: LONGEST_ROW,
    record_delimiter: "\n",
  };
}

function reasonOf({ code }: CsvError): string {
  if (code === "CSV_MAX_RECORD_SIZE") return "A quote is not closed, or the row is too long.";
  return code === "CSV_QUOTE_NOT_CLOSED" ? "A quote is not closed." : "The row is broken.";
}

function linesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function behindLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end + 1;
}

/** Where the row begins that stands behind so many lines, and behind empty lines and comments. */
function rowStart(block: string, whole: number, comment: string | undefined) {
  let offset = 0;
  let lines = 0;
  const isRow = (line: string) =>
    line.trim() !== "" && (comment === undefined || !line.startsWith(comment));
  while (offset < block.length) {
    const end = behindLine(block, offset);
    if (lines >= whole && isRow(block.slice(offset, end))) break;
    offset = end;
    lines += 1;
  }
  return { offset, lines };
}

/** The fields of the last comment in front of the first row, as names of columns. */
export function commentedHeader(
  text: string,
  { delimiter, comment = "#" }: Signs,
): readonly string[] {
  let last: string | undefined;
  for (const line of text.slice(0, LONGEST_ROW).split(/\r\n|\n|\r/)) {
    if (line.trim() !== "" && !line.startsWith(comment)) break;
    const bare = line.slice(comment.length).trim();
    if (bare.includes(delimiter)) last = bare;
  }
  return last === undefined ? [] : (csvRows(last, { delimiter }).rows[0]?.fields ?? []);
}
