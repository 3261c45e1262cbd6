import { file, hashes, header, property, user, type ObservableRule } from "./observable-rule.ts";

/** A process other than the acting one: all its fields begin with the same word. */
function otherProcess(role: string, prefix: string): readonly ObservableRule[] {
  return [
    ...file(role, `${prefix}Image`),
    user(`user-account:${role}`, `${prefix}User`),
    {
      key: `process:${role}`,
      type: "process",
      properties: [
        property("pid", `${prefix}ProcessId`, "integer"),
        property("name", `${prefix}Image`, "base-name"),
        property("command_line", `${prefix}CommandLine`),
        property("x_process_guid", `${prefix}ProcessGuid`, "guid"),
      ],
      refs: {
        image_ref: [`file:${role}`],
        binary_ref: [`file:${role}`],
        creator_user_ref: [`user-account:${role}`],
      },
    },
  ];
}

/** The acting process with image, user and parent; source and target of events 8 and 10. */
export const processObservables: readonly ObservableRule[] = [
  ...file("image", "Image", [...hashes([1]), ...header([1])]),
  user("user-account", "User"),
  ...otherProcess("parent", "Parent"),
  {
    key: "process",
    type: "process",
    events: [1, 2, 3, 5, 7, 9, 11, 12, 13, 14, 15, 17, 18, 22, 23, 24, 25, 26, 27, 28, 29],
    properties: [
      property("pid", "ProcessId", "integer"),
      property("name", "Image", "base-name"),
      property("command_line", "CommandLine"),
      property("cwd", "CurrentDirectory"),
      property("created_time", "UtcTime", "timestamp", [1]),
      property("created", "UtcTime", "timestamp", [1]),
      property("extensions.windows-process-ext.integrity_level", "IntegrityLevel", "lower"),
      property("x_integrity_level", "IntegrityLevel"),
      property("x_process_guid", "ProcessGuid", "guid"),
      property("x_logon_guid", "LogonGuid", "guid"),
      property("x_logon_id", "LogonId"),
      property("x_terminal_session_id", "TerminalSessionId", "integer"),
      property("x_tampering_type", "Type", "text", [25]),
    ],
    refs: {
      image_ref: ["file:image"],
      binary_ref: ["file:image"],
      creator_user_ref: ["user-account"],
      parent_ref: ["process:parent"],
      opened_connection_refs: ["network-traffic", "network-traffic:names"],
    },
  },
  ...otherProcess("source", "Source"),
  ...otherProcess("target", "Target"),
  ...file("start-module", "StartModule"),
  {
    key: "x-windows-remote-thread",
    type: "x-windows-remote-thread",
    events: [8],
    properties: [
      property("start_address", "StartAddress"),
      property("start_module", "StartModule"),
      property("start_function", "StartFunction"),
      property("thread_id", "NewThreadId", "integer"),
    ],
    refs: { source_ref: ["process:source"], target_ref: ["process:target"] },
  },
  {
    key: "x-windows-process-access",
    type: "x-windows-process-access",
    events: [10],
    properties: [
      property("granted_access", "GrantedAccess"),
      property("call_trace", "CallTrace"),
      property("thread_id", "SourceThreadId", "integer"),
    ],
    refs: { source_ref: ["process:source"], target_ref: ["process:target"] },
  },
];
