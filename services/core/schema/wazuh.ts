import type { LogSchema } from "./log-schema.ts";

/**
 * Wazuh: `data.win.eventdata.*` with a lower first letter, its values escaped once more than JSON asks; `win` stands at
 * the top before the manager wraps it.
 */
export const wazuh: LogSchema = {
  name: "wazuh",
  record: {
    eventId: ["data.win.system.eventID", "win.system.eventID"],
    source: [
      "data.win.system.providerName",
      "win.system.providerName",
      "data.win.system.channel",
      "win.system.channel",
      "data.win.system.providerGuid",
      "win.system.providerGuid",
    ],
    channel: ["data.win.system.channel", "win.system.channel"],
    computer: ["data.win.system.computer", "win.system.computer"],
    recordId: ["data.win.system.eventRecordID", "win.system.eventRecordID"],
    time: ["data.win.system.systemTime", "win.system.systemTime", "timestamp"],
  },
  containers: [
    { path: "data.win.eventdata", spelling: "camel", escaped: true },
    { path: "win.eventdata", spelling: "camel", escaped: true },
  ],
  renames: [],
};
