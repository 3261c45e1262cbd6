import type { LogSchema } from "./log-schema.ts";

/** Azure Monitor and Sentinel: tables `WindowsEvent` (`EventData` an object or its JSON text) and `Event` (its XML text). */
export const azure: LogSchema = {
  name: "azure",
  record: {
    eventId: ["EventID"],
    source: ["Provider", "Source", "Channel", "EventLog"],
    channel: ["Channel", "EventLog"],
    computer: ["Computer"],
    recordId: ["EventRecordId", "EventRecordID"],
    time: ["TimeCreated", "TimeGenerated"],
  },
  containers: [{ path: "EventData", spelling: "sysmon" }],
  renames: [],
};
