import type { MatchRecord } from "../core/records.ts";
import { documentOf } from "../core/ingest/document.ts";
import { observe, readEvent } from "../core/schema/index.ts";
import type { LoadedIndicators } from "./load-indicators.ts";
import { printable } from "./printable.ts";
import { makeStixBundle } from "./stix-bundle.ts";

export const SCAN_FORMATS = ["text", "json", "ndjson", "stix"] as const;
export type ScanFormat = (typeof SCAN_FORMATS)[number];

export interface Formatter {
  readonly add: (match: MatchRecord, document: unknown) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** One indicator's word on one event. */
interface Row {
  readonly indicator: string;
  readonly event: string;
  readonly path: string;
  readonly field: string;
  readonly value: string;
}

/** Writes matches in a format; `json` and `stix` are one document, written at the end. */
export function makeFormatter(
  format: ScanFormat,
  loaded: LoadedIndicators,
  out: (text: string) => Promise<void>,
): Formatter {
  const nothing = async () => {};
  switch (format) {
    case "ndjson":
      return {
        add: async (match) => {
          for (const row of rowsOf(match, loaded)) {
            await out(`${JSON.stringify(row)}\n`);
          }
        },
        end: nothing,
      };
    case "text":
      return {
        add: async (match) => {
          for (const row of rowsOf(match, loaded)) {
            await out(`${textRow(row, match, loaded)}\n`);
          }
        },
        end: nothing,
      };
    case "json": {
      const rows: Row[] = [];
      return {
        add: async (match) => void rows.push(...rowsOf(match, loaded)),
        end: async () => out(`${JSON.stringify({ matches: rows }, null, 2)}\n`),
      };
    }
    case "stix": {
      const bundle = makeStixBundle();
      return {
        add: async (match, document) => {
          const event = readEvent(documentOf(document));
          if (event !== undefined) {
            bundle.add(match, observe(event).observation, loaded.ids.get(match.patternKey) ?? []);
          }
        },
        end: async () => out(`${JSON.stringify(bundle.finish(), null, 2)}\n`),
      };
    }
  }
}

function rowsOf(match: MatchRecord, loaded: LoadedIndicators): readonly Row[] {
  const [why] = match.why;
  return (loaded.ids.get(match.patternKey) ?? []).map((indicator) => ({
    indicator,
    event: match.locator,
    path: why?.path ?? "",
    field: why?.field ?? "",
    value: why?.value ?? "",
  }));
}

function textRow(row: Row, match: MatchRecord, loaded: LoadedIndicators): string {
  const time = match.time > 0 ? new Date(match.time).toISOString() : "-";
  const name = loaded.names.get(row.indicator) ?? "";
  return [
    time,
    match.host || "-",
    `event ${match.eventId}`,
    name || row.indicator,
    row.field,
    row.value,
    row.event,
  ]
    .map(printable)
    .join("  ");
}
