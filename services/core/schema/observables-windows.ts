import { file, property, type ObservableRule } from "./observable-rule.ts";

/** What STIX has no object for: pipes, devices, WMI, and Sysmon itself, as custom objects. */
export const windowsObservables: readonly ObservableRule[] = [
  {
    key: "x-windows-device",
    type: "x-windows-device",
    properties: [property("name", "Device")],
  },
  {
    key: "x-windows-pipe",
    type: "x-windows-pipe",
    properties: [property("name", "PipeName", "pipe-name"), property("path", "PipeName")],
  },
  {
    key: "x-wmi-event-filter",
    type: "x-wmi-event-filter",
    events: [19],
    properties: [
      property("name", "Name", "unquoted"),
      property("namespace", "EventNamespace", "unquoted"),
      property("query", "Query", "unquoted"),
      property("operation", "Operation"),
    ],
  },
  {
    key: "x-wmi-event-consumer",
    type: "x-wmi-event-consumer",
    events: [20],
    properties: [
      property("name", "Name", "unquoted"),
      property("consumer_type", "Type"),
      property("destination", "Destination", "unquoted"),
      property("operation", "Operation"),
    ],
  },
  {
    key: "process:wmi-consumer",
    type: "process",
    events: [20],
    when: { field: "Type", only: ["Command Line"] },
    properties: [property("command_line", "Destination", "unquoted")],
  },
  {
    key: "x-wmi-binding",
    type: "x-wmi-binding",
    events: [21],
    properties: [
      property("consumer", "Consumer", "unquoted"),
      property("filter", "Filter", "unquoted"),
      property("operation", "Operation"),
    ],
  },
  ...file("configuration", "Configuration"),
  {
    key: "x-sysmon-service",
    type: "x-sysmon-service",
    events: [4, 16, 255],
    properties: [
      property("state", "State"),
      property("version", "Version"),
      property("schema_version", "SchemaVersion"),
      property("configuration", "Configuration"),
      property("configuration_hash", "ConfigurationFileHash"),
      property("error_id", "ID"),
      property("error_description", "Description", "text", [255]),
    ],
  },
];
