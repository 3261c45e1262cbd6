/**
 * Fields by event id, as Sysmon's manifest (schema 4.90) names them. `Hash` of event 15 is called `Hashes` here, and
 * the `…GUID` of event 10 `…Guid`. The reader gives `Hashes` as MD5, SHA1, SHA256 and IMPHASH.
 */
const process = "RuleName UtcTime ProcessGuid ProcessId Image User";
const wmi = "RuleName EventType UtcTime Operation User";
const access =
  "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage SourceUser TargetUser";
const product = "FileVersion Description Product Company OriginalFileName";
const deleted = `${process} TargetFilename Hashes`;

const manifest: Readonly<Record<number, string>> = {
  1: `${process} ${product} CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser`,
  2: `${process} TargetFilename CreationUtcTime PreviousCreationUtcTime`,
  3: `${process} Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`,
  4: "UtcTime State Version SchemaVersion",
  5: process,
  6: "RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus",
  7: `${process} ImageLoaded ${product} Hashes Signed Signature SignatureStatus`,
  8: `${access} NewThreadId StartAddress StartModule StartFunction`,
  9: `${process} Device`,
  10: `${access} SourceThreadId GrantedAccess CallTrace`,
  11: `${process} TargetFilename CreationUtcTime`,
  12: `${process} EventType TargetObject`,
  13: `${process} EventType TargetObject Details`,
  14: `${process} EventType TargetObject NewName`,
  15: `${process} TargetFilename CreationUtcTime Hashes Contents`,
  16: "UtcTime Configuration ConfigurationFileHash",
  17: `${process} EventType PipeName`,
  18: `${process} EventType PipeName`,
  19: `${wmi} EventNamespace Name Query`,
  20: `${wmi} Name Type Destination`,
  21: `${wmi} Consumer Filter`,
  22: `${process} QueryName QueryStatus QueryResults`,
  23: `${deleted} IsExecutable Archived`,
  24: `${process} Session ClientInfo Hashes Archived`,
  25: `${process} Type`,
  26: `${deleted} IsExecutable`,
  27: deleted,
  28: `${deleted} IsExecutable`,
  29: deleted,
  255: "UtcTime ID Description",
};

/** Names of the events, as Sysmon's documentation has them. */
export const eventNames: ReadonlyMap<number, string> = new Map([
  [1, "Process creation"],
  [2, "A process changed a file creation time"],
  [3, "Network connection"],
  [4, "Sysmon service state changed"],
  [5, "Process terminated"],
  [6, "Driver loaded"],
  [7, "Image loaded"],
  [8, "CreateRemoteThread"],
  [9, "RawAccessRead"],
  [10, "ProcessAccess"],
  [11, "FileCreate"],
  [12, "RegistryEvent (object create and delete)"],
  [13, "RegistryEvent (value set)"],
  [14, "RegistryEvent (key and value rename)"],
  [15, "FileCreateStreamHash"],
  [16, "Sysmon configuration changed"],
  [17, "PipeEvent (pipe created)"],
  [18, "PipeEvent (pipe connected)"],
  [19, "WmiEvent (filter)"],
  [20, "WmiEvent (consumer)"],
  [21, "WmiEvent (consumer to filter)"],
  [22, "DNSEvent"],
  [23, "FileDelete (archived)"],
  [24, "ClipboardChange"],
  [25, "ProcessTampering"],
  [26, "FileDeleteDetected"],
  [27, "FileBlockExecutable"],
  [28, "FileBlockShredding"],
  [29, "FileExecutableDetected"],
  [255, "Error"],
]);

/** Lists the hash algorithms that Sysmon computes, as canonical fields. */
export const hashFields: readonly string[] = ["MD5", "SHA1", "SHA256", "IMPHASH"];

/** Canonical fields by event id; `Hashes` is replaced by its algorithms. */
export const sysmonFields: ReadonlyMap<number, readonly string[]> = new Map(
  Object.entries(manifest).map(([id, names]) => [
    Number(id),
    names.split(" ").flatMap((name) => (name === "Hashes" ? hashFields : [name])),
  ]),
);

/** Spellings other than the canonical one, tried in this order in every container. */
export const spellings: Readonly<Record<string, readonly string[]>> = {
  SourceProcessGuid: ["SourceProcessGuid", "SourceProcessGUID"],
  TargetProcessGuid: ["TargetProcessGuid", "TargetProcessGUID"],
  // NXLog writes its severity over Sysmon's own EventType; some pipelines keep the overwritten one beside it.
  EventType: ["EventType", "EventTypeOrignal", "EventTypeOriginal"],
  // Only ever inside the text that holds all hashes.
  MD5: [],
  SHA1: [],
  SHA256: [],
  IMPHASH: [],
};

/** Names of the text that holds all hashes: event 15 called it `Hash` first. */
export const hashListSpellings: readonly string[] = ["Hashes", "Hash"];

/** Values that mean another thing than the field's: NXLog's severities in `EventType`. */
export const foreignValues: Readonly<Record<string, ReadonlySet<string>>> = {
  EventType: new Set([
    "INFO",
    "WARNING",
    "ERROR",
    "CRITICAL",
    "VERBOSE",
    "DEBUG",
    "AUDIT_SUCCESS",
    "AUDIT_FAILURE",
  ]),
};
