import type { LogSchema } from "./log-schema.ts";

/** Winlogbeat up to 6: `event_data.*`, the record's facts at the top. */
export const winlogbeat6: LogSchema = {
  name: "winlogbeat6",
  record: {
    eventId: ["event_id"],
    source: ["source_name", "log_name", "provider_guid"],
    channel: ["log_name"],
    computer: ["computer_name"],
    recordId: ["record_number"],
    time: ["@timestamp"],
  },
  containers: [{ path: "event_data", spelling: "sysmon" }],
  renames: [],
};
