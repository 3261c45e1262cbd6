/** How Sysmon names itself in the event log. */
export const CHANNEL = "Microsoft-Windows-Sysmon/Operational";
export const PROVIDER = "Microsoft-Windows-Sysmon";
export const PROVIDER_GUID = "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}";

const VERSIONS: Readonly<Record<number, number>> = { 1: 5, 2: 5, 3: 5, 5: 3, 6: 4, 7: 3, 10: 3, 22: 5, 23: 5, 26: 5, 25: 5 }; // prettier-ignore

/** The schema version of an event id, as `System.Version` has it. */
export function eventVersion(eventId: number): number {
  return VERSIONS[eventId] ?? 2;
}

const TASKS: Readonly<Record<number, string>> = {
  1: "Process Create (rule: ProcessCreate)",
  2: "File creation time changed (rule: FileCreateTime)",
  3: "Network connection detected (rule: NetworkConnect)",
  4: "Sysmon service state changed",
  5: "Process terminated (rule: ProcessTerminate)",
  6: "Driver loaded (rule: DriverLoad)",
  7: "Image loaded (rule: ImageLoad)",
  8: "CreateRemoteThread detected (rule: CreateRemoteThread)",
  9: "RawAccessRead detected (rule: RawAccessRead)",
  10: "Process accessed (rule: ProcessAccess)",
  11: "File created (rule: FileCreate)",
  12: "Registry object added or deleted (rule: RegistryEvent)",
  13: "Registry value set (rule: RegistryEvent)",
  15: "File stream created (rule: FileCreateStreamHash)",
  17: "Pipe Created (rule: PipeEvent)",
  18: "Pipe Connected (rule: PipeEvent)",
  19: "WmiEventFilter activity detected (rule: WmiEvent)",
  20: "WmiEventConsumer activity detected (rule: WmiEvent)",
  21: "WmiEventConsumerToFilter activity detected (rule: WmiEvent)",
  22: "Dns query (rule: DnsQuery)",
  23: "File Delete archived (rule: FileDelete)",
  24: "Clipboard changed (rule: ClipboardChange)",
  25: "Process Tampering (rule: ProcessTampering)",
  26: "File Delete logged (rule: FileDeleteDetected)",
  255: "Error report",
};

/** The task's name, as event viewers and shippers show it. */
export function taskName(eventId: number): string {
  return TASKS[eventId] ?? "";
}
