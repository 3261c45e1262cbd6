/** One process as its events show it, and what it did. */
import type { SysmonEvent } from "../schema/index.ts";
import { valuesOf } from "./criteria.ts";
import type { FoundEvent } from "./hunt.ts";

/** A thing that a process did, or that was done to it. */
export interface Activity {
  readonly partition: string;
  readonly position: number;
  readonly eventId: number;
  readonly time: number;
  /** What it is about: a file, a name, an address and port, a key; "" where the event names none. */
  readonly object: string;
  /** Of a thread made in another process, or an access to one: that process, and whether it is the one that acted. */
  readonly other?: { readonly guid: string; readonly image: string; readonly isActor: boolean };
}

export interface ProcessNode {
  readonly guid: string;
  readonly pid: string;
  readonly image: string;
  readonly commandLine: string;
  readonly user: string;
  readonly integrityLevel: string;
  readonly directory: string;
  readonly hashes: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; undefined where its creation, or its end, is not among the events. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** Known from what others say of it alone: its own creation is not among the events. */
  readonly isInferred: boolean;
  readonly parent: string | undefined;
}

const HASHES = ["MD5", "SHA1", "SHA256", "IMPHASH"];

/** A GUID as it is compared: lower case, without braces; undefined for what stands for none. */
export function guidOf(text: string | undefined): string | undefined {
  const guid = text?.replace(/[{}]/g, "").toLowerCase();
  return guid === undefined || /^[0-]*$/.test(guid) ? undefined : guid;
}

/** The GUID in a field of an event. */
export function guidIn(event: SysmonEvent, field: string): string | undefined {
  return guidOf(valuesOf(event, field)[0]);
}

/** What a creation (event 1) says of the process. */
export function created(guid: string, event: SysmonEvent): ProcessNode {
  const first = (field: string): string => valuesOf(event, field)[0] ?? "";
  return {
    guid,
    pid: first("ProcessId"),
    image: first("Image"),
    commandLine: first("CommandLine"),
    user: first("User"),
    integrityLevel: first("IntegrityLevel"),
    directory: first("CurrentDirectory"),
    hashes: Object.fromEntries(
      HASHES.flatMap((name) => (first(name) === "" ? [] : [[name, first(name)]])),
    ),
    start: event.time,
    end: undefined,
    isInferred: false,
    parent: guidIn(event, "ParentProcessGuid"),
  };
}

/** What another event says of a process that it names under a prefix: "", "Parent", "Source" or "Target". */
export function inferred(guid: string, event: SysmonEvent, prefix: string): ProcessNode {
  const first = (field: string): string => valuesOf(event, `${prefix}${field}`)[0] ?? "";
  return {
    guid,
    pid: first("ProcessId"),
    image: first("Image"),
    commandLine: prefix === "Parent" ? first("CommandLine") : "",
    user: first("User"),
    integrityLevel: "",
    directory: "",
    hashes: {},
    start: undefined,
    end: undefined,
    isInferred: true,
    parent: undefined,
  };
}

const OBJECT_FIELDS: Readonly<Record<number, readonly string[]>> = {
  2: ["TargetFilename"],
  7: ["ImageLoaded"],
  9: ["Device"],
  11: ["TargetFilename"],
  12: ["TargetObject"],
  13: ["TargetObject"],
  14: ["TargetObject"],
  15: ["TargetFilename"],
  17: ["PipeName"],
  18: ["PipeName"],
  22: ["QueryName"],
  23: ["TargetFilename"],
  25: ["Type"],
  26: ["TargetFilename"],
  27: ["TargetFilename"],
  28: ["TargetFilename"],
  29: ["TargetFilename"],
};

/** What an event is about, in a few words. */
export function objectOf(event: SysmonEvent): string {
  const first = (field: string): string => valuesOf(event, field)[0] ?? "";
  if (event.eventId === 3) {
    const host = first("DestinationHostname");
    const address = first("DestinationIp");
    const to = host === "" ? address : `${host} (${address})`;
    return `${first("Protocol")} ${to}:${first("DestinationPort")}`.trim();
  }
  return (OBJECT_FIELDS[event.eventId] ?? []).map(first).join(" ");
}

/** An event as an activity of a process that it names. */
export function activityOf(guid: string, { event, partition, position }: FoundEvent): Activity {
  const [source, target] = [guidIn(event, "SourceProcessGuid"), guidIn(event, "TargetProcessGuid")];
  const isActor = source !== guid;
  const other = isActor ? source : target;
  const place = { partition, position, eventId: event.eventId, time: event.time };
  if (other === undefined || (event.eventId !== 8 && event.eventId !== 10)) {
    return { ...place, object: objectOf(event) };
  }
  const image = valuesOf(event, isActor ? "SourceImage" : "TargetImage")[0] ?? "";
  return { ...place, object: image, other: { guid: other, image, isActor } };
}
