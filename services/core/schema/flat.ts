import type { LogSchema } from "./log-schema.ts";

/** NXLog and others: record and event fields side by side at the top. `ProcessID`, `Domain`, `AccountName` and `host` are the collector's. */
export const flat: LogSchema = {
  name: "flat",
  record: {
    eventId: ["EventID", "EventId"],
    source: ["SourceName", "Channel", "ProviderName", "ProviderGuid"],
    channel: ["Channel"],
    computer: ["Hostname", "Computer", "ComputerName"],
    recordId: ["RecordNumber", "EventRecordID", "RecordID"],
    time: ["TimeCreated", "EventTime", "@timestamp"],
  },
  containers: [{ path: "", spelling: "sysmon" }],
  containersWhen: ["UtcTime", "ProcessGuid", "Image"],
  renames: [],
};
