import { readAlert } from "../../../core/alert/read-alert.ts";
import type { AlertRecord } from "../../../core/records.ts";
import { fromText, type Document, type Source } from "./document.ts";

/** Reads an alert back from its document, exactly as it was written. */
export function alertOf(document: Document): AlertRecord {
  return readAlert(fromText<AlertRecord>({ source: own(document) }));
}

/** The number that has reached the document. */
export function numberIn(document: Document): number | undefined {
  const { number } = own(document);
  return typeof number === "number" ? number : undefined;
}

function own({ source }: Document): Source & { readonly number?: unknown } {
  return source["stixsweep"] as Source;
}
