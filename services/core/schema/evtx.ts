import type { LogSchema } from "./log-schema.ts";

const attributes = (path: string, name: string): readonly string[] => [
  `${path}.#attributes.${name}`,
  `${path}.@${name}`,
  `${path}.@attributes.${name}`,
  `${path}.$.${name}`,
  `${path}.${name}`,
];

const system = (path: string): readonly string[] => [`Event.System.${path}`, `System.${path}`];

/** Exports of .evtx logs: `Event.System` and `Event.EventData`, the latter an object or a list of named `Data`. */
export const evtx: LogSchema = {
  name: "evtx",
  record: {
    eventId: system("EventID"),
    source: [
      ...system("Provider").flatMap((path) => attributes(path, "Name")),
      ...system("Channel"),
      ...system("Provider").flatMap((path) => attributes(path, "Guid")),
    ],
    channel: system("Channel"),
    computer: system("Computer"),
    recordId: system("EventRecordID"),
    time: system("TimeCreated").flatMap((path) => [...attributes(path, "SystemTime"), path]),
  },
  containers: [{ path: "Event.EventData", spelling: "sysmon" }],
  renames: [],
};
