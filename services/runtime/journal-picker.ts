import type { PatternSet } from "stix2-ts";
import { WasmLineReader } from "../adapters/json-lines/wasm-line-reader.ts";
import type { Picker } from "../core/ports.ts";
import { Prefilter } from "../core/prefilter/prefilter.ts";

/** Looks through events in the text that the journal store keeps: a line of its journal has the document under `d`. */
export function journalPicker(set: PatternSet): Picker {
  return new Prefilter(set, new WasmLineReader(), ["d"]);
}
