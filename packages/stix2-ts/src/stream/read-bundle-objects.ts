import { checkHeader } from "../bundle/check-header.ts";
import { type ParsedObject, parseEntry } from "../bundle/parse-object.ts";
import { type ParseOptions, parseSettings, type ParseSettings } from "../bundle/parse-options.ts";
import type { Issue } from "../check/issue.ts";
import { Report } from "../check/report.ts";
import { StixError } from "../errors.ts";
import { JsonTextError, type TextPosition } from "../json/json-text-error.ts";
import { parseJsonText } from "../json/parse-json-text.ts";
import type { Stix20Object } from "../lift/lift-to-21.ts";
import type { StixObject } from "../model/stix-object.ts";
import { decodeChunks } from "./decode-chunks.ts";
import { type Element, ElementScanner, type Piece } from "./element-scanner.ts";

/** How a bundle is read in pieces: its limits, and who is told of its header. */
export interface StreamOptions extends ParseOptions {
  /** Longest text of one object, in UTF-16 units: 16 Mi. A longer one is passed over and reported. */
  readonly maxObjectLength?: number;
  /** Called at the end with what the bundle says of itself. */
  readonly onBundle?: (bundle: StreamedBundle) => void;
}

/** What a bundle that was read in pieces says of itself. */
export interface StreamedBundle {
  readonly id: string | undefined;
  readonly issues: readonly Issue[];
}

/** What came of one object of a bundle that is read in pieces. */
export interface StreamedObject<T = StixObject> extends ParsedObject<T> {
  readonly pointer: string;
  /** The value as it was given; undefined where its text is no JSON or too long. */
  readonly raw: unknown;
}

/** Longest text around the objects: a bundle says little of itself. */
const MAX_AROUND = 1 << 20;

/**
 * Reads a bundle object by object, in memory that one object needs, whatever the bundle's size: its text comes in pieces, of
 * text or of UTF-8 bytes. Also reads a list of objects and a TAXII envelope. An object that is no JSON, or too long, is
 * reported as one without `object`; the others follow. Throws JsonTextError where the text around the objects is no JSON or
 * ends too early, StixError for what is beyond a limit or no UTF-8, and what `chunks` throws. Duplicates are not looked for:
 * that would need memory.
 */
export function readBundleObjects(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options: StreamOptions & { readonly lift: false },
): AsyncGenerator<StreamedObject<StixObject | Stix20Object>, void, undefined>;
export function readBundleObjects(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options?: StreamOptions,
): AsyncGenerator<StreamedObject, void, undefined>;
export async function* readBundleObjects(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options: StreamOptions = {},
): AsyncGenerator<StreamedObject<StixObject | Stix20Object>, void, undefined> {
  const settings = parseSettings(options);
  const maxLength = options.maxObjectLength ?? 16 * 1024 * 1024;
  const scanner = new ElementScanner(maxLength);
  let index = 0;
  for await (const text of decodeChunks(chunks)) {
    for (const element of scanner.push(text)) {
      if (index >= settings.maxObjects) {
        throw new StixError("stix/too-large", `The bundle has more than ${settings.maxObjects} objects.`); // prettier-ignore
      }
      yield readElement(element, `/objects/${index}`, settings, maxLength);
      index += 1;
    }
    if (scanner.aroundLength > MAX_AROUND) {
      throw new StixError("stix/too-large", `More than ${MAX_AROUND} characters stand around the objects.`); // prettier-ignore
    }
  }
  if (!scanner.isClosed) {
    throw new JsonTextError("stix/json-truncated", "The JSON ends too early", scanner.position);
  }
  const document = parseAround(scanner.around, settings.maxDepth);
  const report = new Report("", settings.maxIssues, settings.tolerated);
  const { id, single } = checkHeader(document, report);
  if (single) yield { ...parseEntry(document, "", settings), pointer: "", raw: document };
  options.onBundle?.({ id, issues: report.issues });
}

function readElement(
  { text, start }: Element,
  pointer: string,
  settings: ParseSettings,
  maxLength: number,
): StreamedObject<StixObject | Stix20Object> {
  const failed = (code: string, message: string): StreamedObject => ({
    pointer,
    raw: undefined,
    object: undefined,
    observables: [],
    issues: [{ severity: "error", code, pointer, section: "2.1 §8", message }],
  });
  if (text === undefined) {
    return failed("stix/object-too-long", `The object is longer than ${maxLength} characters (line ${start.line}, column ${start.column}).`); // prettier-ignore
  }
  let raw: unknown;
  try {
    raw = parseJsonText(text, settings.maxDepth);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const { code, message } = moved(error, start);
    return failed(code === "stix/json-truncated" ? "stix/json-syntax" : code, message);
  }
  return { ...parseEntry(raw, pointer, settings), pointer, raw };
}

function parseAround(around: readonly Piece[], maxDepth: number): unknown {
  try {
    return parseJsonText(around.map(({ text }) => text).join(""), maxDepth);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    let before = 0;
    for (const [index, { text, start }] of around.entries()) {
      if (error.offset < before + text.length || index === around.length - 1) {
        throw moved(error, start, { text, offset: error.offset - before });
      }
      before += text.length;
    }
    throw error;
  }
}

/** Says where an error in a part stands in the whole. */
function moved(
  error: JsonTextError,
  start: TextPosition,
  within?: { readonly text: string; readonly offset: number },
): JsonTextError {
  const lines = within?.text.slice(0, within.offset).split("\n");
  const line = lines?.length ?? error.line;
  const column = lines === undefined ? error.column : (lines.at(-1)?.length ?? 0) + 1;
  const what = error.message.replace(/ \(line \d+, column \d+\)$/, "");
  return new JsonTextError(
    error.code as "stix/json-syntax",
    what,
    {
      offset: start.offset + (within?.offset ?? error.offset),
      line: start.line + line - 1,
      column: line === 1 ? start.column + column - 1 : column,
    },
    { cause: error },
  );
}
