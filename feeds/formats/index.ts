import type { CsvLayout } from "../../services/core/feeds/csv-layout.ts";
import { readCsv } from "./csv.ts";
import { decodeText } from "./decode-text.ts";
import { detectFormat } from "./detect-format.ts";
import type { FeedContent } from "../../services/core/ingest/feed-content.ts";
import { parseJson } from "./json-text.ts";
import { mispAttributes } from "./misp/misp-events.ts";
import { readMisp } from "./misp.ts";
import { readOpenIoc } from "./openioc.ts";
import { readPlainList } from "./plain-list.ts";
import { readStix } from "./stix.ts";
import { readStix1 } from "./stix1.ts";
import { isSysmonSearchRule, readSysmonSearch } from "./sysmonsearch.ts";

export type {
  EntryReport,
  FeedContent,
  FeedFormat,
  FeedIndicator,
  IndicatorContext,
} from "../../services/core/ingest/feed-content.ts";
export { FeedError } from "./feed-error.ts";

/**
 * Reads one feed file, whose format is told by its content; CSV by the layout that its feed declares. `name` only words
 * messages. Bad entries are reported in the result; throws FeedError when the whole file is unusable.
 */
export function readFeed(name: string, bytes: Uint8Array, layout?: CsvLayout): FeedContent {
  const text = decodeText(bytes);
  if (layout !== undefined) return readCsv(text, layout);
  const format = detectFormat(name, text);
  if (format === "openioc") return readOpenIoc(text);
  if (format === "stix1") return readStix1(text);
  if (format === "list") return readPlainList(text);
  const document = parseJson(text);
  if (isSysmonSearchRule(document)) return readSysmonSearch(name, document);
  const attributes = mispAttributes(document);
  return attributes === undefined ? readStix(name, document) : readMisp(attributes);
}
