import { JsonTextError, MAX_JSON_DEPTH, parseJsonText } from "stix2-ts";
import { FeedError } from "./feed-error.ts";
import { formatPosition } from "./text-position.ts";

export { MAX_JSON_DEPTH };

/** Parses JSON. Throws FeedError with line and column; the depth is limited, so no reader of the value can overflow. */
export function parseJson(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    const where = formatPosition(cause.line, cause.column);
    if (cause.code === "stix/too-deep") {
      const limit = `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels at ${where}.`;
      throw new FeedError("feed/too-deep", limit, where, { cause });
    }
    if (cause.code === "stix/json-truncated") {
      const reason = `The JSON ends too early, at ${where}: the file is cut off.`;
      throw new FeedError("feed/json-truncated", reason, where, { cause });
    }
    const rest = text.slice(cause.offset, cause.offset + 20).split("\n")[0] ?? "";
    const reason = `No valid JSON at ${where}, before ${JSON.stringify(rest)}.`;
    throw new FeedError("feed/json-syntax", reason, where, { cause });
  }
}
