import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { StoredEvent } from "../../services/core/ports.ts";
import { CORPUS } from "./corpus.ts";

/** The corpus's event files, one a layout. */
export const EVENT_FILES = [
  "nxlog_flat.ndjson.gz",
  "winlogbeat6_event_data.ndjson.gz",
  "winlog_event_data.ndjson.gz",
  "evtx_event_json.ndjson.gz",
  "ecs_samples.ndjson",
] as const;

export type EventFile = (typeof EVENT_FILES)[number];

/** Every document of a corpus file, Sysmon or not. */
export function corpusEvents(file: EventFile): StoredEvent[] {
  const bytes = readFileSync(path.join(CORPUS, "sysmon", file));
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, i) => {
      const document = JSON.parse(line) as { readonly _id: string };
      return { position: i + 1, locator: document._id, document };
    });
}
