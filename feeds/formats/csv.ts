import { uuidV5 } from "stix2-ts";
import type { CsvLayout } from "../../services/core/feeds/csv-layout.ts";
import type {
  EntryReport,
  FeedContent,
  FeedIndicator,
} from "../../services/core/ingest/feed-content.ts";
import { patternProblem } from "./checked-pattern.ts";
import { columnsOf, type Columns } from "./csv/csv-columns.ts";
import { type CsvRow, csvRows } from "./csv/csv-rows.ts";
import { confidenceOf, tagsOf, timeOf } from "./csv/row-fields.ts";
import { isTextType, readerOfKind, readerOfType } from "./csv/value-kinds.ts";
import { decodeText } from "./decode-text.ts";
import { FEED_NAMESPACE } from "./feed-namespace.ts";
import { repairValue } from "./repair-value.ts";
import { printComparisons } from "./terms/expression.ts";
import { isMeaningless } from "./terms/values.ts";

/** Reads a CSV file by the layout that its feed declares. A bad row costs nothing but itself. */
export function parseCsv(bytes: Uint8Array, layout: CsvLayout): FeedContent {
  return readCsv(decodeText(bytes), layout);
}

export function readCsv(text: string, layout: CsvLayout): FeedContent {
  const { rows, broken } = csvRows(text, layout);
  const { columns, rest } = columnsOf(text, rows, layout);
  const file = new CsvFile(layout, columns);
  for (const row of rest) file.add(row);
  const faults = broken.map(({ line, reason }): Placed => ({
    line,
    entry: { status: "rejected", where: `line ${line}`, code: "feed/row-broken", reason },
  }));
  const entries = [...file.entries, ...faults].toSorted((a, b) => a.line - b.line);
  return {
    format: "csv",
    version: "1",
    indicators: file.indicators,
    entries: entries.map(({ entry }) => entry),
    ignored: file.ignored === 0 ? {} : { "not for detection": file.ignored },
  };
}

interface Placed {
  readonly line: number;
  readonly entry: EntryReport;
}

class CsvFile {
  readonly indicators: FeedIndicator[] = [];
  readonly entries: Placed[] = [];
  ignored = 0;
  readonly #taken = new Map<string, string>();
  readonly #layout: CsvLayout;
  readonly #columns: Columns;

  constructor(layout: CsvLayout, columns: Columns) {
    this.#layout = layout;
    this.#columns = columns;
  }

  add({ line, fields }: CsvRow): void {
    const where = `line ${line}`;
    const field = (name: keyof Columns): string | undefined => {
      const at = this.#columns[name];
      const text = at === undefined ? undefined : fields[at]?.trim();
      return text === "" ? undefined : text;
    };
    const report = (entry: Omit<EntryReport, "where">): void => {
      this.entries.push({ line, entry: { where, ...entry } });
    };
    const detect = field("detect");
    if (this.#columns.detect !== undefined && /^(?:0|false|no|)$/i.test(detect ?? "")) {
      this.ignored += 1;
      return;
    }
    const given = field("value");
    if (given === undefined) {
      const reason = `It has no value: ${fields.length} fields.`;
      report({ status: "rejected", code: "feed/value-missing", reason });
      return;
    }
    const word = field("type");
    const isText = isTextType(word, this.#layout);
    const read = word === undefined ? readerOfKind(this.#layout.type) : readerOfType(word, this.#layout); // prettier-ignore
    const { value, repairs } = isText ? repairValue(given, true) : repairValue(given);
    const meaning = read?.(value);
    if (meaning === undefined || isMeaningless(meaning)) {
      const what = `${word === undefined ? "" : `${word.slice(0, 60)} `}${JSON.stringify(given.slice(0, 100))}`;
      const reason = `${what}: ${meaning?.reason ?? "the type is not known, or no Sysmon event shows it"}.`;
      report({ status: "rejected", code: meaning?.code ?? "feed/term-unknown", reason });
      return;
    }
    const pattern = `[${printComparisons(meaning.expression)}]`;
    const id = `indicator--${uuidV5(FEED_NAMESPACE, `csv|${pattern}`)}`;
    const same = this.#taken.get(id);
    if (same !== undefined) {
      const reason = `The same value stands at ${same} already.`;
      report({ status: "ignored", id, code: "feed/duplicate-id", reason });
      return;
    }
    this.#taken.set(id, where);
    const problem = patternProblem(pattern);
    if (problem !== undefined) {
      report({ status: "rejected", id, code: "feed/pattern-syntax", reason: problem.message });
      return;
    }
    const lost = meaning.lost === undefined ? [] : [meaning.lost];
    const seen = lost.length;
    const confidence = confidenceOf(field("confidence"), lost);
    const modified = timeOf("modified", field("modified"), lost);
    const validFrom = timeOf("validFrom", field("validFrom"), lost);
    const validUntil = timeOf("validUntil", field("validUntil"), lost);
    const name = field("name");
    const description = field("description");
    const isRepaired = repairs.length > 0;
    const code = seen > 0 ? "feed/partly-visible" : isRepaired ? "feed/value-repaired" : undefined;
    report({
      status: lost.length > 0 || isRepaired ? "partly" : "accepted",
      id,
      ...(code !== undefined && { code }),
      ...(isRepaired && {
        reason: `${JSON.stringify(given.slice(0, 200))} was read as ${JSON.stringify(value.slice(0, 200))}.`,
        repaired: repairs,
      }),
      ...(lost.length > 0 && { lost }),
    });
    this.indicators.push({
      id,
      pattern,
      patternType: "stix",
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(modified !== undefined && { created: modified, modified }),
      ...(validFrom !== undefined && { validFrom }),
      ...(validUntil !== undefined && { validUntil }),
      revoked: false,
      ...(confidence !== undefined && { confidence }),
      labels: tagsOf(field("tags")),
      markings: [],
      killChain: [],
      context: [],
      original: { format: "csv", id: field("id") ?? where, text: given },
    });
  }
}
