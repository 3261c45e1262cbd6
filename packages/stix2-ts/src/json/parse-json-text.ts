import { jsonErrorOffset, stringEnd } from "./json-error-offset.ts";
import { JsonTextError, textPosition } from "./json-text-error.ts";

/** Deepest nesting that is read unless told otherwise; STIX needs less than twenty. */
export const MAX_JSON_DEPTH = 200;

/** Parses JSON (RFC 8259). Throws JsonTextError with line and column; `maxDepth` bounds the nesting. */
export function parseJsonText(text: string, maxDepth: number = MAX_JSON_DEPTH): unknown {
  refuseDepth(text, maxDepth);
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The engine's own message is not to be read: it differs from engine to engine.
    const offset = jsonErrorOffset(text);
    const rest = text.slice(offset, offset + 20).split("\n")[0] ?? "";
    const truncated = text.slice(offset).trim() === "";
    throw new JsonTextError(
      truncated ? "stix/json-truncated" : "stix/json-syntax",
      truncated ? "The JSON ends too early" : `No valid JSON before ${JSON.stringify(rest)}`,
      textPosition(text, offset),
      { cause },
    );
  }
}

function refuseDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = stringEnd(text, at);
      if (at === -1) return; // JSON.parse will say so
    } else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > maxDepth) {
        throw new JsonTextError(
          "stix/too-deep",
          `The JSON is nested deeper than ${maxDepth} levels`,
          textPosition(text, at),
        );
      }
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
}
