import type { Random } from "./random.ts";
import { stableHex } from "./random.ts";
import { utcTime } from "./sample-event.ts";

/** A running process as later events name it. */
export interface SampleProcess {
  readonly guid: string;
  readonly pid: number;
  readonly image: string;
  readonly commandLine: string;
  readonly user: string;
  readonly started: number;
}

export type Fields = Record<string, string>;

const hashCache = new Map<string, string>();

/** Writes the Hashes field of a file: invented values that stay the same for the same file and version. */
export function inventedHashes(file: string, version: string): string {
  const key = `${file.toLowerCase()}|${version}`;
  let hashes = hashCache.get(key);
  if (hashes === undefined) {
    const part = (name: string, digits: number): string =>
      `${name}=${stableHex(`${name}:${key}`, digits).toUpperCase()}`;
    hashes = `${part("MD5", 32)},${part("SHA256", 64)},${part("IMPHASH", 32)}`;
    hashCache.set(key, hashes);
  }
  return hashes;
}

/** Starts an event's fields: Sysmon writes rule and time first. */
export function timed(time: number, first: Fields = {}): Fields {
  return { RuleName: "-", ...first, UtcTime: utcTime(time) };
}

/** The acting process, as most events name it. */
export function actor(process: SampleProcess): Fields {
  return { ProcessGuid: process.guid, ProcessId: String(process.pid), Image: process.image };
}

/** Version resource of an executable or library. */
export interface VersionInfo {
  readonly version: string;
  readonly description: string;
  readonly product: string;
  readonly company: string;
  readonly originalFileName: string;
}

function versionFields(info: VersionInfo): Fields {
  return {
    FileVersion: info.version,
    Description: info.description,
    Product: info.product,
    Company: info.company,
    OriginalFileName: info.originalFileName,
  };
}

/** Event 1. */
export function processCreate(
  process: SampleProcess,
  parent: SampleProcess,
  info: VersionInfo,
  hashes: string,
): Fields {
  const system = process.user.startsWith("NT AUTHORITY");
  const directory = process.image.slice(0, process.image.lastIndexOf("\\") + 1);
  const logon = system ? "3e7" : stableHex(`logon:${process.user}`, 6);
  return {
    ...timed(process.started),
    ...actor(process),
    ...versionFields(info),
    CommandLine: process.commandLine,
    CurrentDirectory: directory === "" ? "C:\\Windows\\system32\\" : directory,
    User: process.user,
    LogonGuid: `${process.guid.slice(0, 9)}-0000-0000-${logon.padStart(4, "0").slice(0, 4).toUpperCase()}-000000000000}`,
    LogonId: `0x${logon}`,
    TerminalSessionId: system ? "0" : "1",
    IntegrityLevel: system ? "System" : "Medium",
    Hashes: hashes,
    ParentProcessGuid: parent.guid,
    ParentProcessId: String(parent.pid),
    ParentImage: parent.image,
    ParentCommandLine: parent.commandLine,
    ParentUser: parent.user,
  };
}

/** Event 5. */
export function processTerminate(process: SampleProcess, time: number): Fields {
  return { ...timed(time), ...actor(process), User: process.user };
}

/** Event 7. */
export function imageLoad(
  process: SampleProcess,
  time: number,
  loaded: string,
  info: VersionInfo,
  hashes: string,
  signed = true,
): Fields {
  return {
    ...timed(time),
    ...actor(process),
    ImageLoaded: loaded,
    ...versionFields(info),
    Hashes: hashes,
    Signed: String(signed),
    Signature: signed ? "Microsoft Windows" : "-",
    SignatureStatus: signed ? "Valid" : "Unavailable",
    User: process.user,
  };
}

export interface Connection {
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
  readonly protocol?: "tcp" | "udp";
  readonly initiated?: boolean;
}

/** Event 3. */
export function networkConnect(process: SampleProcess, time: number, link: Connection): Fields {
  return {
    ...timed(time),
    ...actor(process),
    User: process.user,
    Protocol: link.protocol ?? "tcp",
    Initiated: String(link.initiated ?? true),
    SourceIsIpv6: String(link.sourceIp.includes(":")),
    SourceIp: link.sourceIp,
    SourceHostname: "-",
    SourcePort: String(link.sourcePort),
    SourcePortName: "-",
    DestinationIsIpv6: String(link.destinationIp.includes(":")),
    DestinationIp: link.destinationIp,
    DestinationHostname: "-",
    DestinationPort: String(link.destinationPort),
    DestinationPortName: link.destinationPort === 443 ? "https" : "-",
  };
}

/** Event 22; an unanswered question has status 9003 (name does not exist). */
export function dnsQuery(
  process: SampleProcess,
  time: number,
  name: string,
  results: string | undefined,
): Fields {
  return {
    ...timed(time),
    ProcessGuid: process.guid,
    ProcessId: String(process.pid),
    QueryName: name,
    QueryStatus: results === undefined ? "9003" : "0",
    QueryResults: results ?? "-",
    Image: process.image,
    User: process.user,
  };
}

/** Event 11. */
export function fileCreate(process: SampleProcess, time: number, file: string): Fields {
  return {
    ...timed(time),
    ...actor(process),
    TargetFilename: file,
    CreationUtcTime: utcTime(time),
    User: process.user,
  };
}

/** Events 23 (archived) and 26. */
export function fileDelete(
  process: SampleProcess,
  time: number,
  file: string,
  archived: boolean,
): Fields {
  return {
    ...timed(time),
    ProcessGuid: process.guid,
    ProcessId: String(process.pid),
    User: process.user,
    Image: process.image,
    TargetFilename: file,
    Hashes: inventedHashes(file, "deleted"),
    IsExecutable: "false",
    ...(archived ? { Archived: "true" } : {}),
  };
}

/** Events 12 (no details) and 13. */
export function registryChange(
  process: SampleProcess,
  time: number,
  eventType: "CreateKey" | "DeleteValue" | "SetValue",
  target: string,
  details?: string,
): Fields {
  return {
    ...timed(time, { EventType: eventType }),
    ...actor(process),
    TargetObject: target,
    ...(details === undefined ? {} : { Details: details }),
    User: process.user,
  };
}

/** Event 10. */
export function processAccess(
  source: SampleProcess,
  target: SampleProcess,
  time: number,
  mask: string,
  random: Random,
): Fields {
  const system =
    "C:\\Windows\\SYSTEM32\\ntdll.dll+9d1e4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e";
  return {
    ...timed(time),
    SourceProcessGUID: source.guid,
    SourceProcessId: String(source.pid),
    SourceThreadId: String(random.between(250, 4000) * 4),
    SourceImage: source.image,
    TargetProcessGUID: target.guid,
    TargetProcessId: String(target.pid),
    TargetImage: target.image,
    GrantedAccess: mask,
    CallTrace: system,
    SourceUser: source.user,
    TargetUser: target.user,
  };
}
