import type { Random } from "./random.ts";
import { utcTime } from "./sample-event.ts";
import type { Fields, SampleProcess } from "./sysmon-fields.ts";
import { actor, inventedHashes, timed } from "./sysmon-fields.ts";
import { DRIVERS, PIPES } from "./ordinary-values.ts";

/** What a rare event may be about. */
export interface RareContext {
  readonly process: SampleProcess;
  readonly other: SampleProcess;
  readonly file: string;
  readonly random: Random;
  readonly fill: (template: string) => string;
}

function pipe(eventType: string, time: number, { process, random, fill }: RareContext): Fields {
  const name = fill(random.skewed(PIPES));
  const { ProcessGuid = "", ProcessId = "", Image = "" } = actor(process);
  const shared = timed(time, { EventType: eventType });
  return { ...shared, ProcessGuid, ProcessId, PipeName: name, Image, User: process.user };
}

/** Writes an event of a kind that makes up less than one in a hundred; undefined for another event id. */
export function rareEvent(eventId: number, time: number, context: RareContext): Fields | undefined {
  const { process, other, file, random } = context;
  switch (eventId) {
    case 2:
      return {
        ...timed(time),
        ...actor(process),
        TargetFilename: file,
        CreationUtcTime: utcTime(time - random.between(1, 90) * 86_400_000),
        PreviousCreationUtcTime: utcTime(time - 40),
        User: process.user,
      };
    case 4:
      return { UtcTime: utcTime(time), State: "Started", Version: "15.14", SchemaVersion: "4.90" };
    case 6: {
      const driver = random.skewed(DRIVERS);
      return {
        ...timed(time),
        ImageLoaded: `C:\\Windows\\System32\\drivers\\${driver}`,
        Hashes: inventedHashes(driver, "driver"),
        Signed: "true",
        Signature: "Microsoft Windows",
        SignatureStatus: "Valid",
      };
    }
    case 8:
      return {
        ...timed(time),
        SourceProcessGuid: process.guid,
        SourceProcessId: String(process.pid),
        SourceImage: process.image,
        TargetProcessGuid: other.guid,
        TargetProcessId: String(other.pid),
        TargetImage: other.image,
        NewThreadId: String(random.between(250, 4000) * 4),
        StartAddress: `0x00007FFB${random.hex(8).toUpperCase()}`,
        StartModule: "C:\\Windows\\System32\\KERNELBASE.dll",
        StartFunction: "CtrlRoutine",
        SourceUser: process.user,
        TargetUser: other.user,
      };
    case 9:
      return {
        ...timed(time),
        ...actor(process),
        Device: "\\Device\\HarddiskVolume3",
        User: process.user,
      };
    case 15:
      return {
        ...timed(time),
        ...actor(process),
        TargetFilename: `${file}:Zone.Identifier`,
        CreationUtcTime: utcTime(time),
        Hash: inventedHashes(file, "stream"),
        Contents: "[ZoneTransfer]  ZoneId=3  HostUrl=https://supplier-portal.example/files",
        User: process.user,
      };
    case 17:
      return pipe("CreatePipe", time, context);
    case 18:
      return pipe("ConnectPipe", time, context);
    case 19:
      return {
        ...timed(time, { EventType: "WmiFilterEvent" }),
        Operation: "Created",
        User: process.user,
        EventNamespace: ' "root\\\\cimv2"',
        Name: ' "SCM Event Log Filter"',
        Query: ' "select * from MSFT_SCMEventLogEvent"',
      };
    case 20:
      return {
        ...timed(time, { EventType: "WmiConsumerEvent" }),
        Operation: "Created",
        User: process.user,
        Name: ' "SCM Event Log Consumer"',
        Type: "Event Log",
        Destination: ' "Service Control Manager"',
      };
    case 21:
      return {
        ...timed(time, { EventType: "WmiBindingEvent" }),
        Operation: "Created",
        User: process.user,
        Consumer: ' "NTEventLogEventConsumer.Name=\\"SCM Event Log Consumer\\""',
        Filter: ' "__EventFilter.Name=\\"SCM Event Log Filter\\""',
      };
    case 24:
      return {
        ...timed(time),
        ...actor(process),
        Session: "1",
        ClientInfo: `user: ${process.user}`,
        Hashes: inventedHashes(`clipboard-${random.hex(4)}`, "text"),
        Archived: "true",
        User: process.user,
      };
    case 25:
      return { ...timed(time), ...actor(process), Type: "Image is replaced", User: process.user };
    case 255:
      return {
        UtcTime: utcTime(time),
        ID: "IMAGE_LOAD",
        Description: `Failed to open module for process ${process.image} - Last error: The media is write protected.`,
      };
    default:
      return undefined;
  }
}
