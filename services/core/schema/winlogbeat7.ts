import type { LogSchema } from "./log-schema.ts";

/** Winlogbeat 7 and later, Elastic Agent, evtx2es, without the Sysmon module: `winlog.event_data.*`. */
export const winlogbeat7: LogSchema = {
  name: "winlogbeat7",
  record: {
    eventId: ["winlog.event_id"],
    source: [
      "winlog.provider_name",
      "winlog.provider.name",
      "winlog.channel",
      "winlog.provider_guid",
      "winlog.provider.guid",
    ],
    channel: ["winlog.channel"],
    computer: ["winlog.computer_name"],
    recordId: ["winlog.record_id"],
    time: ["winlog.time_created", "@timestamp"],
  },
  containers: [{ path: "winlog.event_data", spelling: "sysmon" }],
  renames: [],
};
