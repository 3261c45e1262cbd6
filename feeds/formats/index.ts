import { decodeText } from "./decode-text.ts";
import { detectFormat } from "./detect-format.ts";
import type { FeedContent } from "../../services/core/ingest/feed-content.ts";
import { parseJson } from "./json-text.ts";
import { mispAttributes } from "./misp/misp-events.ts";
import { readMisp } from "./misp.ts";
import { readOpenIoc } from "./openioc.ts";
import { readPlainList } from "./plain-list.ts";
import { readStix } from "./stix.ts";

export type {
  EntryReport,
  FeedContent,
  FeedFormat,
  FeedIndicator,
  IndicatorContext,
} from "../../services/core/ingest/feed-content.ts";
export { FeedError } from "./feed-error.ts";

/**
 * Reads one feed file, whose format is told by its content. `name` only words messages. Bad entries are reported in the
 * result; throws FeedError when the whole file is unusable.
 */
export function readFeed(name: string, bytes: Uint8Array): FeedContent {
  const text = decodeText(bytes);
  const format = detectFormat(name, text);
  if (format === "xml") return readOpenIoc(text);
  if (format === "list") return readPlainList(text);
  const document = parseJson(text);
  const attributes = mispAttributes(document);
  return attributes === undefined ? readStix(name, document) : readMisp(attributes);
}
