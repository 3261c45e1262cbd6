import type { CsvLayout } from "../../../services/core/feeds/csv-layout.ts";
import { FeedError } from "../feed-error.ts";
import { commentedHeader, type CsvRow } from "./csv-rows.ts";

/** Where the declared columns are, from 0. */
export type Columns = Readonly<Partial<Record<keyof CsvLayout["columns"], number>>>;

/** Finds the declared columns, and the rows that are data. Throws FeedError where the file lacks one. */
export function columnsOf(
  text: string,
  rows: readonly CsvRow[],
  layout: CsvLayout,
): { readonly columns: Columns; readonly rest: readonly CsvRow[] } {
  const { header } = layout;
  const names =
    header === "comment" ? commentedHeader(text, layout) : header ? (rows[0]?.fields ?? []) : [];
  const plain = names.map((name) => name.trim().toLowerCase());
  const columns: Partial<Record<keyof CsvLayout["columns"], number>> = {};
  for (const [key, column] of Object.entries(layout.columns)) {
    if (column === undefined || !isColumn(key)) continue;
    const at = typeof column === "number" ? column - 1 : plain.indexOf(column.trim().toLowerCase());
    if (at === -1) {
      const shown = names.slice(0, 30).map((name) => name.slice(0, 60)).join(", "); // prettier-ignore
      const reason = `The file has no column ${JSON.stringify(column)}; its columns are: ${shown || "none"}.`; // prettier-ignore
      throw new FeedError("feed/column-missing", reason, "line 1");
    }
    columns[key] = at;
  }
  return { columns, rest: header === true ? rows.slice(1) : rows };
}

const NAMES: ReadonlySet<string> = new Set<keyof CsvLayout["columns"]>(["value", "type", "id", "name", "description", "confidence", "tags", "modified", "validFrom", "validUntil", "detect"]); // prettier-ignore

function isColumn(key: string): key is keyof CsvLayout["columns"] {
  return NAMES.has(key);
}
