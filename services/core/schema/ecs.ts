import type { FieldForm, FieldRename, LogSchema } from "./log-schema.ts";

const processHashed = [1, 23, 24, 25, 26, 27, 28, 29];
const fileHashed = [6, 7, 15, 23, 24, 26, 27, 28, 29];
const loaded = [6, 7];
const own = [1];

function rename(
  canonical: string,
  names: readonly string[],
  events?: readonly number[],
  form?: FieldForm,
): FieldRename {
  return { canonical, names, ...(events && { events }), ...(form && { form }) };
}

const hash = (canonical: string, name: string): readonly FieldRename[] => [
  rename(canonical, [`process.hash.${name}`], processHashed),
  rename(canonical, [`file.hash.${name}`, `dll.hash.${name}`], fileHashed),
  rename(canonical, [`hash.${name}`], [...new Set([...processHashed, ...fileHashed])]),
];

const product = (canonical: string, name: string): readonly FieldRename[] => [
  rename(canonical, [`process.pe.${name}`], own),
  rename(canonical, [`file.pe.${name}`, `dll.pe.${name}`], [7]),
];

/**
 * Winlogbeat 7.9 and later with its Sysmon module (and Elastic Agent): fields renamed to ECS; what is not renamed
 * stays in `winlog.event_data`. Renames as in elastic/beats `x-pack/winlogbeat/module/sysmon/ingest/sysmon.yml`.
 */
export const ecs: LogSchema = {
  name: "ecs",
  record: {
    eventId: ["event.code"],
    source: ["event.provider", "event.module", "event.dataset"],
    channel: [],
    // The collector's name where events are forwarded: only the last resort.
    computer: ["host.name", "host.hostname"],
    recordId: [],
    time: ["@timestamp"],
  },
  containers: [],
  renames: [
    rename("RuleName", ["rule.name"]),
    rename("UtcTime", ["@timestamp"], undefined, "timestamp"),
    rename("ProcessGuid", ["process.entity_id"]),
    rename("ProcessId", ["process.pid"]),
    rename("Image", ["process.executable"]),
    rename("SourceProcessGuid", ["process.entity_id"]),
    rename("SourceProcessId", ["process.pid"]),
    rename("SourceThreadId", ["process.thread.id"]),
    rename("SourceImage", ["process.executable"]),
    rename("Destination", ["process.executable"]),
    rename("CommandLine", ["process.command_line"]),
    rename("CurrentDirectory", ["process.working_directory"]),
    rename("ParentProcessGuid", ["process.parent.entity_id"]),
    rename("ParentProcessId", ["process.parent.pid"]),
    rename("ParentImage", ["process.parent.executable"]),
    rename("ParentCommandLine", ["process.parent.command_line"]),
    { canonical: "User", names: ["user.name"], domain: "user.domain" },
    ...product("OriginalFileName", "original_file_name"),
    ...product("Company", "company"),
    ...product("Description", "description"),
    ...product("FileVersion", "file_version"),
    ...product("Product", "product"),
    ...hash("MD5", "md5"),
    ...hash("SHA1", "sha1"),
    ...hash("SHA256", "sha256"),
    rename("IMPHASH", ["process.pe.imphash"], processHashed),
    rename("IMPHASH", ["file.pe.imphash", "dll.pe.imphash"], fileHashed),
    ...hash("IMPHASH", "imphash"),
    rename("TargetFilename", ["file.path"]),
    rename("Device", ["file.path"]),
    rename("ImageLoaded", ["file.path", "dll.path"], loaded),
    rename("PipeName", ["file.name"]),
    rename("Signature", ["file.code_signature.subject_name", "dll.code_signature.subject_name"]),
    rename("SignatureStatus", ["file.code_signature.status", "dll.code_signature.status"]),
    rename("Signed", ["file.code_signature.signed", "dll.code_signature.signed"]),
    rename("Protocol", ["network.transport"]),
    rename("Initiated", ["network.direction"], undefined, "direction"),
    rename("SourceIsIpv6", ["network.type"], undefined, "ip-version"),
    rename("DestinationIsIpv6", ["network.type"], undefined, "ip-version"),
    rename("SourceIp", ["source.ip"]),
    rename("SourceHostname", ["source.domain"]),
    rename("SourcePort", ["source.port"]),
    rename("DestinationIp", ["destination.ip"]),
    rename("DestinationHostname", ["destination.domain"]),
    rename("DestinationPort", ["destination.port"]),
    rename("QueryName", ["dns.question.name"]),
    rename("QueryStatus", ["sysmon.dns.status"]),
    rename("QueryResults", ["dns.answers"], undefined, "answer-objects"),
    rename("QueryResults", ["dns.resolved_ip"], undefined, "answer-list"),
    rename("TargetObject", ["registry.path"]),
    rename("Details", ["registry.data.strings"], undefined, "registry-data"),
    rename("Archived", ["sysmon.file.archived"]),
    rename("IsExecutable", ["sysmon.file.is_executable"]),
    rename("ID", ["error.code"]),
  ],
  // Without these, `process.pid` and `user.name` are those of the Sysmon service itself (evtx2es, Winlogbeat 6).
  renamesWhen: [
    { path: "process.executable" },
    { path: "process.entity_id" },
    { path: "event.module", namesSysmon: true },
    { path: "event.dataset", namesSysmon: true },
  ],
};
